import type { Fen } from '@doorstep/kernel';
import type { Purpose } from '../ledger/held-money';
import type { Tx } from '@doorstep/platform';
import { asJson } from '../shared/rows';
import type { PaymentDto, PaymentsQuery } from './payments.dto';

const PAYMENT = `
  SELECT payment.id, operator_id AS "operatorId", contract_id AS "contractId", site_id AS "siteId", channel,
         merchant_order_no AS "merchantOrderNo", amount_fen AS "amountFen", allocated_fen AS "allocatedFen",
         refunded_fen AS "refundedFen", amount_fen - allocated_fen - refunded_fen AS "unallocatedFen",
         paid_at AS "paidAt", paid_day AS "paidDay", purpose, holder_id AS "holderId", version,
         (SELECT coalesce(jsonb_agg(jsonb_build_object('bookingId', charge.booking_id, 'chargeId', charge.id,
            'amountFen', a.amount_fen, 'applied', a.applied) ORDER BY a.place), '[]')
          FROM payment_allocation AS a JOIN charge ON charge.id = a.charge_id
          WHERE a.payment_id = payment.id AND a.ended_at IS NULL) AS allocations,
         (SELECT coalesce(jsonb_agg(jsonb_build_object('id', refund.id, 'merchantRefundNo', refund.merchant_refund_no,
            'amountFen', refund.amount_fen, 'reason', refund.reason, 'refundedAt', refund.refunded_at)
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
  const { after, channel, merchantOrderNo, bookingId, day, siteIds } = sought;
  return tx.sql<PaymentDto>(
    `${PAYMENT}
     WHERE ($2::uuid IS NULL OR payment.id > $2) AND ($3::text IS NULL OR channel = $3)
       AND ($4::text IS NULL OR merchant_order_no = $4) AND ($5::date IS NULL OR paid_day = $5)
       AND ($6::uuid IS NULL OR EXISTS (
         SELECT FROM payment_allocation AS a JOIN charge ON charge.id = a.charge_id
         WHERE a.payment_id = payment.id AND charge.booking_id = $6))
       AND ($7::uuid[] IS NULL OR site_id = ANY ($7))
     ORDER BY payment.id LIMIT $1`,
    [
      limit + 1,
      after ?? null,
      channel ?? null,
      merchantOrderNo ?? null,
      day ?? null,
      bookingId ?? null,
      siteIds,
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
                            paid_at, recorded_by, recorded_at, purpose, holder_id)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) RETURNING paid_day AS day`,
      [
        ...[id, operatorId, payment.contractId, payment.siteId, payment.channel, payment.merchantOrderNo],
        ...[payment.amountFen, allocatedFen, payment.paidAt, payment.recordedBy, recordedAt],
        ...[payment.purpose, payment.holderId ?? null],
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

export interface LockedPayment {
  id: string;
  purpose: Purpose;
  operatorId: string;
  contractId: string;
  channel: string;
  amountFen: Fen;
  allocatedFen: Fen;
  refundedFen: Fen;
  allocations: {
    id: string;
    chargeId: string;
    residentId: string;
    siteId: string;
    amountFen: Fen;
    applied: boolean;
  }[];
}

/** Locks a payment and, before it, the charges that it is meant for: the order that releases and captures keep too. */
export async function lockPayment(
  tx: Tx,
  id: string,
  siteIds: string[] | null,
): Promise<LockedPayment | undefined> {
  await tx.sql(
    `SELECT FROM charge WHERE id IN (SELECT charge_id FROM payment_allocation WHERE payment_id = $1 AND ended_at IS NULL)
     ORDER BY id FOR NO KEY UPDATE`,
    [id],
  );
  await tx.sql(`SELECT FROM payment WHERE id = $1 FOR NO KEY UPDATE`, [id]);
  const [payment] = await tx.sql<LockedPayment>(
    `SELECT id, purpose, operator_id AS "operatorId", contract_id AS "contractId", channel, amount_fen AS "amountFen",
            allocated_fen AS "allocatedFen", refunded_fen AS "refundedFen",
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

/** What a refund takes from charges is open again. */
export async function reopen(tx: Tx, parts: readonly { chargeId: string; amountFen: Fen }[]): Promise<void> {
  if (parts.length === 0) return;
  await tx.sql(
    `UPDATE charge SET paid_fen = paid_fen - part."amountFen"
     FROM jsonb_to_recordset($1) AS part ("chargeId" uuid, "amountFen" bigint) WHERE charge.id = part."chargeId"`,
    [asJson(parts)],
  );
}
