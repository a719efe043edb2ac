import { Injectable } from '@nestjs/common';
import { DomainError, newId, notFound } from '@doorstep/kernel';
import { Clock, currentActor, Database, decodeCursor, page, type Page, type Tx } from '@doorstep/platform';
import { lockChargesOf, type LockedCharge } from '../charges/endings.queries';
import { paymentReceived, paymentRefunded } from '../ledger/entry';
import { LedgerService } from '../ledger/ledger.service';
import { currentOperatorId, siteScopeOf } from '../shared/actor.scope';
import { refusing } from '../shared/refusals';
import { takeOut } from './allocations.queries';
import { deal, payableOf, takeBack } from './payment';
import type { PaymentDto, PaymentsQuery, RecordPaymentDto, RecordRefundDto } from './payments.dto';
import {
  findPayment,
  insertPayment,
  insertRefund,
  listPayments,
  lockPayment,
  type NewPayment,
} from './payments.queries';
import { paymentHeld, paymentVoided } from './void';

type Received = Omit<NewPayment, 'id' | 'purpose' | 'holderId' | 'recordedBy' | 'recordedAt'>;

/** How far ahead of our clock a channel's may be. */
const AHEAD_MS_MAX = 86_400_000;

/** Residents' money: taken in, meant for bookings, given back. */
@Injectable()
export class PaymentsService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly ledger: LedgerService,
  ) {}

  async record(command: RecordPaymentDto): Promise<PaymentDto> {
    const operatorId = currentOperatorId();
    const { channel, merchantOrderNo, amountFen, bookingIds } = command;
    const paidAt = notAhead(this.clock, command.paidAt, 'paidAt');
    const recorded = this.db.write(async (tx) => {
      const charges = inOrder(await lockChargesOf(tx, bookingIds), bookingIds);
      const payment = { operatorId, channel, merchantOrderNo, amountFen, paidAt, bookingIds };
      const id = await this.receive(tx, { ...payment, ...placeOf(charges) }, charges);
      return this.load(tx, id);
    });
    return refusing(() => recorded, {
      payment_operator_id_channel_merchant_order_no_key: () => paymentExists(merchantOrderNo),
    });
  }

  /** Pays locked charges of its contract in their order; what is left waits as an advance. @returns the payment's id */
  async receive(tx: Tx, money: Received, charges: readonly LockedCharge[]): Promise<string> {
    const parts = deal(money.amountFen, charges.map(payableOf));
    const allocations = charges
      .map(({ id, status }, index) => ({
        ...{
          id: newId(),
          chargeId: id,
          place: index,
          amountFen: parts[index],
          applied: status === 'captured',
        },
      }))
      .filter((allocation) => allocation.amountFen > 0);
    const id = newId();
    const record = { recordedBy: currentActor().id, recordedAt: this.clock.now() };
    const payment = { ...money, id, purpose: 'services' as const };
    const day = await insertPayment(tx, { ...payment, ...record }, allocations);
    const delivered = charges.flatMap(({ id: chargeId, status, residentId, siteId }, index) =>
      status === 'captured' ? [{ chargeId, residentId, siteId, amountFen: parts[index] }] : [],
    );
    await this.ledger.post(tx, [paymentReceived({ ...payment, paymentId: id, day, delivered })]);
    return id;
  }

  async refund(paymentId: string, command: RecordRefundDto): Promise<PaymentDto> {
    const { merchantRefundNo, amountFen, reason } = command;
    const refundedAt = notAhead(this.clock, command.refundedAt, 'refundedAt');
    const refunded = this.db.write(async (tx) => {
      const payment = await lockPayment(tx, paymentId, siteScopeOf(currentActor()));
      if (!payment) throw notFound('payment', paymentId);
      if (payment.voided) throw paymentVoided(payment);
      if (payment.purpose !== 'services') throw paymentHeld(payment.purpose);
      const taken = takeBack(payment, amountFen);
      await takeOut(tx, payment, taken, 'refunded', this.clock.now());
      const { operatorId, contractId, channel } = payment;
      const id = newId();
      const record = { recordedBy: currentActor().id, recordedAt: this.clock.now() };
      const refund = { id, operatorId, paymentId, channel, merchantRefundNo, amountFen, reason, refundedAt };
      const day = await insertRefund(tx, { ...refund, ...record });
      const delivered = payment.allocations
        .map(({ applied, chargeId, residentId, siteId }, index) => ({
          ...{ applied, chargeId, residentId, siteId, amountFen: taken[index] },
        }))
        .filter((part) => part.applied && part.amountFen > 0);
      await this.ledger.post(tx, [
        paymentRefunded({
          ...{ refundId: id, operatorId, contractId, channel, day, amountFen, delivered },
          purpose: payment.purpose,
        }),
      ]);
      return this.load(tx, paymentId);
    });
    return refusing(() => refunded, {
      refund_operator_id_channel_merchant_refund_no_key: () => refundExists(merchantRefundNo),
    });
  }

  find(id: string): Promise<PaymentDto> {
    return this.db.read((tx) => this.load(tx, id));
  }

  list({ limit, cursor, ...sought }: PaymentsQuery): Promise<Page<PaymentDto>> {
    const after = decodeCursor(cursor, 1)?.[0] as string | undefined;
    const siteIds = siteScopeOf(currentActor());
    return this.db.read(async (tx) =>
      page(await listPayments(tx, { ...sought, after, siteIds }, limit), limit, (payment) => [payment.id]),
    );
  }

  async load(tx: Tx, id: string): Promise<PaymentDto> {
    const payment = await findPayment(tx, id, siteScopeOf(currentActor()));
    if (!payment) throw notFound('payment', id);
    return payment;
  }
}

