import { Injectable } from '@nestjs/common';
import type { DomainEvent, ServiceDelivered } from '@doorstep/contracts';
import { DomainError, type Fen } from '@doorstep/kernel';
import { Clock, Database, type Received, type Tx } from '@doorstep/platform';
import { LedgerService } from '../ledger/ledger.service';
import { changeAllocations, lockPayments } from '../payments/allocations.queries';
import { summedBudgets, summedCounters } from '../programmes/changes';
import { changeBudgets, changeCounters, lockBudgets } from '../programmes/programmes.queries';
import type { TraceLine } from '../programmes/split';
import { CaptureChanges, type GivenBack } from './capture-changes';
import {
  capture,
  captureFee,
  chargeLife,
  costsLess,
  type AuthorisedCharge,
  type FeeEvidence,
} from './charge';
import { DoubtsService } from './doubts.service';
import {
  lockChargesOf,
  noteDeliveries,
  tracesOf,
  writeCaptures,
  type Delivery,
  type LockedCharge,
} from './endings.queries';

/** A service that was delivered, and the charge for it. */
interface Delivered {
  charge: LockedCharge;
  minutes: number;
  evidence: string;
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
        noteDeliveries(tx, [...news.values()].map(deliveryOf)),
        this.doubts.clear(tx, [...news.keys()]),
        lockChargesOf(tx, [...news.keys()]),
      ]);
      assertAllDecided([...news.keys()], charges);
      // A delivery without an authorised charge stays noted, and shows in the ties as what it is.
      const due = charges.filter(({ status }) => chargeLife.allows(status, 'capture'));
      const delivered = due.map((charge): Delivered => {
        const because = news.get(charge.bookingId) as Received<ServiceDelivered>;
        const { contractId, minutes, evidence } = because.data;
        return { charge: movedAlong(charge, contractId), minutes, evidence, because };
      });
      await this.captureDelivered(tx, delivered);
    });
  }

  /** Posts charges that the same transaction has authorised, whole. */
  async captureAuthorised(
    tx: Tx,
    services: readonly { bookingId: string; minutes: number; evidence: string }[],
  ): Promise<void> {
    const byBooking = new Map(services.map((service) => [service.bookingId, service]));
    const charges = await lockChargesOf(tx, [...byBooking.keys()]);
    const delivered = charges.map((charge): Delivered => {
      const { minutes, evidence } = byBooking.get(charge.bookingId) as (typeof services)[number];
      return { charge, minutes, evidence };
    });
    await this.captureDelivered(tx, delivered);
  }

  private async captureDelivered(tx: Tx, delivered: readonly Delivered[]): Promise<void> {
    const now = this.clock.now();
    const changes = new CaptureChanges();
    const less = delivered.filter(({ charge, minutes }) => costsLess(stayOf(charge), minutes));
    const traces = await tracesOf(
      tx,
      less.map(({ charge }) => charge.id),
    );
    for (const { charge, minutes: deliveredMinutes, evidence, because } of delivered) {
      const trace = traces.get(charge.id);
      const result = capture(authorised(charge, trace), deliveredMinutes);
      const isLess = trace !== undefined;
      const told = changes.add(charge, { result, isLess, evidence, deliveredMinutes }, now);
      tx.tell(told, { because });
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
    const changes = new CaptureChanges(givenBack);
    const traces = await tracesOf(
      tx,
      charges.map(({ id }) => id),
    );
    for (const charge of charges) {
      const { feeFen, evidence, because } = feeOf(charge);
      const result = captureFee(authorised(charge, traces.get(charge.id)), feeFen);
      const fee = { result, isLess: true, evidence, deliveredMinutes: 0 };
      const told = changes.add(movedAlong(charge, because.data.contractId), fee, now);
      tx.tell(told, { because });
    }
    await this.write(tx, changes, now);
  }

  /**
   * First what waits for nobody: a batch's entries are most of its work, and nobody should wait for a budget meanwhile. Then
   * what others may hold, in the order that everybody keeps: counters, budgets, payments, accounts that are opened.
   */
  private async write(tx: Tx, changes: CaptureChanges, now: Date): Promise<void> {
    const { captured, shares, entries, allocations, released } = changes;
    const budgets = summedBudgets(changes.budgets);
    const freeing = allocations.filter(({ freedFen }) => freedFen > 0).map(({ paymentId }) => paymentId);
    const waitsForNobody = this.ledger.knowsAccountsOf(entries);
    await Promise.all([
      writeCaptures(tx, captured, shares, now),
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

/** Without its trace it can only be captured as it was authorised. */
function authorised(charge: LockedCharge, trace: TraceLine[] = []): AuthorisedCharge {
  const { tariff, quantity, plannedMinutes, split } = stayOf(charge);
  return { tariff, quantity, plannedMinutes, shares: charge.shares, trace, split };
}

function stayOf(charge: LockedCharge) {
  const { unit, unitFen: amountFen, stepMinutes, spans, quantity, plannedMinutes } = charge;
  return { tariff: { unit, amountFen, stepMinutes, spans }, quantity, plannedMinutes, split: charge };
}

/**
 * A site may have passed to another contract since the booking was made: what is charged is the other contract's. Only what
 * money pays for that is held under the former one, a prepayment, card or package, stays there.
 */
function movedAlong(charge: LockedCharge, contractId: string): LockedCharge {
  if (charge.contractId === contractId) return charge;
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

function deliveryOf({ id: eventId, time, data }: Received<ServiceDelivered>): Delivery {
  const { bookingId, operatorId, contractId, siteId, kind, serviceDay, minutes, evidence, caregiverId } =
    data;
  return {
    bookingId,
    operatorId,
    contractId,
    siteId,
    kind,
    serviceDay,
    minutes,
    evidence,
    caregiverId,
    eventId,
    deliveredAt: time.toISOString(),
  };
}
