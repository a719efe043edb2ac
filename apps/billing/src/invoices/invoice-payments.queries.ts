import type { Fen } from '@doorstep/kernel';
import type { Tx } from '@doorstep/platform';

/** What of the resident's earlier payments is still free; oldest first, under lock. */
export interface FreePayment {
  id: string;
  freeFen: Fen;
}

/**
 * Payments for services that are one resident's alone: made on its invoices, or only ever meant for its charges. What is
 * held on a card or the like is used when it is asked for. `$1` resident ·
 * `$2` contract
 */
const OWN_PAYMENTS = `
  SELECT p.id FROM payment p JOIN invoice_payment ip ON ip.payment_id = p.id JOIN invoice i ON i.id = ip.invoice_id
  WHERE i.resident_id = $1 AND p.contract_id = $2 AND p.purpose = 'services'
  UNION
  SELECT p.id FROM charge c JOIN payment_allocation a ON a.charge_id = c.id JOIN payment p ON p.id = a.payment_id
  WHERE c.resident_id = $1 AND c.contract_id = $2 AND p.purpose = 'services' AND NOT EXISTS (
    SELECT FROM payment_allocation o JOIN charge other ON other.id = o.charge_id
    WHERE o.payment_id = p.id AND other.resident_id <> $1)`;

export function lockFreePayments(tx: Tx, residentId: string, contractId: string): Promise<FreePayment[]> {
  return tx.sql<FreePayment>(
    `SELECT id, amount_fen - allocated_fen - refunded_fen AS "freeFen" FROM payment
     WHERE id IN (${OWN_PAYMENTS}) AND voided_at IS NULL AND amount_fen > allocated_fen + refunded_fen
     ORDER BY id FOR NO KEY UPDATE`,
    [residentId, contractId],
  );
}

export async function creditOfResident(tx: Tx, residentId: string, contractId: string): Promise<Fen> {
  const [{ fen }] = await tx.sql<{ fen: Fen }>(
    `SELECT coalesce(sum(amount_fen - allocated_fen - refunded_fen), 0)::bigint AS fen FROM payment
     WHERE id IN (${OWN_PAYMENTS}) AND voided_at IS NULL`,
    [residentId, contractId],
  );
  return fen;
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
