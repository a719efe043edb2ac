import type { Fen } from '@doorstep/kernel';
import type { Purpose } from '../ledger/held-money';
import type { Tx } from '@doorstep/platform';
import { asJson } from '../shared/rows';
import type { PaymentDto, PaymentsQuery } from './payments.dto';

/** Of the void of a payment or refund that two people decide. */
const voidOf = (what: string, table: 'payment' | 'refund', status: 'proposed' | 'approved'): string => `
  (SELECT v.${what} FROM payment_void AS v
   WHERE v.payment_id = payment.id AND v.status = '${status}'
     AND ${table === 'payment' ? 'v.refund_id IS NULL' : 'v.refund_id = refund.id'})`;

/** When, by whom and why it was taken back, or null. */
const voidedOf = (table: 'payment' | 'refund'): string => `
  CASE WHEN ${table}.voided_at IS NOT NULL THEN jsonb_build_object('at', ${table}.voided_at, 'by', ${table}.voided_by,
    'proposedBy', ${voidOf('proposed_by', table, 'approved')}, 'reason', ${table}.void_reason) END`;

const PAYMENT = `
  SELECT payment.id, operator_id AS "operatorId", contract_id AS "contractId", site_id AS "siteId", channel,
         merchant_order_no AS "merchantOrderNo", amount_fen AS "amountFen", allocated_fen AS "allocatedFen",
         refunded_fen AS "refundedFen",
         CASE WHEN voided_at IS NULL THEN amount_fen - allocated_fen - refunded_fen ELSE 0 END AS "unallocatedFen",
         paid_at AS "paidAt", paid_day AS "paidDay", purpose, holder_id AS "holderId", version, ${voidedOf('payment')} AS voided,
         replaces_id AS "replaces", (SELECT n.id FROM payment AS n WHERE n.replaces_id = payment.id) AS "replacedBy",
         ${voidOf('id', 'payment', 'proposed')} AS "proposedVoid",
         (SELECT coalesce(jsonb_agg(jsonb_build_object('bookingId', charge.booking_id, 'chargeId', charge.id,
            'amountFen', a.amount_fen, 'applied', a.applied) ORDER BY a.place), '[]')
          FROM payment_allocation AS a JOIN charge ON charge.id = a.charge_id
          WHERE a.payment_id = payment.id AND a.ended_at IS NULL) AS allocations,
         (SELECT coalesce(jsonb_agg(jsonb_build_object('id', refund.id, 'merchantRefundNo', refund.merchant_refund_no,
            'amountFen', refund.amount_fen, 'reason', refund.reason, 'refundedAt', refund.refunded_at,
            'voided', ${voidedOf('refund')}, 'proposedVoid', ${voidOf('id', 'refund', 'proposed')})
            ORDER BY refund.recorded_at, refund.id), '[]')
          FROM refund WHERE refund.payment_id = payment.id) AS refunds
  FROM payment`;

export async function findPayment(
  tx: Tx,
  id: string,
  siteIds: string[] | null,
): Promise<PaymentDto | undefined> {
  const [payment] = await tx.sql<PaymentDto>(
    `${PAYMENT} WHERE payment.id = $1 AND ($2::uuid[] IS NULL OR site_id = ANY ($2))`,
    [id, siteIds],
  );
  return payment;
}

export interface PaymentsSought extends Omit<PaymentsQuery, 'limit' | 'cursor'> {
  after?: string;
  siteIds: string[] | null;
}

export function listPayments(tx: Tx, sought: PaymentsSought, limit: number): Promise<PaymentDto[]> {
  const { after, channel, merchantOrderNo, bookingId, day, status, siteIds } = sought;
  return tx.sql<PaymentDto>(
    `${PAYMENT}
     WHERE ($2::uuid IS NULL OR payment.id > $2) AND ($3::text IS NULL OR channel = $3)
       AND ($4::text IS NULL OR merchant_order_no = $4) AND ($5::date IS NULL OR paid_day = $5)
       AND ($6::uuid IS NULL OR EXISTS (
         SELECT FROM payment_allocation AS a JOIN charge ON charge.id = a.charge_id
         WHERE a.payment_id = payment.id AND charge.booking_id = $6))
       AND ($7::uuid[] IS NULL OR site_id = ANY ($7)) AND ($8::text IS NULL OR (voided_at IS NULL) = ($8 = 'standing'))
     ORDER BY payment.id LIMIT $1`,
    [
      limit + 1,
      after ?? null,
      channel ?? null,
      merchantOrderNo ?? null,
      day ?? null,
      bookingId ?? null,
      siteIds,
      status ?? null,
    ],
  );
}

export interface NewPayment {
  id: string;
  operatorId: string;
  contractId: string;
  siteId: string | null;
  channel: string;
  merchantOrderNo: string;
  amountFen: Fen;
  paidAt: Date;
  recordedBy: string;
  recordedAt: Date;
  purpose: Purpose;
  /** The card or the like that holds it. */
  holderId?: string;
  /** Bookings that it is for, in their order. */
  bookingIds?: readonly string[];
  /** The voided one that it says right. */
  replaces?: string;
}

export interface NewAllocation {
  id: string;
  chargeId: string;
  place: number;
  amountFen: Fen;
  applied: boolean;
}

