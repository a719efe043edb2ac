import type { Fen } from '@doorstep/kernel';
import type { Tx } from '@doorstep/platform';
import type { InvoiceStatus, StoredStatus } from './invoice';

/** An invoice as every statement here answers it. */
export interface InvoiceRow {
  id: string;
  operatorId: string;
  contractId: string;
  residentId: string;
  issuedTo: string;
  siteId: string | null;
  period: string;
  stored: StoredStatus;
  status: InvoiceStatus;
  year: number | null;
  number: number | null;
  issuedOn: string | null;
  dueOn: string | null;
  lines: number;
  amountFen: Fen;
  creditedFen: Fen;
  paidFen: Fen;
  openFen: Fen;
  voidReason: string | null;
  createdAt: Date;
  changedAt: Date;
  version: number;
}

export interface InvoiceLineRow {
  id: string;
  chargeId: string;
  bookingId: string;
  sequence: number;
  siteId: string;
  kind: string;
  mode: string;
  serviceDay: string;
  minutes: number;
  quantity: number;
  grossFen: Fen;
  fundersFen: Fen;
  operatorFen: Fen;
  amountFen: Fen;
  creditedFen: Fen;
  paidFen: Fen;
}

/** With what of it is paid; a void one has nothing open. */
const INVOICE = `
  SELECT i.id, i.operator_id AS "operatorId", i.contract_id AS "contractId", i.resident_id AS "residentId",
         coalesce(i.issued_to, i.resident_id) AS "issuedTo", i.site_id AS "siteId", i.period, i.status AS stored, i.year, i.number, i.issued_on AS "issuedOn",
         i.due_on AS "dueOn", i.lines, i.amount_fen AS "amountFen", i.credited_fen AS "creditedFen",
         paid.fen AS "paidFen", CASE WHEN i.status = 'void' THEN 0 ELSE i.amount_fen - i.credited_fen - paid.fen END AS "openFen",
         CASE WHEN i.status <> 'issued' THEN i.status
              WHEN i.amount_fen - i.credited_fen - paid.fen = 0 THEN 'paid'
              WHEN paid.fen > 0 THEN 'partly_paid' ELSE 'issued' END AS status,
         i.void_reason AS "voidReason", i.created_at AS "createdAt", i.changed_at AS "changedAt", i.version
  FROM invoice i CROSS JOIN LATERAL (
    SELECT coalesce(sum(s.paid_fen), 0)::bigint AS fen FROM invoice_line_state s WHERE s.invoice_id = i.id) AS paid`;

/** `$1` id · `$2` sites that the actor is bound to, or null */
export const INVOICE_BY_ID = `${INVOICE} WHERE i.id = $1 AND ($2::uuid[] IS NULL OR i.site_id = ANY ($2))`;

export async function lockInvoice(
  tx: Tx,
  id: string,
  siteIds: string[] | null,
): Promise<InvoiceRow | undefined> {
  await tx.sql(`SELECT FROM invoice WHERE id = $1 FOR NO KEY UPDATE`, [id]);
  const [invoice] = await tx.sql<InvoiceRow>(INVOICE_BY_ID, [id, siteIds]);
  return invoice;
}

export interface InvoicesSought {
  contractId?: string;
  residentId?: string;
  period?: string;
  status?: InvoiceStatus;
  siteIds: string[] | null;
  after?: string;
}

export function listInvoices(tx: Tx, sought: InvoicesSought, limit: number): Promise<InvoiceRow[]> {
  const { contractId, residentId, period, status, siteIds, after } = sought;
  return tx.sql<InvoiceRow>(
    `SELECT * FROM (${INVOICE}
       WHERE ($2::uuid IS NULL OR i.id > $2) AND ($3::uuid IS NULL OR i.contract_id = $3)
         AND ($4::uuid IS NULL OR i.resident_id = current_resident($4)) AND ($5::text IS NULL OR i.period = $5)
         AND ($7::uuid[] IS NULL OR i.site_id = ANY ($7))
         AND ($6::text IS NULL OR i.status = CASE WHEN $6 IN ('draft', 'void') THEN $6 ELSE 'issued' END)) AS shown
     WHERE $6::text IS NULL OR status = $6 ORDER BY id LIMIT $1`,
    [
      limit + 1,
      after ?? null,
      contractId ?? null,
      residentId ?? null,
      period ?? null,
      status ?? null,
      siteIds,
    ],
  );
}

