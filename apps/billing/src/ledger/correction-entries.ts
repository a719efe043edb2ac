import type { Day, Fen } from '@doorstep/kernel';
import type { Account } from './account';
import { entry, type Entry } from './entry';
import { HOLDINGS, type Purpose } from './held-money';

export interface CorrectedFacts {
  operatorId: string;
  contractId: string;
  correctionId: string;
  chargeId: string;
  siteId: string;
  residentId: string;
  kind: string;
  day: Day;
  /** Differences: what is to be added to what was posted. */
  grossFen: Fen;
  residentFen: Fen;
  operatorFen: Fen;
  funders: { funderId: string; amountFen: Fen }[];
}

/** What a captured charge should have been less what was posted: each part's difference, and the revenue's. */
export function chargeCorrected(corrected: CorrectedFacts): Entry {
  const { operatorId, contractId, siteId, chargeId, residentId, correctionId } = corrected;
  const account = (kind: Account['kind'], by: Partial<Account>): Account => ({
    ...{ operatorId, contractId, kind },
    ...by,
  });
  const of = { chargeId, residentId };
  return entry(
    {
      ...{ operatorId, contractId, day: corrected.day },
      ...{ reason: 'charge_corrected', sourceType: 'correction', sourceId: correctionId },
      idempotencyKey: `correction ${correctionId} posted`,
    },
    [
      { account: account('resident_receivable', { siteId }), amountFen: corrected.residentFen, ...of },
      ...corrected.funders.map(({ funderId, amountFen }) => ({
        account: account('funder_receivable', { funderId }),
        amountFen,
        ...of,
      })),
      { account: account('concession_expense', { siteId }), amountFen: corrected.operatorFen, ...of },
      {
        account: account('service_revenue', { siteId, serviceKind: corrected.kind }),
        amountFen: -corrected.grossFen,
        ...of,
      },
    ],
  );
}

export interface ReleasedFacts {
  operatorId: string;
  contractId: string;
  correctionId: string;
  allocationId: string;
  chargeId: string;
  residentId: string;
  siteId: string;
  day: Day;
  amountFen: Fen;
  /** Of the payment. */
  purpose: Purpose;
}

/** A correction left more paid than is owed: the rest waits as an advance again. */
export function advanceReleased(released: ReleasedFacts): Entry {
  const { operatorId, contractId, siteId, chargeId, residentId, amountFen } = released;
  const holding = HOLDINGS[released.purpose];
  const of = { chargeId, residentId };
  return entry(
    {
      ...{ operatorId, contractId, day: released.day },
      ...{ reason: holding.released, sourceType: 'correction', sourceId: released.correctionId },
      idempotencyKey: `correction ${released.correctionId} released ${released.allocationId}`,
    },
    [
      { account: { operatorId, contractId, kind: 'resident_receivable', siteId }, amountFen, ...of },
      { account: { operatorId, contractId, kind: holding.account }, amountFen: -amountFen, ...of },
    ],
  );
}
