import type { Fen } from '@doorstep/kernel';
import type { Tx } from '@doorstep/platform';
import { asJson } from '../shared/rows';
import type { LockedPayment } from './payments.queries';

/** Locks payments, and those that have something set aside for these charges, in the order of their ids. */
export async function lockPayments(
  tx: Tx,
  ids: readonly string[],
  chargeIds: readonly string[] = [],
): Promise<void> {
  if (ids.length === 0 && chargeIds.length === 0) return;
  await tx.sql(
    `SELECT FROM payment WHERE id = ANY (ARRAY(SELECT unnest($1::uuid[]) UNION
       SELECT payment_id FROM payment_allocation WHERE charge_id = ANY ($2) AND ended_at IS NULL))
     ORDER BY id FOR NO KEY UPDATE`,
    [ids, chargeIds],
  );
}

/**
 * Ends what payments had set aside for charges that fell: the money waits as an advance of its payment again.
 * The charges are locked by the caller; payments are locked after them, in the order of their ids.
 */
export async function endAllocations(
  tx: Tx,
  chargeIds: readonly string[],
  reason: string,
  at: Date,
): Promise<void> {
  if (chargeIds.length === 0) return;
  await Promise.all([
    lockPayments(tx, [], chargeIds),
    tx.sql(
      `WITH ended AS (
         UPDATE payment_allocation SET ended_at = $2, end_reason = $3
         WHERE charge_id = ANY ($1) AND ended_at IS NULL RETURNING payment_id, amount_fen),
       freed AS (SELECT payment_id, sum(amount_fen)::bigint AS fen FROM ended GROUP BY payment_id)
       UPDATE payment SET allocated_fen = allocated_fen - freed.fen, version = version + 1
       FROM freed WHERE payment.id = freed.payment_id`,
      [chargeIds, at, reason],
    ),
  ]);
}

/** What becomes of a standing allocation: applied to a delivered service, made smaller, or ended at 0. */
export interface AllocationChange {
  id: string;
  paymentId: string;
  /** What stays of it. */
  amountFen: Fen;
  /** What goes back to the payment's advance. */
  freedFen: Fen;
  applied: boolean;
}

export async function changeAllocations(
  tx: Tx,
  changes: readonly AllocationChange[],
  endReason: string,
  at: Date,
): Promise<void> {
  if (changes.length === 0) return;
  const freeing = changes.filter(({ freedFen }) => freedFen > 0);
  await Promise.all([
    lockPayments(
      tx,
      freeing.map(({ paymentId }) => paymentId),
    ),
    tx.sql(
      `UPDATE payment_allocation AS allocation
       SET applied = allocation.applied OR (change.applied AND change."amountFen" > 0),
           amount_fen = CASE WHEN change."amountFen" > 0 THEN change."amountFen" ELSE allocation.amount_fen END,
           ended_at = CASE WHEN change."amountFen" = 0 THEN $2::timestamptz END,
           end_reason = CASE WHEN change."amountFen" = 0 THEN $3 END
       FROM jsonb_to_recordset($1) AS change (id uuid, "amountFen" bigint, applied boolean)
       WHERE allocation.id = change.id`,
      [asJson(changes), at, endReason],
    ),
    freeing.length > 0 &&
      tx.sql(
        `UPDATE payment SET allocated_fen = allocated_fen - freed.fen, version = version + 1
         FROM (SELECT "paymentId" AS id, sum("freedFen")::bigint AS fen
               FROM jsonb_to_recordset($1) AS change ("paymentId" uuid, "freedFen" bigint) GROUP BY 1) AS freed
         WHERE payment.id = freed.id`,
        [asJson(freeing)],
      ),
  ]);
}

/** What of a payment is meant for a charge, beyond what already is. */
export interface AddedAllocation {
  id: string;
  paymentId: string;
  chargeId: string;
  amountFen: Fen;
  /** The charge is captured. */
  applied: boolean;
}

/** Adds to standing allocations or makes new ones; a payment has one per charge. */
export async function addAllocations(
  tx: Tx,
  operatorId: string,
  rows: readonly AddedAllocation[],
  at: Date,
): Promise<void> {
  await tx.sql(
    `INSERT INTO payment_allocation AS a (id, operator_id, payment_id, charge_id, place, amount_fen, applied, made_at)
     SELECT id, $2, "paymentId", "chargeId",
            (SELECT coalesce(max(place) + 1, 0) FROM payment_allocation WHERE payment_id = "paymentId")
              + row_number() OVER (PARTITION BY "paymentId" ORDER BY id) - 1, "amountFen", applied, $3
     FROM jsonb_to_recordset($1) AS part (id uuid, "paymentId" uuid, "chargeId" uuid, "amountFen" bigint, applied boolean)
     ON CONFLICT (payment_id, charge_id) WHERE ended_at IS NULL
       DO UPDATE SET amount_fen = a.amount_fen + excluded.amount_fen`,
    [asJson(rows), operatorId, at],
  );
  await tx.sql(
    `UPDATE charge SET paid_fen = paid_fen + part.fen
     FROM (SELECT "chargeId" AS id, sum("amountFen")::bigint AS fen
           FROM jsonb_to_recordset($1) AS part ("chargeId" uuid, "amountFen" bigint) GROUP BY 1) AS part
     WHERE charge.id = part.id`,
    [asJson(rows)],
  );
  await tx.sql(
    `UPDATE payment SET allocated_fen = allocated_fen + part.fen, version = version + 1
     FROM (SELECT "paymentId" AS id, sum("amountFen")::bigint AS fen
           FROM jsonb_to_recordset($1) AS part ("paymentId" uuid, "amountFen" bigint) GROUP BY 1) AS part
     WHERE payment.id = part.id`,
    [asJson(rows)],
  );
}

/** What of each of a payment's standing allocations is taken out of it: so much of its charge is open again. */
export async function takeOut(
  tx: Tx,
  { id: paymentId, allocations }: Pick<LockedPayment, 'id' | 'allocations'>,
  taken: readonly Fen[],
  endReason: string,
  at: Date,
): Promise<void> {
  const touched = allocations
    .map((allocation, index) => ({ ...allocation, takenFen: taken[index] }))
    .filter(({ takenFen }) => takenFen > 0);
  if (touched.length === 0) return;
  const changes = touched.map(({ id, amountFen, takenFen, applied }) => ({
    ...{ id, paymentId, amountFen: amountFen - takenFen, freedFen: takenFen, applied },
  }));
  const parts = touched.map(({ chargeId, takenFen }) => ({ chargeId, amountFen: takenFen }));
  await Promise.all([
    changeAllocations(tx, changes, endReason, at),
    tx.sql(
      `UPDATE charge SET paid_fen = paid_fen - part."amountFen"
       FROM jsonb_to_recordset($1) AS part ("chargeId" uuid, "amountFen" bigint) WHERE charge.id = part."chargeId"`,
      [asJson(parts)],
    ),
  ]);
}
