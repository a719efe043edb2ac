import type { FapiaoDto } from './fapiao.dto';

export type FapiaoRow = FapiaoDto;

const FAPIAO = `
  SELECT id, operator_id AS "operatorId", invoice_id AS "invoiceId", colour, reverses_id AS "reversesId", status,
         amount_fen AS "amountFen", reversed_fen AS "reversedFen", buyer_title AS "buyerTitle",
         buyer_tax_no AS "buyerTaxNo", content, fapiao_number AS "fapiaoNumber", issued_on AS "issuedOn", reason,
         created_at AS "createdAt", changed_at AS "changedAt", version
  FROM fapiao`;

export const FAPIAO_BY_ID = `${FAPIAO} WHERE id = $1`;
export const FAPIAO_FOR_UPDATE = `${FAPIAO_BY_ID} FOR NO KEY UPDATE`;

/** `$1` invoice · `$2` status · `$3` go on after · `$4` limit */
export const LIST_FAPIAO = `
  ${FAPIAO} WHERE ($1::uuid IS NULL OR invoice_id = $1) AND ($2::text IS NULL OR status = $2)
    AND ($3::uuid IS NULL OR id > $3) ORDER BY id LIMIT $4`;

export const ADD_FAPIAO = `
  INSERT INTO fapiao (id, operator_id, invoice_id, colour, reverses_id, status, amount_fen, buyer_title, buyer_tax_no,
                      content, reason, created_by, created_at, changed_at)
  VALUES ($1, $2, $3, $4, $5, 'requested', $6, $7, $8, $9, $10, $11, $12, $12)`;

/** `$1` id · `$2` status · `$3` number · `$4` day · `$5` reason · `$6` now */
export const CHANGE_FAPIAO = `
  UPDATE fapiao SET status = $2, fapiao_number = coalesce($3, fapiao_number), issued_on = coalesce($4, issued_on),
         reason = coalesce($5, reason), changed_at = $6, version = version + 1 WHERE id = $1`;

/** Takes back, or gives back when the platform rejects a red one. `$1` blue · `$2` fen · `$3` now */
export const MOVE_REVERSED = `
  UPDATE fapiao SET reversed_fen = reversed_fen + $2, changed_at = $3, version = version + 1 WHERE id = $1`;

/** Blue ones that issued red ones have taken back whole. `$1` blue */
export const REVERSED_WHOLE = `
  SELECT FROM fapiao b WHERE b.id = $1 AND b.amount_fen = (
    SELECT sum(r.amount_fen) FROM fapiao r WHERE r.reverses_id = b.id AND r.status = 'issued')`;

/** With what the platform wants to know. `$1` limit */
export const TO_HAND_OVER = `
  SELECT f.id, f.operator_id AS "operatorId", f.colour, i.year, i.number, f.amount_fen AS "amountFen",
         f.buyer_title AS "buyerTitle", f.buyer_tax_no AS "buyerTaxNo", f.content, f.reason,
         b.fapiao_number AS "reversesNumber"
  FROM fapiao f JOIN invoice i ON i.id = f.invoice_id LEFT JOIN fapiao b ON b.id = f.reverses_id
  WHERE f.status = 'requested' ORDER BY f.id LIMIT $1`;

export interface ToHandOver {
  id: string;
  operatorId: string;
  colour: 'blue' | 'red';
  year: number;
  number: number;
  amountFen: number;
  buyerTitle: string;
  buyerTaxNo: string | null;
  content: string;
  reason: string | null;
  reversesNumber: string | null;
}
