import type { Day, Fen } from '@doorstep/kernel';
import { entry, partsOfCharge, type CapturedFacts, type Entry } from './entry';
import { HOLDINGS, type Purpose } from './held-money';

/** Differences: what is to be added to what was posted. */
export interface CorrectedFacts extends CapturedFacts {
  correctionId: string;
}

/** What a captured charge should have been less what was posted: each part's difference, and the revenue's. */
export function chargeCorrected(corrected: CorrectedFacts): Entry {
  const { operatorId, contractId, correctionId, day } = corrected;
  return entry(
    {
      ...{ operatorId, contractId, day },
      ...{ reason: 'charge_corrected', sourceType: 'correction', sourceId: correctionId },
      idempotencyKey: `correction ${correctionId} posted`,
    },
    partsOfCharge(corrected),
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
