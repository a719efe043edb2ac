import { type Fen, sumFen } from '@doorstep/kernel';
import { advanceApplied, chargeCaptured as captureEntry, type Entry } from '../ledger/entry';
import type { AllocationChange } from '../payments/allocations.queries';
import { countersGivenBack, type BudgetChange, type CounterChange } from '../programmes/changes';
import type { CapturedCharge } from './charge';
import { chargeCaptured, type FundersPart } from './charges.events';
import type { Captured, CapturedShare, LockedAllocation, LockedCharge } from './endings.queries';

/** What the same transaction gives back of charges that it does not capture: everything is locked in one go. */
export interface GivenBack {
  counters: readonly CounterChange[];
  budgets: readonly BudgetChange[];
  /** Charges whose allocations end; the caller ends them. */
  released: readonly string[];
}

const NOTHING: GivenBack = { counters: [], budgets: [], released: [] };

/** Why a charge is captured, and what of it. */
export interface Capture {
  result: CapturedCharge;
  /** Whether it is another split than the authorised one. */
  isLess: boolean;
  evidence: string;
  deliveredMinutes: number;
}

/**
 * What the captures of a batch change, gathered before anything is written. Every delivered service comes through here, so
 * objects are written down whole, property by property: copies that were added to were a third of what a capture left to be
 * cleaned up.
 */
export class CaptureChanges {
  readonly captured: Captured[] = [];
  readonly shares: CapturedShare[] = [];
  readonly entries: Entry[] = [];
  readonly allocations: AllocationChange[] = [];
  readonly counters: CounterChange[];
  readonly budgets: BudgetChange[];
  readonly released: readonly string[];

  /** @param beside what goes on in the same transaction */
  constructor(beside = NOTHING) {
    this.counters = [...beside.counters];
    this.budgets = [...beside.budgets];
    this.released = beside.released;
  }

  /** @returns what is to be told of it */
  add(charge: LockedCharge, { result, isLess, evidence, deliveredMinutes }: Capture, at: Date) {
    const { id: chargeId, operatorId, contractId, siteId, bookingId, residentId, kind, serviceDay } = charge;
    const { grossFen, residentFen, fundersFen, operatorFen, billedMinutes } = result;
    const version = charge.version + 1;
    const funders = this.takeShares(charge, result.sharesFen);
    const facts = {
      operatorId,
      chargeId,
      bookingId,
      version,
      at,
      contractId,
      siteId,
      residentId,
      kind,
      serviceDay,
      day: serviceDay,
      grossFen,
      residentFen,
      fundersFen,
      operatorFen,
      funders,
    };
    this.entries.push(captureEntry(facts));
    this.captured.push({
      id: chargeId,
      version,
      evidence,
      deliveredMinutes,
      billedMinutes,
      grossFen,
      residentFen,
      fundersFen,
      operatorFen,
      paidFen: this.applyAdvances(charge, residentFen),
      // Most cost what they were authorised for, and a trace is long.
      trace: isLess ? JSON.stringify(result.trace) : undefined,
      operatorId,
      contractId,
      serviceDay,
    });
    return chargeCaptured(facts);
  }

  /** What each programme's share comes to. @returns what funders owe of it */
  private takeShares(charge: LockedCharge, sharesFen: readonly Fen[]): FundersPart[] {
    const { shares, residentId, serviceDay: day } = charge;
    const funders: FundersPart[] = [];
    for (const [index, { id, terms, payer, budgetId, reservedFen }] of shares.entries()) {
      const capturedFen = sharesFen[index];
      this.shares.push({ id, capturedFen });
      this.budgets.push({ id: budgetId, reservedFen: -reservedFen, spentFen: capturedFen });
      if (payer === 'funder' && capturedFen > 0)
        funders.push({ programmeId: terms.programmeId, funderId: terms.funderId, amountFen: capturedFen });
      if (capturedFen === reservedFen) continue;
      const given = { fen: reservedFen - capturedFen, uses: capturedFen === 0 ? 1 : 0 };
      this.counters.push(...countersGivenBack({ terms, residentId, day }, given));
    }
    return funders;
  }

  /** Money paid ahead meets the service. @returns how much of it */
  private applyAdvances(charge: LockedCharge, residentFen: Fen): Fen {
    if (charge.allocations.length === 0) return 0;
    const { id: chargeId, operatorId, contractId, siteId, residentId, serviceDay: day } = charge;
    const of = { operatorId, contractId, siteId, chargeId, residentId, day };
    const allocations = appliedAdvances(charge, residentFen);
    this.allocations.push(...allocations);
    for (const { id: allocationId, purpose, amountFen } of allocations)
      if (amountFen > 0) this.entries.push(advanceApplied({ ...of, purpose, allocationId, amountFen }));
    return sumFen(allocations.map(({ amountFen }) => amountFen));
  }
}

/**
 * When the service cost less than was authorised, what is too much goes back to its payment's advance, from the latest
 * allocation on.
 */
function appliedAdvances(
  { allocations }: LockedCharge,
  residentFen: number,
): (AllocationChange & Pick<LockedAllocation, 'purpose'>)[] {
  let openFen = residentFen;
  return allocations.map(({ id, paymentId, purpose, amountFen }) => {
    const usedFen = Math.min(amountFen, openFen);
    openFen -= usedFen;
    return { id, paymentId, purpose, amountFen: usedFen, freedFen: amountFen - usedFen, applied: true };
  });
}