/** Lines by day; `after` is the day and id of the last one seen. Everything when there is no limit. */
export function linesOf(
  tx: Tx,
  invoiceId: string,
  after: { serviceDay: string; id: string } | undefined,
  limit: number | null,
): Promise<InvoiceLineRow[]> {
  return tx.sql<InvoiceLineRow>(
    `SELECT l.id, l.charge_id AS "chargeId", c.booking_id AS "bookingId", l.sequence, l.site_id AS "siteId", l.kind, l.mode,
            l.service_day AS "serviceDay", l.minutes, l.quantity, l.gross_fen AS "grossFen",
            l.funders_fen AS "fundersFen", l.operator_fen AS "operatorFen", l.amount_fen AS "amountFen",
            l.credited_fen AS "creditedFen", coalesce(s.paid_fen, 0) AS "paidFen"
     FROM invoice_line l JOIN charge c ON c.id = l.charge_id LEFT JOIN invoice_line_state s ON s.id = l.id
     WHERE l.invoice_id = $1 AND ($2::date IS NULL OR (l.service_day, l.id) > ($2, $3::uuid))
     ORDER BY l.service_day, l.id LIMIT $4`,
    [invoiceId, after?.serviceDay ?? null, after?.id ?? null, limit],
  );
}

/** Invoices and credits of one contract are made one after the other, so each charge is looked at by one. */
export const LOCK_CONTRACT = `SELECT pg_advisory_xact_lock(hashtextextended('invoices ' || $1 || $2, 0))`;

export const DROP_DRAFTS = `
  DELETE FROM invoice WHERE status = 'draft' AND operator_id = $1 AND contract_id = $2
    AND ($3::uuid IS NULL OR resident_id = $3)`;

/** Charges whose resident owes more than live invoices say, up to the end of the month. */
const UNBILLED = `
  SELECT c.*, c.resident_fen + c.resident_correction_fen - coalesce(billed.fen, 0) AS due_fen,
         coalesce(billed.next, 0) AS sequence
  FROM charge c LEFT JOIN LATERAL (
    SELECT sum(l.amount_fen - l.credited_fen)::bigint AS fen, max(l.sequence) + 1 AS next
    FROM invoice_line l WHERE l.charge_id = c.id AND l.live) AS billed ON true
  WHERE c.operator_id = $1 AND c.contract_id = $2 AND c.status = 'captured'
    AND c.booked_on < (($3 || '-01')::date + interval '1 month') AND ($4::uuid IS NULL OR c.resident_id = $4)
    AND c.resident_fen + c.resident_correction_fen > coalesce(billed.fen, 0)`;

/** Locks what is going to be on invoices, so that no correction slips in between. */
export const LOCK_UNBILLED = `
  SELECT FROM charge WHERE id IN (SELECT id FROM (${UNBILLED}) AS due) ORDER BY id FOR NO KEY UPDATE`;

/**
 * Draws up drafts, one for each resident, in one statement. `$1` operator · `$2` contract · `$3` month · `$4` resident or
 * null · `$5` most residents · `$6` person · `$7` now
 */
