import { Injectable } from '@nestjs/common';
import { newId, notFound, type Day, type Fen } from '@doorstep/kernel';
import { Clock, currentActor, Database, type Tx } from '@doorstep/platform';
import { lockChargesOf, type LockedCharge } from '../charges/endings.queries';
import { LateService } from '../exceptions/late.service';
import { endExceptionsOf, type Voided } from '../exceptions/voided.queries';
import { tellReceiptVoided } from '../invoices/receipts.events';
import { advanceApplied } from '../ledger/entry';
import { LedgerService } from '../ledger/ledger.service';
import { paymentVoided, refundVoided } from '../ledger/void-entries';
import { withdrawExpected } from '../matches/expected.queries';
import { beginMatch, overtakeSuggestions } from '../matches/matches.queries';
import { closedBy } from '../matches/terms';
import { termsOn } from '../matches/terms.service';
import { beginMatching } from '../reconciliations/matching.queries';
import { siteScopeOf } from '../shared/actor.scope';
import { chinaDay } from '../shared/days';
import { refusing } from '../shared/refusals';
import { addAllocations, takeOut } from './allocations.queries';
import { deal, payableOf } from './payment';
import type { CorrectPaymentDto, PaymentDto, VoidPaymentDto } from './payments.dto';
import { lockPayment, type LockedPayment } from './payments.queries';
import { notAhead, paymentExists, PaymentsService } from './payments.service';
import { voidProposed, type WantedVoid } from './proposed-void';
import { insertVoid, openDay, waitingVoid } from './proposed-voids.queries';
import { assertRefundVoidable, assertVoidable, corrected, type Correctable } from './void';
import {
  bookedPayment,
  handOnInvoice,
  headOf,
  markPaymentVoided,
  markRefundVoided,
  numberIsTaken,
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

/** What is to be voided, locked, as it is now. */
interface Target extends Locked {
  amountFen: Fen;
  /** On which it is booked back. */
  booksOn: Day;
  what: { refund: BookedRefund & { id: string } } | { booked: BookedPayment; right: Correctable | null };
}

/**
 * What was recorded wrongly is taken back, and recorded anew where something was received: a payment is never changed. Within
 * the operator's limit one person does that; above it, it waits for a second one. Whoever reconciles the channel, matches or
 * settles goes first; then the order is that of all money: charges, then payments.
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

  /** @returns the payment, voided or with the void that waits */
  voidPayment(id: string, { reason }: VoidPaymentDto): Promise<PaymentDto> {
    return this.ask({ paymentId: id, refundId: null, correction: null, reason });
  }

  /**
   * Voided, and recorded as it was, for the same bookings in the same order.
   * @returns what it is recorded as now; or the payment, with the void that waits
   */
  correct(id: string, { reason, ...command }: CorrectPaymentDto): Promise<PaymentDto> {
    const paidAt = command.paidAt ? notAhead(this.clock, command.paidAt, 'paidAt') : undefined;
    return this.ask({ paymentId: id, refundId: null, correction: { ...command, paidAt }, reason });
  }

  /** The money is with the payment again, and pays what it had paid as far as that is open. */
  voidRefund(paymentId: string, refundId: string, { reason }: VoidPaymentDto): Promise<PaymentDto> {
    return this.ask({ paymentId, refundId, correction: null, reason });
  }

  private ask(wanted: WantedVoid): Promise<PaymentDto> {
    const asked = () =>
      this.db.write(async (tx) => {
        const target = await this.lockTarget(tx, wanted);
        const waiting = await waitingVoid(tx, wanted);
        if (waiting) throw voidProposed(waiting);
        const terms = await termsOn(tx, target.payment.operatorId, this.clock.now());
        const alone = closedBy(target.amountFen, terms) === 'alone';
        if (alone) return this.payments.load(tx, await this.takeEffect(tx, target, wanted.reason));
        await this.propose(tx, target, wanted);
        return this.payments.load(tx, wanted.paymentId);
      });
    return numberTaken(asked);
  }

  /** Everything that may stand in its way is looked at, whether it takes effect now or waits. */
  async lockTarget(tx: Tx, { paymentId, refundId, correction }: WantedVoid): Promise<Target> {
    const locked = await this.lock(tx, paymentId, correction?.channel);
    const booksOn = (day: Day) => openDay(tx, locked.payment, day);
    if (refundId !== null) {
      const refund = await recordedRefund(tx, paymentId, refundId);
      if (!refund) throw notFound('refund', refundId);
      assertRefundVoidable(refund);
      const { amountFen, bookedOn } = refund;
      return {
        ...locked,
        amountFen,
        booksOn: await booksOn(bookedOn),
        what: { refund: { ...refund, id: refundId } },
      };
    }
    assertVoidable(await recordedPayment(tx, paymentId));
    const booked = await bookedPayment(tx, paymentId);
    const right = correction && corrected({ ...locked.payment, ...booked }, correction);
    if (right && (await numberIsTaken(tx, locked.payment, right))) throw paymentExists(right.merchantOrderNo);
    const { amountFen } = locked.payment;
    return { ...locked, amountFen, booksOn: await booksOn(booked.bookedOn), what: { booked, right } };
  }

  /** @returns the payment that stands now, or is voided */
  takeEffect(tx: Tx, target: Target, reason: string): Promise<string> {
    const { what } = target;
    return 'refund' in what
      ? this.takeRefundBack(tx, target, what.refund, reason)
      : this.takePaymentBack(tx, target, what, reason);
  }

  private async propose(tx: Tx, { payment, amountFen, booksOn }: Target, wanted: WantedVoid): Promise<void> {
    const { operatorId } = payment;
    const by = { proposedBy: currentActor().id, proposedAt: this.clock.now() };
    await insertVoid(tx, { ...wanted, id: newId(), operatorId, amountFen, booksOn, ...by });
  }

  private async takeRefundBack(
    tx: Tx,
    { payment, bookingIds }: Target,
    refund: BookedRefund & { id: string },
    reason: string,
  ): Promise<string> {
    const { id, amountFen } = refund;
    const voided = this.stamp('refund', id, reason);
    await markRefundVoided(tx, { id, paymentId: payment.id, amountFen }, voided);
    await this.forget(tx, payment, voided);
    await this.payAgain(tx, payment, refund, bookingIds);
    return payment.id;
  }

  private async takePaymentBack(
    tx: Tx,
    { payment, bookingIds }: Target,
    { booked, right }: { booked: BookedPayment; right: Correctable | null },
    reason: string,
  ): Promise<string> {
    const { id, operatorId, contractId } = payment;
    const voided = this.stamp('payment', id, reason);
    await this.takeBack(tx, payment, booked, voided);
    if (!right) {
      await tellReceiptVoided(tx, id, voided.at, null);
      return id;
    }
    const charges = await chargesInOrder(tx, bookingIds, contractId);
    const place = { operatorId, contractId, siteId: booked.siteId };
    const newPaymentId = await this.payments.receive(
      tx,
      { ...right, ...place, bookingIds, replaces: id },
      charges,
    );
    await handOnInvoice(tx, id, newPaymentId);
    await tellReceiptVoided(tx, id, voided.at, { ...right, id: newPaymentId });
    await this.late.meet(tx, { operatorId, channel: right.channel });
    return newPaymentId;
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

  private async takeBack(
    tx: Tx,
    payment: LockedPayment,
    booked: BookedPayment,
    voided: Voided,
  ): Promise<void> {
    const { id: paymentId, allocations } = payment;
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

/** Two may take a number for different payments at the same moment. */
export function numberTaken<T>(work: () => Promise<T>): Promise<T> {
  return refusing(work, {
    payment_operator_id_channel_merchant_order_no_key: () => paymentExists('The order number'),
  });
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
