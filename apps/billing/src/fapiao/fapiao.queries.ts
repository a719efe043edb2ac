import { BILLED_LINES, BILLED_TOO_MUCH } from '../invoices/credit-notes.queries';
import type { FapiaoDto, FapiaoExcessDto } from './fapiao.dto';

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

/**
 * Issued blue fapiao `f`, less what red ones take back, that say more than is left of their invoices `i`: after credit notes,
 * and after corrections that no credit note has taken off yet. Few invoices are credited or corrected, and only those are
 * looked at line by line. Conditions may follow.
 */
export const OVERSTATED = `
  FROM fapiao AS f JOIN invoice AS i ON i.id = f.invoice_id
  CROSS JOIN LATERAL (SELECT f.amount_fen - f.reversed_fen AS says_fen) AS blue
  CROSS JOIN LATERAL (
    SELECT i.amount_fen - i.credited_fen - coalesce(sum(${BILLED_TOO_MUCH}) FILTER (WHERE billed.invoice_id = f.invoice_id), 0) AS fen
    FROM (${BILLED_LINES} AND l.charge_id IN (
      SELECT own.charge_id FROM invoice_line AS own WHERE own.invoice_id = f.invoice_id AND own.live AND EXISTS (
        SELECT FROM charge_correction AS k WHERE k.charge_id = own.charge_id AND k.resident_fen < 0))) AS billed) AS remains
  WHERE f.colour = 'blue' AND f.status = 'issued' AND blue.says_fen > remains.fen
    AND (blue.says_fen > i.amount_fen - i.credited_fen OR f.invoice_id IN (
      SELECT l.invoice_id FROM charge_correction AS k JOIN invoice_line AS l ON l.charge_id = k.charge_id AND l.live
      WHERE k.resident_fen < 0))`;

/** `$1` contract · `$2` period · `$3` go on after · `$4` limit */
export const LIST_EXCESSES = `
  SELECT f.id AS "fapiaoId", f.fapiao_number AS "fapiaoNumber", f.invoice_id AS "invoiceId", i.year, i.number,
         i.contract_id AS "contractId", i.period, blue.says_fen AS "saysFen", remains.fen::bigint AS "remainsFen",
         (blue.says_fen - remains.fen)::bigint AS "excessFen"
  ${OVERSTATED} AND ($1::uuid IS NULL OR i.contract_id = $1) AND ($2::text IS NULL OR i.period = $2)
    AND ($3::uuid IS NULL OR f.id > $3) ORDER BY f.id LIMIT $4`;

export type ExcessRow = Omit<FapiaoExcessDto, 'invoiceNumber'> & { year: number; number: number };
