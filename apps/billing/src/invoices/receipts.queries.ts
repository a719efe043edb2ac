import type { Fen } from '@doorstep/kernel';

export interface ReceiptRow {
  id: string;
  operatorId: string;
  paymentId: string;
  contractId: string;
  siteId: string | null;
  year: number;
  number: number;
  issuedOn: string;
  channel: string;
  merchantOrderNo: string;
  paidAt: Date;
  amountFen: Fen;
  refundedFen: Fen;
  voidedAt: Date | null;
}

export interface ReceiptedPayment {
  operatorId: string;
  id: string;
  voided: boolean;
  replacedBy: string | null;
  amountFen: Fen;
  /** Whose services it paid for, when they are one person's. */
  residentId: string | null;
}

/** `$1` payment · `$2` sites that the actor is bound to, or null. Whoever voids it waits, and tells of the receipt, too. */
export const PAYMENT_FOR_RECEIPT = `
  SELECT id, operator_id AS "operatorId", amount_fen AS "amountFen", voided_at IS NOT NULL AS voided,
         (SELECT n.id FROM payment AS n WHERE n.replaces_id = payment.id) AS "replacedBy", (
    SELECT CASE WHEN count(DISTINCT of.id) = 1 THEN (array_agg(of.id))[1] END
    FROM (SELECT c.resident_id AS id FROM payment_allocation a JOIN charge c ON c.id = a.charge_id WHERE a.payment_id = payment.id
          UNION ALL
          SELECT i.resident_id FROM invoice_payment p JOIN invoice i ON i.id = p.invoice_id WHERE p.payment_id = payment.id) AS of
  ) AS "residentId"
  FROM payment
  WHERE id = $1 AND ($2::uuid[] IS NULL OR site_id = ANY ($2)) FOR SHARE OF payment`;

export const WRITE_RECEIPT = `
  INSERT INTO receipt (id, operator_id, payment_id, year, number, issued_on, amount_fen, issued_by, issued_at, issued_to)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`;

const RECEIPT = `
  SELECT r.id, r.operator_id AS "operatorId", r.payment_id AS "paymentId", p.contract_id AS "contractId",
         p.site_id AS "siteId", r.year, r.number, r.issued_on AS "issuedOn", p.channel,
         p.merchant_order_no AS "merchantOrderNo", p.paid_at AS "paidAt", r.amount_fen AS "amountFen",
         p.refunded_fen AS "refundedFen", p.voided_at AS "voidedAt"
  FROM receipt r JOIN payment p ON p.id = r.payment_id`;

/** `$1` id · `$2` sites */
export const RECEIPT_BY_ID = `${RECEIPT} WHERE r.id = $1 AND ($2::uuid[] IS NULL OR p.site_id = ANY ($2))`;

/** `$1` payment · `$2` sites · `$3` go on after · `$4` limit */
export const LIST_RECEIPTS = `
  ${RECEIPT} WHERE ($1::uuid IS NULL OR r.payment_id = $1) AND ($2::uuid[] IS NULL OR p.site_id = ANY ($2))
    AND ($3::uuid IS NULL OR r.id > $3)
  ORDER BY r.id LIMIT $4`;
