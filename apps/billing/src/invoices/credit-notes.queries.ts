import type { Fen } from '@doorstep/kernel';
import type { Tx } from '@doorstep/platform';
import { asJson } from '../shared/rows';
import type { CreditReason } from './invoice';

export interface CreditNoteRow {
  id: string;
  operatorId: string;
  invoiceId: string;
  invoiceYear: number;
  invoiceNumber: number;
  contractId: string;
  residentId: string;
  issuedTo: string;
  siteId: string | null;
  period: string;
  year: number;
  number: number;
  issuedOn: string;
  reason: CreditReason;
  comment: string | null;
  amountFen: Fen;
  issuedAt: Date;
}

const NOTE = `
  SELECT n.id, n.operator_id AS "operatorId", n.invoice_id AS "invoiceId", i.year AS "invoiceYear",
         i.number AS "invoiceNumber", i.contract_id AS "contractId", i.resident_id AS "residentId",
         coalesce(i.issued_to, i.resident_id) AS "issuedTo", i.site_id AS "siteId", i.period, n.year, n.number, n.issued_on AS "issuedOn", n.reason, n.comment, n.amount_fen AS "amountFen",
         n.issued_at AS "issuedAt"
  FROM credit_note n JOIN invoice i ON i.id = n.invoice_id`;

/** `$1` id · `$2` sites that the actor is bound to, or null */
export const NOTE_BY_ID = `${NOTE} WHERE n.id = $1 AND ($2::uuid[] IS NULL OR i.site_id = ANY ($2))`;

/** `$1` invoice · `$2` resident · `$3` sites · `$4` go on after · `$5` limit */
export const LIST_NOTES = `
  ${NOTE} WHERE ($1::uuid IS NULL OR n.invoice_id = $1) AND ($2::uuid IS NULL OR i.resident_id = current_resident($2))
    AND ($3::uuid[] IS NULL OR i.site_id = ANY ($3)) AND ($4::uuid IS NULL OR n.id > $4)
  ORDER BY n.id LIMIT $5`;

export const LINES_OF_NOTE = `
  SELECT k.invoice_line_id AS "lineId", l.charge_id AS "chargeId", l.kind, l.service_day AS "serviceDay",
         l.site_id AS "siteId", l.amount_fen AS "invoicedFen", k.amount_fen AS "amountFen"
  FROM credit_note_line k JOIN invoice_line l ON l.id = k.invoice_line_id
  WHERE k.credit_note_id = $1 ORDER BY l.service_day, l.id`;

export interface NoteLineRow {
  lineId: string;
  chargeId: string;
  kind: string;
  serviceDay: string;
  siteId: string;
  invoicedFen: Fen;
  amountFen: Fen;
}

export interface NewNote {
  id: string;
  operatorId: string;
  invoiceId: string;
  year: number;
  number: number;
  issuedOn: string;
  reason: CreditReason;
  comment: string | null;
  amountFen: Fen;
  issuedBy: string;
  issuedAt: Date;
}

/** Writes a credit note and what it leaves of the invoice and its lines, whose checks let no fen too much through. */
export async function writeNote(
  tx: Tx,
  note: NewNote,
  lines: readonly { id: string; amountFen: Fen }[],
): Promise<void> {
  const {
    id,
    operatorId,
    invoiceId,
    year,
    number,
    issuedOn,
    reason,
    comment,
    amountFen,
    issuedBy,
    issuedAt,
  } = note;
  const credited = asJson(lines);
  await tx.sql(
    `INSERT INTO credit_note (id, operator_id, invoice_id, year, number, issued_on, reason, comment, amount_fen, issued_by,
                              issued_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [id, operatorId, invoiceId, year, number, issuedOn, reason, comment, amountFen, issuedBy, issuedAt],
  );
  await tx.sql(
    `INSERT INTO credit_note_line (credit_note_id, operator_id, invoice_line_id, amount_fen)
     SELECT $2, $3, id, "amountFen" FROM jsonb_to_recordset($1) AS line (id uuid, "amountFen" bigint)`,
    [credited, id, operatorId],
  );
  await tx.sql(
    `UPDATE invoice_line SET credited_fen = credited_fen + line."amountFen"
     FROM jsonb_to_recordset($1) AS line (id uuid, "amountFen" bigint) WHERE invoice_line.id = line.id`,
    [credited],
  );
  await tx.sql(
    `UPDATE invoice SET credited_fen = credited_fen + $2, changed_at = $3, version = version + 1 WHERE id = $1`,
    [invoiceId, amountFen, issuedAt],
  );
}

/** Live lines of issued invoices, with what all of their charge's say and what it owes after corrections; a condition follows. */
export const BILLED_LINES = `
  SELECT l.id, l.invoice_id, l.charge_id, l.amount_fen - l.credited_fen AS net,
         sum(l.amount_fen - l.credited_fen) OVER (PARTITION BY l.charge_id) AS billed,
         sum(l.amount_fen - l.credited_fen) OVER (PARTITION BY l.charge_id ORDER BY l.sequence DESC) AS billed_from,
         c.resident_fen + c.resident_correction_fen AS owed
  FROM invoice_line l JOIN invoice i ON i.id = l.invoice_id JOIN charge c ON c.id = l.charge_id
  WHERE l.live AND i.status = 'issued'`;

/** What such a line says too much, a charge's latest line first. */
export const BILLED_TOO_MUCH = `least(net, greatest(0, billed - owed - (billed_from - net)))::bigint`;

/**
 * Live lines of issued invoices that say more than their charges owe after corrections: what is to be credited of each.
 * `$1` operator · `$2` contract · `$3` resident or null
 */
export const OVERBILLED = `
  WITH lines AS (
    ${BILLED_LINES} AND i.operator_id = $1 AND i.contract_id = $2 AND ($3::uuid IS NULL OR i.resident_id = $3)
      AND EXISTS (SELECT FROM charge_correction k WHERE k.charge_id = c.id AND k.resident_fen < 0))
  SELECT invoice_id AS "invoiceId", id, ${BILLED_TOO_MUCH} AS "amountFen"
  FROM lines WHERE billed > owed AND billed - owed - (billed_from - net) > 0 AND net > 0
  ORDER BY invoice_id, id LIMIT 5000`;
