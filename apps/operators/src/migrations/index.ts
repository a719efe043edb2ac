import type { Migration } from '@doorstep/platform';
import { Accounts1763900000002 } from './accounts';
import { Amendments1763900000006 } from './amendments';
import { Audit1763900000005 } from './audit';
import { Branches1763900000007 } from './branches';
import { CareAttendance1763900000120 } from './care-attendance';
import { CareDays1763900000130 } from './care-days';
import { Complaints1763900000011 } from './complaints';
import { ContractMoney1763900000130 } from './contract-money';
import { Contracts1763900000003 } from './contracts';
import { Inspections1763900000010 } from './inspections';
import { Licences1763900000008 } from './licences';
import { OfferingLicences1763900000013 } from './offering-licences';
import { Organisations1763900000001 } from './organisations';
import { Rosters1763900000012 } from './rosters';
import { Portfolio1763900000030 } from './portfolio';
import { PortfolioPeople1763900000160 } from './portfolio-people';
import { RegionSuccessors1763900000150 } from './region-successors';
import { RentCosts1763900000140 } from './rent-costs';
import { Staff1763900000004 } from './staff';
import { ReadModels1763900000040 } from './read-models';
import { ResidentMerges1763900000050 } from './resident-merges';
import { PortfolioCosts1763900000060 } from './portfolio-costs';
import { AuditCodes1763900000080 } from './audit-codes';
import { AuditPeople1763900000180 } from './audit-people';
import { TouchedPlacements1763900000170 } from './touched-placements';
import { PlacedCapacity1763900000100 } from './placed-capacity';
import { Placements1763900000090 } from './placements';
import { PoliciesById1763900000070 } from './policies-by-id';

/** Oldest first. */
export const migrations: Migration[] = [
  Organisations1763900000001,
  Accounts1763900000002,
  Contracts1763900000003,
  Staff1763900000004,
  Audit1763900000005,
  Amendments1763900000006,
  Branches1763900000007,
  Licences1763900000008,
  Inspections1763900000010,
  Complaints1763900000011,
  Rosters1763900000012,
  OfferingLicences1763900000013,
  Portfolio1763900000030,
  ReadModels1763900000040,
  ResidentMerges1763900000050,
  PortfolioCosts1763900000060,
  PoliciesById1763900000070,
  AuditCodes1763900000080,
  Placements1763900000090,
  PlacedCapacity1763900000100,
  CareAttendance1763900000120,
  ContractMoney1763900000130,
  CareDays1763900000130,
  RentCosts1763900000140,
  RegionSuccessors1763900000150,
  PortfolioPeople1763900000160,
  TouchedPlacements1763900000170,
  AuditPeople1763900000180,
];
