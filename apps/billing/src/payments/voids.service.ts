import { Injectable } from '@nestjs/common';
import { newId, notFound } from '@doorstep/kernel';
import { Clock, currentActor, Database, type Tx } from '@doorstep/platform';
import { lockChargesOf, type LockedCharge } from '../charges/endings.queries';
import { LateService } from '../exceptions/late.service';
import { endExceptionsOf, type Voided } from '../exceptions/voided.queries';
import { advanceApplied } from '../ledger/entry';
import { LedgerService } from '../ledger/ledger.service';
import { paymentVoided, refundVoided } from '../ledger/void-entries';
import { withdrawExpected } from '../matches/expected.queries';
import { beginMatch, overtakeSuggestions } from '../matches/matches.queries';
import { beginMatching } from '../reconciliations/matching.queries';
import { siteScopeOf } from '../shared/actor.scope';
import { chinaDay } from '../shared/days';
import { refusing } from '../shared/refusals';
import { addAllocations, takeOut } from './allocations.queries';
import { deal, payableOf } from './payment';
import type { CorrectPaymentDto, PaymentDto, VoidPaymentDto } from './payments.dto';
import { lockPayment, type LockedPayment } from './payments.queries';
import { notAhead, paymentExists, PaymentsService } from './payments.service';
import { assertRefundVoidable, assertVoidable, corrected } from './void';
import {
  bookedPayment,
  handOnInvoice,
  headOf,
  markPaymentVoided,
  markRefundVoided,
  recordedPayment,
  recordedRefund,
  type BookedPayment,
  type BookedRefund,
} from './voids.queries';

interface Locked {
  payment: LockedPayment;
  /** That it is for, in their order. */
  bookingIds: string[];
}

/**
 * What was recorded wrongly is taken back, and recorded anew where something was received: a payment is never changed. Whoever
 * reconciles the channel, matches or settles goes first; then the order is that of all money: charges, then payments.
 */
