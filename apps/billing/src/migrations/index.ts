import type { Migration } from '@doorstep/platform';
import { Known1767000000001 } from './1767000000001-known';
import { Prices1767000000002 } from './1767000000002-prices';
import { Programmes1767000000003 } from './1767000000003-programmes';
import { Charges1767000000004 } from './1767000000004-charges';
import { Ledger1767000000005 } from './1767000000005-ledger';
import { Payments1767000000006 } from './1767000000006-payments';
import { Settlement1767000000007 } from './1767000000007-settlement';
import { Claims1767000000008 } from './1767000000008-claims';
import { Journal1767000000020 } from './1767000000020-journal';
import { Invoices1767000000021 } from './1767000000021-invoices';
import { Dunning1767000000022 } from './1767000000022-dunning';
import { ClaimAnswers1767000000023 } from './1767000000023-claim-answers';
import { Statements1767000000030 } from './1767000000030-statements';
import { Matches1767000000031 } from './1767000000031-matches';
import { Periods1767000000032 } from './1767000000032-periods';
import { ReRatings1767000000040 } from './1767000000040-re-ratings';
import { MonthlyFees1767000000041 } from './1767000000041-monthly-fees';
import { WithdrawnPrices1767000000042 } from './1767000000042-withdrawn-prices';
import { SiteRatings1767000000060 } from './1767000000060-site-ratings';
import { ReadModels1767000000061 } from './1767000000061-read-models';
import { Registration1767000000061 } from './1767000000061-registration';
import { PriceBands1767000000070 } from './1767000000070-price-bands';
import { PrepaidCards1767000000071 } from './1767000000071-prepaid-cards';
import { Packages1767000000072 } from './1767000000072-packages';
import { Deposits1767000000073 } from './1767000000073-deposits';
import { LedgerPlans1767000000074 } from './1767000000074-ledger-plans';
import { ClaimNumbers1767000000080 } from './1767000000080-claim-numbers';
import { ExpectedCuts1767000000081 } from './1767000000081-expected-cuts';
import { ResidentMerges1767000000090 } from './1767000000090-resident-merges';
import { OpenDays1767000000091 } from './1767000000091-open-days';
import { ReRatingSlices1767000000092 } from './1767000000092-re-rating-slices';
import { PoliciesById1767000000100 } from './1767000000100-policies-by-id';
import { VisitDoubts1767000000110 } from './1767000000110-visit-doubts';
import { SettlementPlans1767000000120 } from './1767000000120-settlement-plans';
import { SettlementStatistics1767000000121 } from './1767000000121-settlement-statistics';
import { SettlementRanges1767000000122 } from './1767000000122-settlement-ranges';
import { ContractMoney1767000000130 } from './1767000000130-contract-money';
import { MonthsBefore1767000000140 } from './1767000000140-months-before';
import { PackageWishes1767000000150 } from './1767000000150-package-wishes';
import { ContractSettlements1767000000160 } from './1767000000160-contract-settlements';
import { PaidBackToFunders1767000000170 } from './1767000000170-paid-back-to-funders';
import { ExpiryNotices1767000000190 } from './1767000000190-expiry-notices';
import { SettledElsewhere1767000000170 } from './1767000000170-settled-elsewhere';
import { CorrectedCuts1767000000200 } from './1767000000200-corrected-cuts';
import { ReplacedBookings1767000000210 } from './1767000000210-replaced-bookings';
import { EmptyStatements1767000000220 } from './1767000000220-empty-statements';
import { ProposedClosings1767000000250 } from './1767000000250-proposed-closings';
import { CancelledRemittances1767000000260 } from './1767000000260-cancelled-remittances';
import { RestsOfLines1767000000270 } from './1767000000270-rests-of-lines';
import { ReservationDays1767000000300 } from './1767000000300-reservation-days';
import { VoidedPayments1767000000310 } from './1767000000310-voided-payments';
import { LinksByTheDatabase1767000000320 } from './1767000000320-links-by-the-database';
import { FourWayIndexes1767000000340 } from './1767000000340-four-way-indexes';
import { ProposedVoids1767000000350 } from './1767000000350-proposed-voids';

/** Oldest first. */
export const migrations: Migration[] = [
  Known1767000000001,
  Prices1767000000002,
  Programmes1767000000003,
  Charges1767000000004,
  Ledger1767000000005,
  Payments1767000000006,
  Settlement1767000000007,
  Claims1767000000008,
  Journal1767000000020,
  Invoices1767000000021,
  Dunning1767000000022,
  ClaimAnswers1767000000023,
  Statements1767000000030,
  Matches1767000000031,
  Periods1767000000032,
  ReRatings1767000000040,
  MonthlyFees1767000000041,
  WithdrawnPrices1767000000042,
  SiteRatings1767000000060,
  ReadModels1767000000061,
  Registration1767000000061,
  PriceBands1767000000070,
  PrepaidCards1767000000071,
  Packages1767000000072,
  Deposits1767000000073,
  LedgerPlans1767000000074,
  ClaimNumbers1767000000080,
  ExpectedCuts1767000000081,
  ResidentMerges1767000000090,
  OpenDays1767000000091,
  ReRatingSlices1767000000092,
  PoliciesById1767000000100,
  VisitDoubts1767000000110,
  SettlementPlans1767000000120,
  SettlementStatistics1767000000121,
  SettlementRanges1767000000122,
  ContractMoney1767000000130,
  MonthsBefore1767000000140,
  PackageWishes1767000000150,
  ContractSettlements1767000000160,
  PaidBackToFunders1767000000170,
  ExpiryNotices1767000000190,
  SettledElsewhere1767000000170,
  CorrectedCuts1767000000200,
  ReplacedBookings1767000000210,
  EmptyStatements1767000000220,
  ProposedClosings1767000000250,
  CancelledRemittances1767000000260,
  RestsOfLines1767000000270,
  ReservationDays1767000000300,
  VoidedPayments1767000000310,
  LinksByTheDatabase1767000000320,
  FourWayIndexes1767000000340,
  ProposedVoids1767000000350,
];