/** The channel's own time, which may be a little ahead of ours. */
export function notAhead(clock: Clock, instant: string, field: string): Date {
  const at = new Date(instant);
  if (at.getTime() <= clock.now().getTime() + AHEAD_MS_MAX) return at;
  throw new DomainError('invalid', 'in_the_future', `${field} lies more than a day ahead.`, {
    field,
    mend: 'Give the time at which the channel did it.',
  });
}

/** The charges in the order in which the bookings were named; each booking must have one that is decided. */
export function inOrder(charges: readonly LockedCharge[], bookingIds: readonly string[]): LockedCharge[] {
  const siteIds = siteScopeOf(currentActor());
  const byBooking = new Map(charges.map((charge) => [charge.bookingId, charge]));
  return bookingIds.map((bookingId, index) => {
    const charge = byBooking.get(bookingId);
    const field = `bookingIds[${index}]`;
    if (!charge || (siteIds && !siteIds.includes(charge.siteId))) {
      throw new DomainError(
        'invalid',
        'booking_without_charge',
        `There is no charge for booking ${bookingId}.`,
        {
          field,
          mend: 'Name bookings of your own that are confirmed; a booking just confirmed may need a moment.',
        },
      );
    }
    if (charge.status === 'pending') {
      throw new DomainError(
        'conflict',
        'charge_undecided',
        `The charge of booking ${bookingId} is not decided yet.`,
        {
          field,
          mend: 'Try again in a moment.',
        },
      );
    }
    return charge;
  });
}

function placeOf(charges: readonly LockedCharge[]): { contractId: string; siteId: string | null } {
  const [{ contractId, siteId }] = charges;
  if (charges.some((charge) => charge.contractId !== contractId)) {
    throw new DomainError(
      'invalid',
      'bookings_of_several_contracts',
      'The bookings belong to several contracts.',
      {
        field: 'bookingIds',
        mend: 'Take one payment for the bookings of each contract.',
      },
    );
  }
  return { contractId, siteId: charges.every((charge) => charge.siteId === siteId) ? siteId : null };
}

export function paymentExists(merchantOrderNo: string): DomainError {
  return new DomainError(
    'conflict',
    'payment_exists',
    `${merchantOrderNo} is recorded for this channel already.`,
    {
      field: 'merchantOrderNo',
      mend: 'Find it with GET /v1/payments?merchantOrderNo=…; a repeat with the same Idempotency-Key gets the first answer.',
    },
  );
}

export function refundExists(merchantRefundNo: string): DomainError {
  return new DomainError(
    'conflict',
    'refund_exists',
    `${merchantRefundNo} is recorded for this channel already.`,
    {
      field: 'merchantRefundNo',
      mend: 'See the refunds of GET /v1/payments/{id}; a repeat with the same Idempotency-Key gets the first answer.',
    },
  );
}
