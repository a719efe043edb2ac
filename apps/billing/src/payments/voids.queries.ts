import type { Day, Fen } from '@doorstep/kernel';
import type { Tx } from '@doorstep/platform';
import type { RecordedPayment, RecordedRefund } from './void';

/** Of a payment or refund `of`: who confirms it, and who has given a difference of it up. */
const tiesOf = (kind: 'payment' | 'refund', of: string): string => `
  (SELECT jsonb_build_object('line', l.line_no, 'day', f.bill_day, 'exceptionId', (
      SELECT e.id FROM reconciliation_exception AS e WHERE e.line_id = a.line_id AND e.resolution = 'matched' LIMIT 1))
   FROM settlement_allocation AS a JOIN settlement_line AS l ON l.id = a.line_id JOIN settlement_file AS f ON f.id = l.file_id
   WHERE a.${kind}_id = ${of}.id) AS settled,
  (SELECT s.line_id FROM expected_movement AS x JOIN statement_allocation AS s ON s.expected_id = x.id AND s.undone_at IS NULL
   WHERE x.kind = '${kind}' AND x.source_id = ${of}.id ORDER BY s.id LIMIT 1) AS "statementLineId",
  coalesce(
    (SELECT e.id FROM reconciliation_exception AS e
     WHERE e.${kind}_id = ${of}.id AND e.resolution = 'written_off' ORDER BY e.id LIMIT 1),
    (SELECT e.id FROM expected_movement AS x JOIN reconciliation_exception AS e ON e.expected_id = x.id
     WHERE x.kind = '${kind}' AND x.source_id = ${of}.id AND e.type = 'missing_in_statement'
       AND e.resolution = 'written_off' ORDER BY e.id LIMIT 1)) AS "givenUpBy"`;

/** As it is under the locks of the caller. */
export async function recordedPayment(tx: Tx, id: string): Promise<RecordedPayment> {
  const [payment] = await tx.sql<RecordedPayment>(
    `SELECT p.id, p.purpose, p.voided_at IS NOT NULL AS voided, p.refunded_fen AS "refundedFen",
            (SELECT n.id FROM payment AS n WHERE n.replaces_id = p.id) AS "replacedBy",
            (SELECT coalesce(jsonb_agg(jsonb_build_object('id', r.id, 'merchantRefundNo', r.merchant_refund_no)
               ORDER BY r.recorded_at, r.id), '[]')
             FROM refund AS r WHERE r.payment_id = p.id AND r.voided_at IS NULL) AS refunds,
            ${tiesOf('payment', 'p')}
     FROM payment AS p WHERE p.id = $1`,
    [id],
  );
  return payment;
}

/** A refund as it was recorded, with the day on which it is booked and what it took from delivered services. */
export interface BookedRefund extends RecordedRefund {
  channel: string;
  amountFen: Fen;
  bookedOn: Day;
  delivered: { chargeId: string; amountFen: Fen }[];
}

export async function recordedRefund(
  tx: Tx,
  paymentId: string,
  refundId: string,
): Promise<BookedRefund | undefined> {
  const [refund] = await tx.sql<BookedRefund>(
    `SELECT r.payment_id AS "paymentId", p.purpose, r.voided_at IS NOT NULL AS voided, r.channel, r.amount_fen AS "amountFen",
            coalesce(e.booked_on, r.refunded_day) AS "bookedOn",
            (SELECT coalesce(jsonb_agg(jsonb_build_object('chargeId', l.charge_id, 'amountFen', l.amount_fen)), '[]')
             FROM ledger_line AS l JOIN ledger_account AS a ON a.id = l.account_id AND a.kind = 'resident_receivable'
             WHERE l.entry_id = e.id) AS delivered,
            ${tiesOf('refund', 'r')}
     FROM refund AS r JOIN payment AS p ON p.id = r.payment_id
     LEFT JOIN ledger_entry AS e ON e.operator_id = r.operator_id AND e.idempotency_key = 'refund ' || r.id || ' paid'
     WHERE r.id = $2 AND r.payment_id = $1`,
    [paymentId, refundId],
  );
  return refund;
}

/** What a payment is, and when its money was booked. */
export interface BookedPayment {
  merchantOrderNo: string;
  siteId: string | null;
  paidAt: Date;
  bookedOn: Day;
  /** Allocations that waited as an advance, and met their service by an entry of its own. */
  appliedLater: { allocationId: string; day: Day }[];
}

