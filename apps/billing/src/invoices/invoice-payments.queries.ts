import type { Fen } from '@doorstep/kernel';
import type { Tx } from '@doorstep/platform';
import { asJson } from '../shared/rows';

/** What of the resident's earlier payments is still free; oldest first, under lock. */
export interface FreePayment {
  id: string;
  freeFen: Fen;
}

/**
 * Payments that are one resident's alone: made on its invoices, or only ever meant for its charges. `$1` resident ·
 * `$2` contract
 */
const OWN_PAYMENTS = `
  SELECT p.id FROM payment p JOIN invoice_payment ip ON ip.payment_id = p.id JOIN invoice i ON i.id = ip.invoice_id
  WHERE i.resident_id = $1 AND p.contract_id = $2
  UNION
  SELECT p.id FROM charge c JOIN payment_allocation a ON a.charge_id = c.id JOIN payment p ON p.id = a.payment_id
  WHERE c.resident_id = $1 AND c.contract_id = $2 AND NOT EXISTS (
    SELECT FROM payment_allocation o JOIN charge other ON other.id = o.charge_id
    WHERE o.payment_id = p.id AND other.resident_id <> $1)`;

export function lockFreePayments(tx: Tx, residentId: string, contractId: string): Promise<FreePayment[]> {
  return tx.sql<FreePayment>(
    `SELECT id, amount_fen - allocated_fen - refunded_fen AS "freeFen" FROM payment
     WHERE id IN (${OWN_PAYMENTS}) AND amount_fen > allocated_fen + refunded_fen
     ORDER BY id FOR NO KEY UPDATE`,
    [residentId, contractId],
  );
}

export async function creditOfResident(tx: Tx, residentId: string, contractId: string): Promise<Fen> {
  const [{ fen }] = await tx.sql<{ fen: Fen }>(
    `SELECT coalesce(sum(amount_fen - allocated_fen - refunded_fen), 0)::bigint AS fen FROM payment
     WHERE id IN (${OWN_PAYMENTS})`,
    [residentId, contractId],
  );
  return fen;
}

export interface Application {
  id: string;
  paymentId: string;
  chargeId: string;
  amountFen: Fen;
}

/** Adds to standing allocations or makes new ones; a payment has one per charge. */
export async function writeApplications(
  tx: Tx,
  operatorId: string,
  rows: readonly Application[],
  at: Date,
): Promise<void> {
  await tx.sql(
    `INSERT INTO payment_allocation AS a (id, operator_id, payment_id, charge_id, place, amount_fen, applied, made_at)
     SELECT id, $2, "paymentId", "chargeId",
            (SELECT coalesce(max(place) + 1, 0) FROM payment_allocation WHERE payment_id = "paymentId")
              + row_number() OVER (PARTITION BY "paymentId" ORDER BY id) - 1, "amountFen", true, $3
     FROM jsonb_to_recordset($1) AS part (id uuid, "paymentId" uuid, "chargeId" uuid, "amountFen" bigint)
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

export async function linkPayment(
  tx: Tx,
  paymentId: string,
  operatorId: string,
  invoiceId: string,
): Promise<void> {
  await tx.sql(`INSERT INTO invoice_payment (payment_id, operator_id, invoice_id) VALUES ($1, $2, $3)`, [
    paymentId,
    operatorId,
    invoiceId,
  ]);
}