@Injectable()
export class VoidsService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly ledger: LedgerService,
    private readonly payments: PaymentsService,
    private readonly late: LateService,
  ) {}

  voidPayment(id: string, { reason }: VoidPaymentDto): Promise<PaymentDto> {
    return this.db.write(async (tx) => {
      const { payment } = await this.lock(tx, id);
      await this.takeBack(tx, payment, reason);
      return this.payments.load(tx, id);
    });
  }

  /** Voided, and recorded as it was, for the same bookings in the same order. @returns what it is recorded as now */
  async correct(id: string, { reason, ...command }: CorrectPaymentDto): Promise<PaymentDto> {
    const paidAt = command.paidAt ? notAhead(this.clock, command.paidAt, 'paidAt') : undefined;
    const done = this.db.write(async (tx) => {
      const { payment, bookingIds } = await this.lock(tx, id, command.channel);
      const former = await this.takeBack(tx, payment, reason);
      const { operatorId, contractId } = payment;
      const right = corrected({ ...payment, ...former }, { ...command, paidAt });
      const charges = await chargesInOrder(tx, bookingIds, contractId);
      const place = { operatorId, contractId, siteId: former.siteId };
      const newPaymentId = await this.payments.receive(
        tx,
        { ...right, ...place, bookingIds, replaces: id },
        charges,
      );
      await handOnInvoice(tx, id, newPaymentId);
      await this.late.meet(tx, { operatorId, channel: right.channel });
      return this.payments.load(tx, newPaymentId);
    });
    return refusing(() => done, {
      payment_operator_id_channel_merchant_order_no_key: () =>
        paymentExists(command.merchantOrderNo ?? 'The order number'),
    });
  }

  /** The money is with the payment again, and pays what it had paid as far as that is open. */
  voidRefund(paymentId: string, refundId: string, { reason }: VoidPaymentDto): Promise<PaymentDto> {
    return this.db.write(async (tx) => {
      const { payment, bookingIds } = await this.lock(tx, paymentId);
      const refund = await recordedRefund(tx, paymentId, refundId);
      if (!refund) throw notFound('refund', refundId);
      assertRefundVoidable(refund);
      const voided = this.stamp('refund', refundId, reason);
      await markRefundVoided(tx, { id: refundId, paymentId, amountFen: refund.amountFen }, voided);
      await this.forget(tx, payment, voided);
      await this.payAgain(tx, payment, { ...refund, id: refundId }, bookingIds);
      return this.payments.load(tx, paymentId);
    });
  }

  private async lock(tx: Tx, id: string, otherChannel?: string): Promise<Locked> {
    const siteIds = siteScopeOf(currentActor());
    const head = await headOf(tx, id, siteIds);
    if (!head) throw notFound('payment', id);
    const channels = [...new Set([head.channel, otherChannel ?? head.channel])].sort();
    for (const channel of channels) await beginMatching(tx, { operatorId: head.operatorId, channel });
    await beginMatch(tx, head.operatorId);
    await lockChargesOf(tx, head.bookingIds);
    const payment = await lockPayment(tx, id, siteIds);
    const locked = await headOf(tx, id, siteIds);
    if (!payment || !locked) throw notFound('payment', id);
    return { payment, bookingIds: locked.bookingIds };
  }

  private async takeBack(tx: Tx, payment: LockedPayment, reason: string): Promise<BookedPayment> {
    const { id: paymentId, allocations } = payment;
    assertVoidable(await recordedPayment(tx, paymentId));
    const booked = await bookedPayment(tx, paymentId);
    const voided = this.stamp('payment', paymentId, reason);
    const taken = allocations.map(({ amountFen }) => amountFen);
    await takeOut(tx, payment, taken, 'payment_voided', voided.at);
    await markPaymentVoided(tx, paymentId, voided);
    await this.forget(tx, payment, voided);
    const later = new Map(booked.appliedLater.map(({ allocationId, day }) => [allocationId, day]));
    const applied = allocations.filter((allocation) => allocation.applied);
    const entries = paymentVoided({
      ...{ ...payment, paymentId, day: booked.bookedOn },
      delivered: applied.filter(({ id }) => !later.has(id)),
      appliedLater: applied.flatMap((part) => {
        const day = later.get(part.id);
        return day ? [{ ...part, allocationId: part.id, day }] : [];
      }),
    });
    await this.ledger.post(tx, entries);
    return booked;
  }

  /** Neither the queue nor the bank waits for it any more. */
  private async forget(tx: Tx, { operatorId, channel }: LockedPayment, voided: Voided): Promise<void> {
    await endExceptionsOf(tx, voided);
    if (channel !== 'bank') return;
    await withdrawExpected(tx, voided.what, voided.id);
    await overtakeSuggestions(tx, operatorId);
  }

  private async payAgain(
    tx: Tx,
    { id: paymentId, operatorId, contractId }: LockedPayment,
    refund: BookedRefund & { id: string },
    bookingIds: readonly string[],
  ): Promise<void> {
    const { id: refundId, channel, amountFen, bookedOn } = refund;
    const charges = await chargesInOrder(tx, bookingIds, contractId);
    const parts = deal(amountFen, charges.map(payableOf));
    const now = this.clock.now();
    const added = charges
      .map((charge, index) => ({ charge, chargeId: charge.id, amountFen: parts[index] }))
      .filter((part) => part.amountFen > 0)
      .map((part) => ({ ...part, id: newId(), paymentId, applied: part.charge.status === 'captured' }));
    if (added.length > 0)
      await addAllocations(
        tx,
        operatorId,
        added.map(({ charge: _charge, ...row }) => row),
        now,
      );
    const took = new Map(refund.delivered.map((part) => [part.chargeId, part.amountFen]));
    const delivered = added
      .filter(({ applied }) => applied)
      .map((part) => ({ ...part, backFen: Math.min(part.amountFen, took.get(part.chargeId) ?? 0) }));
    const parties = { operatorId, contractId };
    await this.ledger.post(tx, [
      refundVoided({
        ...{ ...parties, refundId, channel, amountFen, day: bookedOn },
        delivered: delivered.map(({ charge, backFen }) => ({ ...partOf(charge), amountFen: backFen })),
      }),
      // What it had not taken from a delivered service, and pays one now, meets it today.
      ...delivered.map(({ id: allocationId, charge, backFen, amountFen: partFen }) =>
        advanceApplied({
          ...{ ...parties, ...partOf(charge), allocationId, amountFen: partFen - backFen },
          ...{ purpose: 'services', day: chinaDay(now) },
        }),
      ),
    ]);
  }

  private stamp(what: Voided['what'], id: string, reason: string): Voided {
    return { what, id, at: this.clock.now(), by: currentActor().id, reason };
  }
}

function partOf({ id: chargeId, residentId, siteId }: LockedCharge) {
  return { chargeId, residentId, siteId };
}

/** Those of its contract: where a site has passed to another one, what was paid before stays with the former. */
async function chargesInOrder(
  tx: Tx,
  bookingIds: readonly string[],
  contractId: string,
): Promise<LockedCharge[]> {
  const byBooking = new Map(
    (await lockChargesOf(tx, bookingIds)).map((charge) => [charge.bookingId, charge]),
  );
  return bookingIds.flatMap((bookingId) => {
    const charge = byBooking.get(bookingId);
    return charge?.contractId === contractId ? [charge] : [];
  });
}