export const DRAW_UP = `
  WITH due AS (${UNBILLED}),
  residents AS (SELECT DISTINCT resident_id FROM due ORDER BY 1 LIMIT $5),
  chosen AS (SELECT due.* FROM due JOIN residents USING (resident_id)),
  drawn AS (
    INSERT INTO invoice (id, operator_id, contract_id, resident_id, site_id, period, status, lines, amount_fen,
                         created_by, created_at, changed_at)
    SELECT uuidv7(), $1, $2, resident_id, CASE WHEN count(DISTINCT site_id) = 1 THEN min(site_id::text)::uuid END, $3,
           'draft', count(*), sum(due_fen), $6, $7, $7
    FROM chosen GROUP BY resident_id ORDER BY resident_id
    RETURNING id, resident_id, amount_fen),
  lined AS (
    INSERT INTO invoice_line (id, operator_id, invoice_id, charge_id, sequence, site_id, kind, mode, service_day, minutes,
                              quantity, gross_fen, funders_fen, operator_fen, amount_fen)
    SELECT uuidv7(), $1, drawn.id, c.id, c.sequence, c.site_id, c.kind, c.mode, c.service_day, c.billed_minutes, c.quantity,
           -- A later line shows what was added, nothing else.
           CASE WHEN c.sequence > 0 THEN c.due_fen ELSE c.gross_fen + coalesce(k.gross, 0) END,
           CASE WHEN c.sequence > 0 THEN 0 ELSE c.funders_fen + coalesce(k.funders, 0) END,
           CASE WHEN c.sequence > 0 THEN 0 ELSE c.operator_fen + coalesce(k.operator, 0) END, c.due_fen
    FROM chosen c JOIN drawn ON drawn.resident_id = c.resident_id LEFT JOIN LATERAL (
      SELECT sum(gross_fen)::bigint AS gross, sum(funders_fen)::bigint AS funders, sum(operator_fen)::bigint AS operator
      FROM charge_correction WHERE charge_id = c.id) AS k ON true)
  SELECT id, amount_fen AS "amountFen" FROM drawn`;

/** The first of so many numbers of a year, gapless. */
export async function nextNumbers(
  tx: Tx,
  operatorId: string,
  series: 'invoice' | 'credit_note' | 'receipt',
  year: number,
  many: number,
): Promise<number> {
  const [{ first }] = await tx.sql<{ first: number }>(
    `SELECT next_document_numbers($1, $2, $3, $4) AS first`,
    [operatorId, series, year, many],
  );
  return first;
}

/** `$1` ids · `$2` year · `$3` first number · `$4` day · `$5` due day · `$6` now */
export const ISSUE = `
  UPDATE invoice SET status = 'issued', year = $2, number = $3 + placed.place, issued_on = $4, due_on = $5, changed_at = $6,
         version = version + 1
  FROM (SELECT id, (row_number() OVER (ORDER BY id) - 1)::int AS place FROM unnest($1::uuid[]) AS id) AS placed
  WHERE invoice.id = placed.id AND status = 'draft'
  RETURNING invoice.id, operator_id AS "operatorId", contract_id AS "contractId", resident_id AS "residentId", period,
            number, amount_fen AS "amountFen", version`;

export interface IssuedRow {
  id: string;
  operatorId: string;
  contractId: string;
  residentId: string;
  period: string;
  number: number;
  amountFen: Fen;
  version: number;
}

/** Draft lines that no longer say what their charges owe. */
export const OUTDATED = `
  SELECT count(*)::int AS lines FROM invoice_line l JOIN charge c ON c.id = l.charge_id
  WHERE l.invoice_id = $1 AND l.amount_fen <> c.resident_fen + c.resident_correction_fen - coalesce((
    SELECT sum(o.amount_fen - o.credited_fen) FROM invoice_line o
    WHERE o.charge_id = c.id AND o.live AND o.invoice_id <> l.invoice_id), 0)`;

export const LOCK_CHARGES_OF = `
  SELECT FROM charge WHERE id IN (SELECT charge_id FROM invoice_line WHERE invoice_id = $1) ORDER BY id FOR NO KEY UPDATE`;

export const VOID_LINES = `UPDATE invoice_line SET live = false WHERE invoice_id = $1`;

/** `$1` id · `$2` why · `$3` now */
export const VOID = `
  UPDATE invoice SET status = 'void', void_reason = $2, settled_at = NULL, changed_at = $3, version = version + 1 WHERE id = $1`;

/** A blue fapiao of the invoice that nothing has reversed. */
export const STANDING_FAPIAO = `
  SELECT id FROM fapiao WHERE invoice_id = $1 AND colour = 'blue' AND status IN ('requested', 'handed_over', 'issued')
  LIMIT 1`;