/** Writes a payment with what it is meant for; the charges are locked by the caller. @returns its day by China's clock */
export async function insertPayment(
  tx: Tx,
  payment: NewPayment,
  allocations: readonly NewAllocation[],
): Promise<string> {
  const { id, operatorId, recordedAt } = payment;
  const allocatedFen = allocations.reduce((sum, { amountFen }) => sum + amountFen, 0);
  const [[row]] = await Promise.all([
    tx.sql<{ day: string }>(
      `INSERT INTO payment (id, operator_id, contract_id, site_id, channel, merchant_order_no, amount_fen, allocated_fen,
                            paid_at, recorded_by, recorded_at, purpose, holder_id, booking_ids, replaces_id)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) RETURNING paid_day AS day`,
      [
        ...[id, operatorId, payment.contractId, payment.siteId, payment.channel, payment.merchantOrderNo],
        ...[payment.amountFen, allocatedFen, payment.paidAt, payment.recordedBy, recordedAt],
        ...[payment.purpose, payment.holderId ?? null, payment.bookingIds ?? null, payment.replaces ?? null],
      ],
    ),
    tx.sql(
      `WITH allocated AS (
         INSERT INTO payment_allocation (id, operator_id, payment_id, charge_id, place, amount_fen, applied, made_at)
         SELECT id, $2, $3, "chargeId", place, "amountFen", applied, $4
         FROM jsonb_to_recordset($1) AS part (id uuid, "chargeId" uuid, place int, "amountFen" bigint, applied boolean)
         RETURNING charge_id, amount_fen)
       UPDATE charge SET paid_fen = paid_fen + allocated.amount_fen FROM allocated WHERE charge.id = allocated.charge_id`,
      [asJson(allocations), operatorId, id, recordedAt],
    ),
  ]);
  return row.day;
}

const LOCK_CHARGES_OF = `
  SELECT FROM charge WHERE id IN (SELECT charge_id FROM payment_allocation WHERE payment_id = $1 AND ended_at IS NULL)
  ORDER BY id FOR NO KEY UPDATE`;

export interface LockedPayment {
  id: string;
  purpose: Purpose;
  operatorId: string;
  contractId: string;
  channel: string;
  amountFen: Fen;
  allocatedFen: Fen;
  refundedFen: Fen;
  voided: boolean;
  replacedBy: string | null;
  allocations: {
    id: string;
    chargeId: string;
    residentId: string;
    siteId: string;
    amountFen: Fen;
    applied: boolean;
  }[];
}

/**
 * Locks a payment and, before it, the charges that it is meant for: the order that releases and captures keep too. What it
 * came to be meant for while that waited is locked as well, before it is read.
 */
export async function lockPayment(
  tx: Tx,
  id: string,
  siteIds: string[] | null,
): Promise<LockedPayment | undefined> {
  await tx.sql(LOCK_CHARGES_OF, [id]);
  await tx.sql(`SELECT FROM payment WHERE id = $1 FOR NO KEY UPDATE`, [id]);
  await tx.sql(LOCK_CHARGES_OF, [id]);
  const [payment] = await tx.sql<LockedPayment>(
    `SELECT id, purpose, operator_id AS "operatorId", contract_id AS "contractId", channel, amount_fen AS "amountFen",
            allocated_fen AS "allocatedFen", refunded_fen AS "refundedFen", voided_at IS NOT NULL AS voided,
            (SELECT n.id FROM payment AS n WHERE n.replaces_id = payment.id) AS "replacedBy",
            (SELECT coalesce(jsonb_agg(jsonb_build_object('id', a.id, 'chargeId', charge.id, 'residentId', charge.resident_id,
               'siteId', charge.site_id, 'amountFen', a.amount_fen, 'applied', a.applied) ORDER BY a.place), '[]')
             FROM payment_allocation AS a JOIN charge ON charge.id = a.charge_id
             WHERE a.payment_id = payment.id AND a.ended_at IS NULL) AS allocations
     FROM payment WHERE id = $1 AND ($2::uuid[] IS NULL OR site_id = ANY ($2))`,
    [id, siteIds],
  );
  return payment;
}

export interface NewRefund {
  id: string;
  operatorId: string;
  paymentId: string;
  channel: string;
  merchantRefundNo: string;
  amountFen: Fen;
  reason: string;
  refundedAt: Date;
  recordedBy: string;
  recordedAt: Date;
}

/** @returns the refund's day by China's clock */
export async function insertRefund(tx: Tx, refund: NewRefund): Promise<string> {
  const { id, operatorId, paymentId, channel, merchantRefundNo, amountFen, reason } = refund;
  const [[row]] = await Promise.all([
    tx.sql<{ day: string }>(
      `INSERT INTO refund (id, operator_id, payment_id, channel, merchant_refund_no, amount_fen, reason, refunded_at,
                           recorded_by, recorded_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING refunded_day AS day`,
      [
        ...[id, operatorId, paymentId, channel, merchantRefundNo, amountFen, reason],
        ...[refund.refundedAt, refund.recordedBy, refund.recordedAt],
      ],
    ),
    tx.sql(`UPDATE payment SET refunded_fen = refunded_fen + $2, version = version + 1 WHERE id = $1`, [
      paymentId,
      amountFen,
    ]),
  ]);
  return row.day;
}
