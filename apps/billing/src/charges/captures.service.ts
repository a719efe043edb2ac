import { Injectable } from '@nestjs/common';
import type { DomainEvent, ServiceDelivered } from '@doorstep/contracts';
import { DomainError, type Fen, sumFen } from '@doorstep/kernel';
import { Clock, Database, type Received, type Tx } from '@doorstep/platform';
import { advanceApplied, chargeCaptured as captureEntry, type Entry } from '../ledger/entry';
import { LedgerService } from '../ledger/ledger.service';
import { changeAllocations, lockPayments, type AllocationChange } from '../payments/allocations.queries';
import {
  countersGivenBack,
  summedBudgets,
  summedCounters,
  type BudgetChange,
  type CounterChange,
} from '../programmes/changes';
import { changeBudgets, changeCounters, lockBudgets } from '../programmes/programmes.queries';
import { capture, captureFee, chargeLife, type CapturedCharge, type FeeEvidence } from './charge';
import { chargeCaptured } from './charges.events';
import { DoubtsService } from './doubts.service';
import {
  lockChargesOf,
  noteDeliveries,
  writeCaptures,
  type Captured,
  type DeliveryRow,
  type LockedAllocation,
  type LockedCharge,
} from './endings.queries';

/** What the same transaction gives back of charges that it does not capture: everything is locked in one go. */
export interface GivenBack {
  counters: CounterChange[];
  budgets: BudgetChange[];
  /** Charges whose allocations end; the caller ends them. */
  released: string[];
}

const NOTHING: GivenBack = { counters: [], budgets: [], released: [] };

/** What the capture of a batch changes, gathered before anything is written. */
interface Changes extends GivenBack {
  captured: Captured[];
  entries: Entry[];
  allocations: AllocationChange[];
}

/** Why a charge is captured, and what of it. */
interface Capture {
  result: CapturedCharge;
  evidence: string;
  deliveredMinutes: number;
  /** Left out: nothing that was just received. */
  because?: Received<DomainEvent>;
}

/** A fee instead of a service. */
export interface Fee {
  feeFen: Fen;
  evidence: FeeEvidence;
  because: Received<DomainEvent & { contractId: string }>;
}

/** Posts what was delivered: at most what was authorised, once. */
@Injectable()
export class CapturesService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly ledger: LedgerService,
    private readonly doubts: DoubtsService,
  ) {}

  async capture(batch: readonly Received<ServiceDelivered>[]): Promise<void> {
    const news = new Map(batch.toReversed().map((received) => [received.data.bookingId, received]));
    await this.db.write(async (tx) => {
      const [, , charges] = await Promise.all([
        noteDeliveries(tx, [...news.values()].map(deliveryRow)),
        this.doubts.clear(tx, [...news.keys()]),
        lockChargesOf(tx, [...news.keys()]),
      ]);
      assertAllDecided([...news.keys()], charges);
      const now = this.clock.now();
      const changes = changesBeside(NOTHING);
      // A delivery without an authorised charge stays noted, and shows in the ties as what it is.
      for (const charge of charges.filter(({ status }) => chargeLife.allows(status, 'capture'))) {
        const because = news.get(charge.bookingId) as Received<ServiceDelivered>;
        const { minutes: deliveredMinutes, evidence } = because.data;
        const result = capture(authorised(charge), deliveredMinutes);
        const moved = movedAlong(charge, because.data.contractId);
        this.captureOne(tx, moved, { result, evidence, deliveredMinutes, because }, changes, now);
      }
      await this.write(tx, changes, now);
    });
  }

  /** Posts charges that the same transaction has authorised, whole. */
  async captureAuthorised(
    tx: Tx,
    services: readonly { bookingId: string; minutes: number; evidence: string }[],
  ): Promise<void> {
    const byBooking = new Map(services.map((service) => [service.bookingId, service]));
    const now = this.clock.now();
    const changes = changesBeside(NOTHING);
    for (const charge of await lockChargesOf(tx, [...byBooking.keys()])) {
      const { minutes: deliveredMinutes, evidence } = byBooking.get(
        charge.bookingId,
      ) as (typeof services)[number];
      const result = capture(authorised(charge), deliveredMinutes);
      this.captureOne(tx, charge, { result, evidence, deliveredMinutes }, changes, now);
    }
    await this.write(tx, changes, now);
  }

  /** Posts fees of locked, authorised charges whose bookings ended without a service, beside what others give back. */
  async captureFees(
    tx: Tx,
    charges: readonly LockedCharge[],
    feeOf: (charge: LockedCharge) => Fee,
    givenBack: GivenBack,
  ): Promise<void> {
    const now = this.clock.now();
    const changes = changesBeside(givenBack);
    for (const charge of charges) {
      const { feeFen, evidence, because } = feeOf(charge);
      const fee = { result: captureFee(authorised(charge), feeFen), evidence, deliveredMinutes: 0, because };
      this.captureOne(tx, movedAlong(charge, because.data.contractId), fee, changes, now);
    }
    await this.write(tx, changes, now);
  }

  private captureOne(
    tx: Tx,
    charge: LockedCharge,
    { result, evidence, deliveredMinutes, because }: Capture,
    changes: Changes,
    now: Date,
  ): void {
    const { id: chargeId, operatorId, contractId, siteId, bookingId, residentId, kind, serviceDay } = charge;
    const shares = charge.shares.map((share, index) => ({ ...share, capturedFen: result.sharesFen[index] }));
    const allocations = applyAdvances(charge, result.residentFen);
    const paidFen = sumFen(allocations.map(({ amountFen }) => amountFen));
    const funders = shares.filter(({ payer, capturedFen }) => payer === 'funder' && capturedFen > 0);
    const amounts = amountsOf(result);
    const facts = { operatorId, contractId, siteId, bookingId, residentId, kind, chargeId, ...amounts };

    changes.captured.push({
      ...amounts,
      ...{ id: chargeId, operatorId, contractId, serviceDay },
      version: charge.version + 1,
      evidence,
      deliveredMinutes,
      billedMinutes: result.billedMinutes,
      paidFen,
      // Most cost what they were authorised for, and a trace is long.
      trace: result.trace === charge.trace ? undefined : result.trace,
      shares: shares.map(({ id, capturedFen }) => ({ id, capturedFen })),
    });
    changes.entries.push(
      captureEntry({
        ...facts,
        day: serviceDay,
        funders: funders.map(({ terms, capturedFen }) => ({
          funderId: terms.funderId,
          amountFen: capturedFen,
        })),
      }),
      ...allocations
        .filter(({ amountFen }) => amountFen > 0)
        .map(({ id, purpose, amountFen }) =>
          advanceApplied({ ...facts, day: serviceDay, purpose, allocationId: id, amountFen }),
        ),
    );
    changes.allocations.push(...allocations);
    for (const { terms, budgetId, reservedFen, capturedFen } of shares) {
      changes.budgets.push({ id: budgetId, reservedFen: -reservedFen, spentFen: capturedFen });
      if (capturedFen === reservedFen) continue;
      const given = { fen: reservedFen - capturedFen, uses: capturedFen === 0 ? 1 : 0 };
      const by = { terms, residentId, day: serviceDay };
      changes.counters.push(...countersGivenBack(by, given));
    }
    const told = funders.map(({ terms, capturedFen }) => ({
      programmeId: terms.programmeId,
      funderId: terms.funderId,
      amountFen: capturedFen,
    }));
    tx.tell(chargeCaptured({ ...facts, serviceDay, version: charge.version + 1, at: now, funders: told }), {
      because,
    });
  }

  /**
   * First what waits for nobody: a batch's entries are most of its work, and nobody should wait for a budget meanwhile. Then
   * what others may hold, in the order that everybody keeps: counters, budgets, payments, accounts that are opened.
   */
  private async write(tx: Tx, changes: Changes, now: Date): Promise<void> {
    const { captured, entries, allocations, released } = changes;
    const budgets = summedBudgets(changes.budgets);
    const freeing = allocations.filter(({ freedFen }) => freedFen > 0).map(({ paymentId }) => paymentId);
    const waitsForNobody = this.ledger.knowsAccountsOf(entries);
    await Promise.all([
      writeCaptures(tx, captured, now),
      waitsForNobody && this.ledger.post(tx, entries),
      changeCounters(tx, summedCounters(changes.counters), { lockFirst: true }),
      lockBudgets(
        tx,
        budgets.map(({ id }) => id),
      ),
      changeBudgets(tx, budgets),
      lockPayments(tx, freeing, released),
      changeAllocations(tx, allocations, 'service_cost_less', now),
      !waitsForNobody && this.ledger.post(tx, entries),
    ]);
  }
}

