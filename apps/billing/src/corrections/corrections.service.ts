import { Injectable } from '@nestjs/common';
import { ChargeCorrected, event } from '@doorstep/contracts';
import { assert, DomainError, newId, sumFen, type Day } from '@doorstep/kernel';
import { Clock, currentActor, type Tx } from '@doorstep/platform';
import { advanceReleased, chargeCorrected } from '../ledger/correction-entries';
import type { Entry } from '../ledger/entry';
import { LedgerService } from '../ledger/ledger.service';
import { giveUsesBack } from '../packages/uses.queries';
import { changeAllocations, type AllocationChange } from '../payments/allocations.queries';
import { freed, fundersFenOf, type CorrectionReason, type Difference } from './correction';
import {
  lockCharges,
  writeCorrections,
  type CorrectableCharge,
  type CorrectionRow,
  type ShareCorrectionRow,
} from './corrections.queries';

export interface Cause {
  reason: CorrectionReason;
  /** What makes the corrections, such as a credit note; the same one corrects a charge once. */
  sourceType: string;
  sourceId: string;
  /** Day that they belong to; a closed month's are booked on the next open day. */
  day: Day;
}

interface Made {
  rows: CorrectionRow[];
  shares: ShareCorrectionRow[];
  entries: Entry[];
  changes: AllocationChange[];
  freed: { chargeId: string; freedFen: number }[];
  /** Charges of which nothing is left to pay: the use of a package that they took is free again. */
  nothingOwed: string[];
}

/** Adds differences to captured charges: the rows, the ledger's entries and what was paid too much, in one transaction. */
@Injectable()
export class CorrectionsService {
  constructor(
    private readonly clock: Clock,
    private readonly ledger: LedgerService,
  ) {}

  /** One difference per charge. Locks the charges; their payments after them. */
  async post(tx: Tx, cause: Cause, differences: readonly Difference[]): Promise<void> {
    if (differences.length === 0) return;
    const byId = new Map(differences.map((difference) => [difference.chargeId, difference]));
    assert(byId.size === differences.length, 'a cause corrects each charge once');
    const charges = await lockCharges(tx, [...byId.keys()]);
    assert(charges.length === byId.size, 'every charge to be corrected is there');
    const now = this.clock.now();
    const made: Made = { rows: [], shares: [], entries: [], changes: [], freed: [], nothingOwed: [] };
    for (const charge of charges) {
      if (charge.status !== 'captured') throw notCaptured(charge);
      this.correct(tx, charge, byId.get(charge.id) as Difference, cause, made, now);
    }
    await writeCorrections(tx, made.rows, made.shares, made.freed);
    await changeAllocations(tx, made.changes, 'charge_corrected', now);
    await giveUsesBack(tx, made.nothingOwed);
    await this.ledger.post(tx, made.entries);
  }

  private correct(
    tx: Tx,
    charge: CorrectableCharge,
    difference: Difference,
    cause: Cause,
    made: Made,
    now: Date,
  ): void {
    const { operatorId, contractId, id: chargeId } = charge;
    const fundersFen = fundersFenOf(difference);
    const day = difference.day ?? cause.day;
    const correctionId = newId();
    made.rows.push({
      ...{ id: correctionId, operator_id: operatorId, contract_id: contractId, charge_id: chargeId },
      ...{ reason: cause.reason, source_type: cause.sourceType, source_id: cause.sourceId },
      ...{ gross_fen: difference.grossFen, resident_fen: difference.residentFen, funders_fen: fundersFen },
      ...{ operator_fen: difference.operatorFen, booked_on: day },
      ...{ made_by: currentActor().id, made_at: now },
    });
    made.shares.push(
      ...difference.shares.map(({ programmeId, funderId, payer, amountFen }) => ({
        ...{ correction_id: correctionId, operator_id: operatorId, charge_id: chargeId },
        ...{ programme_id: programmeId, funder_id: funderId, payer, amount_fen: amountFen },
      })),
    );
    const facts = { ...charge, correctionId, chargeId, day };
    const funders = difference.shares.filter(({ payer }) => payer === 'funder');
    const { grossFen, residentFen, operatorFen } = difference;
    made.entries.push(chargeCorrected({ ...facts, grossFen, residentFen, operatorFen, funders }));
    this.release(facts, charge.residentFen + residentFen, made);
    tx.tell(
      event(ChargeCorrected, {
        ...{ operatorId, chargeId, bookingId: charge.bookingId, contractId, siteId: charge.siteId },
        ...{ residentId: charge.residentId, kind: charge.kind, serviceDay: charge.serviceDay },
        ...{ reason: cause.reason, grossFen, residentFen, fundersFen, operatorFen },
        funders: funders.map(({ programmeId, funderId, amountFen }) => ({
          programmeId,
          funderId,
          amountFen,
        })),
        ...{ version: charge.version + 1, at: now.toISOString() },
      }),
    );
  }

  /** What is paid beyond what is owed now waits as an advance of its payment again. */
  private release(
    facts: CorrectableCharge & { correctionId: string; chargeId: string; day: Day },
    owedFen: number,
    made: Made,
  ): void {
    if (owedFen === 0 && facts.packageId !== null) made.nothingOwed.push(facts.chargeId);
    const taken = freed(facts.allocations, owedFen);
    const touched = facts.allocations
      .map((allocation, index) => ({ ...allocation, freedFen: taken[index] }))
      .filter(({ freedFen }) => freedFen > 0);
    for (const { id, paymentId, purpose, amountFen, freedFen, applied } of touched) {
      made.changes.push({ id, paymentId, amountFen: amountFen - freedFen, freedFen, applied });
      made.entries.push(advanceReleased({ ...facts, purpose, allocationId: id, amountFen: freedFen }));
    }
    if (touched.length > 0)
      made.freed.push({ chargeId: facts.chargeId, freedFen: sumFen(touched.map((t) => t.freedFen)) });
  }
}

function notCaptured({ id, status }: CorrectableCharge): DomainError {
  return new DomainError('conflict', 'charge_not_captured', `Charge ${id} is ${status}, not captured.`, {
    mend: 'Only what was delivered and posted is corrected.',
  });
}