export async function bookedPayment(tx: Tx, id: string): Promise<BookedPayment> {
  const [payment] = await tx.sql<BookedPayment>(
    `SELECT p.merchant_order_no AS "merchantOrderNo", p.site_id AS "siteId", p.paid_at AS "paidAt",
            coalesce(e.booked_on, p.paid_day) AS "bookedOn",
            (SELECT coalesce(jsonb_agg(jsonb_build_object('allocationId', a.id, 'day', met.booked_on) ORDER BY a.place), '[]')
             FROM payment_allocation AS a JOIN ledger_entry AS met
               ON met.operator_id = a.operator_id AND met.idempotency_key = 'allocation ' || a.id || ' applied'
             WHERE a.payment_id = p.id AND a.ended_at IS NULL AND a.applied) AS "appliedLater"
     FROM payment AS p
     LEFT JOIN ledger_entry AS e ON e.operator_id = p.operator_id AND e.idempotency_key = 'payment ' || p.id || ' received'
     WHERE p.id = $1`,
    [id],
  );
  return payment;
}

/** Whose a payment is, and the bookings that it is for: those that it named, then those that it came to pay. */
export interface PaymentHead {
  operatorId: string;
  channel: string;
  bookingIds: string[];
}

/** `siteIds`: that the actor is bound to, or null. */
export async function headOf(tx: Tx, id: string, siteIds: string[] | null): Promise<PaymentHead | undefined> {
  const [head] = await tx.sql<PaymentHead>(
    `SELECT p.operator_id AS "operatorId", p.channel, ARRAY(
       SELECT booking_id FROM (
         SELECT b.id AS booking_id, b.place FROM unnest(p.booking_ids) WITH ORDINALITY AS b (id, place)
         UNION ALL
         SELECT c.booking_id, 1000 + a.place FROM payment_allocation AS a JOIN charge AS c ON c.id = a.charge_id
         WHERE a.payment_id = p.id AND (p.booking_ids IS NULL OR a.ended_at IS NULL OR a.end_reason = 'refunded')) AS named
       GROUP BY booking_id ORDER BY min(place)) AS "bookingIds"
     FROM payment AS p WHERE p.id = $1 AND ($2::uuid[] IS NULL OR p.site_id = ANY ($2))`,
    [id, siteIds],
  );
  return head;
}

/** Whether another payment that stands has the number at that channel. */
export async function numberIsTaken(
  tx: Tx,
  { id, operatorId }: { id: string; operatorId: string },
  { channel, merchantOrderNo }: { channel: string; merchantOrderNo: string },
): Promise<boolean> {
  const taken = await tx.sql(
    `SELECT FROM payment
     WHERE operator_id = $1 AND channel = $2 AND merchant_order_no = $3 AND voided_at IS NULL AND id <> $4`,
    [operatorId, channel, merchantOrderNo, id],
  );
  return taken.length > 0;
}

export interface VoidedBy {
  at: Date;
  by: string;
  reason: string;
}

/** Nothing is meant for anything any more, and nothing of it went back. */
export async function markPaymentVoided(tx: Tx, id: string, { at, by, reason }: VoidedBy): Promise<void> {
  await tx.sql(
    `UPDATE payment SET voided_at = $2, voided_by = $3, void_reason = $4, version = version + 1 WHERE id = $1`,
    [id, at, by, reason],
  );
}

export async function markRefundVoided(
  tx: Tx,
  { id, paymentId, amountFen }: { id: string; paymentId: string; amountFen: Fen },
  { at, by, reason }: VoidedBy,
): Promise<void> {
  await tx.sql(`UPDATE refund SET voided_at = $2, voided_by = $3, void_reason = $4 WHERE id = $1`, [
    ...[id, at, by, reason],
  ]);
  await tx.sql(`UPDATE payment SET refunded_fen = refunded_fen - $2, version = version + 1 WHERE id = $1`, [
    paymentId,
    amountFen,
  ]);
}

/** What was paid on an invoice is paid on it by whatever says it right, too. */
export async function handOnInvoice(tx: Tx, fromId: string, toId: string): Promise<void> {
  await tx.sql(
    `INSERT INTO invoice_payment (payment_id, operator_id, invoice_id)
     SELECT $2, operator_id, invoice_id FROM invoice_payment WHERE payment_id = $1`,
    [fromId, toId],
  );
}