function changesBeside(givenBack: GivenBack): Changes {
  const { counters, budgets, released } = givenBack;
  return {
    counters: [...counters],
    budgets: [...budgets],
    released,
    captured: [],
    entries: [],
    allocations: [],
  };
}

/**
 * Money paid ahead meets the service. When the service cost less than was authorised, what is too much goes back to its
 * payment's advance, from the latest allocation on.
 */
function applyAdvances(
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

function authorised(charge: LockedCharge) {
  return {
    tariff: {
      ...{ unit: charge.unit, amountFen: charge.unitFen, stepMinutes: charge.stepMinutes },
      spans: charge.spans,
    },
    quantity: charge.quantity,
    plannedMinutes: charge.plannedMinutes,
    shares: charge.shares,
    trace: charge.trace,
    split: charge,
  };
}

function amountsOf({ grossFen, residentFen, fundersFen, operatorFen }: CapturedCharge) {
  return { grossFen, residentFen, fundersFen, operatorFen };
}

/**
 * A site may have passed to another contract since the booking was made: what is charged is the other contract's. Only what
 * money pays for that is held under the former one, a prepayment, card or package, stays there.
 */
function movedAlong(charge: LockedCharge, contractId: string): LockedCharge {
  return charge.packageId !== null || charge.allocations.length > 0 ? charge : { ...charge, contractId };
}

/** Bookings confirms only what billing has authorised, so an undecided charge means that news is still on its way. */
function assertAllDecided(bookingIds: readonly string[], charges: readonly LockedCharge[]): void {
  const decided = new Set(
    charges.filter(({ status }) => status !== 'pending').map(({ bookingId }) => bookingId),
  );
  const undecided = bookingIds.find((id) => !decided.has(id));
  if (undecided === undefined) return;
  throw new DomainError(
    'conflict',
    'charge_undecided',
    `Booking ${undecided} is delivered before its charge is decided.`,
    {
      mend: 'Its key waits until the held booking has arrived and is priced.',
    },
  );
}

function deliveryRow({ id, time, data }: Received<ServiceDelivered>): DeliveryRow {
  return {
    booking_id: data.bookingId,
    operator_id: data.operatorId,
    contract_id: data.contractId,
    site_id: data.siteId,
    kind: data.kind,
    service_day: data.serviceDay,
    minutes: data.minutes,
    evidence: data.evidence,
    caregiver_id: data.caregiverId,
    event_id: id,
    delivered_at: time,
  };
}
