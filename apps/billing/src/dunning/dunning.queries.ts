import type { Fen } from '@doorstep/kernel';
import type { Step } from './dunning';

const PLAN = `
  SELECT id, contract_id AS "contractId", from_day AS "from", to_day AS "to", steps, minimum_fen AS "minimumFen",
         created_at AS "createdAt"
  FROM dunning_plan`;

/** `$1` go on after · `$2` limit */
export const LIST_PLANS = `${PLAN} WHERE $1::uuid IS NULL OR id > $1 ORDER BY id LIMIT $2`;
export const PLAN_BY_ID = `${PLAN} WHERE id = $1`;

/** The plan that is open at its end makes room. `$1` operator · `$2` contract or null · `$3` day */
export const END_PLAN = `
  UPDATE dunning_plan SET to_day = $3
  WHERE operator_id = $1 AND contract_id IS NOT DISTINCT FROM $2 AND to_day IS NULL AND from_day < $3`;

export const ADD_PLAN = `
  INSERT INTO dunning_plan (id, operator_id, contract_id, from_day, steps, minimum_fen, created_by, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`;

export interface UnpaidRow {
  id: string;
  operatorId: string;
  contractId: string;
  residentId: string;
  period: string;
  year: number;
  number: number;
  dueOn: string;
  version: number;
  openFen: Fen;
  planId: string;
  steps: Step[];
  taken: number;
  lastOn: string | null;
}

/**
 * Overdue invoices with an amount that is open, as far as their charges still owe it (a correction may have come that no
 * credit note has followed yet), and the plan of their due day: the contract's own before the general one. Locked, and skipping what another transaction has in hand. `$1` today · `$2` go on after · `$3` limit
 */
export const UNPAID = `
  SELECT i.id, i.operator_id AS "operatorId", i.contract_id AS "contractId", i.resident_id AS "residentId", i.period,
         i.year, i.number, i.due_on AS "dueOn", i.version, owed.fen AS "openFen",
         plan.id AS "planId", plan.steps, coalesce(done.taken, 0) AS taken, done.last_on AS "lastOn"
  FROM invoice i
  CROSS JOIN LATERAL (
    SELECT coalesce(sum(least(said.fen, greatest(0, c.resident_fen + c.resident_correction_fen - c.paid_fen))), 0)::bigint AS fen
    FROM (SELECT s.charge_id, sum(s.net_fen - s.paid_fen) AS fen FROM invoice_line_state s
          WHERE s.invoice_id = i.id GROUP BY s.charge_id) AS said JOIN charge c ON c.id = said.charge_id) AS owed
  CROSS JOIN LATERAL (SELECT p.id, p.steps, p.minimum_fen FROM dunning_plan p
                      WHERE p.operator_id = i.operator_id AND (p.contract_id = i.contract_id OR p.contract_id IS NULL)
                        AND p.from_day <= i.due_on AND (p.to_day IS NULL OR i.due_on < p.to_day)
                      ORDER BY p.contract_id NULLS LAST LIMIT 1) AS plan
  LEFT JOIN LATERAL (SELECT max(step) AS taken, max(reminded_on) AS last_on FROM dunning_reminder r
                     WHERE r.invoice_id = i.id) AS done ON true
  WHERE i.status = 'issued' AND i.settled_at IS NULL AND i.due_on < $1 AND ($2::uuid IS NULL OR i.id > $2)
    AND owed.fen >= greatest(plan.minimum_fen, 1)
  ORDER BY i.id LIMIT $3 FOR NO KEY UPDATE OF i SKIP LOCKED`;

export const REMIND = `
  INSERT INTO dunning_reminder (invoice_id, step, operator_id, plan_id, tone, open_fen, reminded_on, reminded_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (invoice_id, step) DO NOTHING RETURNING step`;

/** `$1` invoice · `$2`,`$3` go on after invoice and step · `$4` limit */
export const LIST_REMINDERS = `
  SELECT invoice_id AS "invoiceId", step, tone, open_fen AS "openFen", reminded_on AS "remindedOn" FROM dunning_reminder
  WHERE ($1::uuid IS NULL OR invoice_id = $1) AND ($2::uuid IS NULL OR (invoice_id, step) > ($2, $3::int))
  ORDER BY invoice_id, step LIMIT $4`;

/** Invoices of which nothing is open any more. `$1` now · `$2` limit */
export const SETTLE = `
  WITH paid AS (
    SELECT i.id FROM invoice i
    WHERE i.status = 'issued' AND i.settled_at IS NULL AND i.amount_fen - i.credited_fen <= (
      SELECT coalesce(sum(s.paid_fen), 0) FROM invoice_line_state s WHERE s.invoice_id = i.id)
    ORDER BY i.id LIMIT $2 FOR NO KEY UPDATE OF i SKIP LOCKED)
  UPDATE invoice SET settled_at = $1, version = version + 1 FROM paid WHERE invoice.id = paid.id
  RETURNING invoice.id, operator_id AS "operatorId", contract_id AS "contractId", resident_id AS "residentId", period, year,
            number, version`;

/** What was given back or voided in the last month opens settled invoices again. `$1` limit · `$2` now */
export const REOPEN = `
  WITH touched AS (
    SELECT DISTINCT l.invoice_id FROM (
      SELECT payment_id FROM refund WHERE recorded_at > $2::timestamptz - interval '30 days'
      UNION SELECT id FROM payment WHERE voided_at > $2::timestamptz - interval '30 days') AS went
    JOIN payment_allocation a ON a.payment_id = went.payment_id
    JOIN invoice_line l ON l.charge_id = a.charge_id AND l.live),
  opened AS (
    SELECT i.id FROM invoice i JOIN touched ON touched.invoice_id = i.id
    WHERE i.status = 'issued' AND i.settled_at IS NOT NULL AND i.amount_fen - i.credited_fen > (
      SELECT coalesce(sum(s.paid_fen), 0) FROM invoice_line_state s WHERE s.invoice_id = i.id)
    ORDER BY i.id LIMIT $1 FOR NO KEY UPDATE OF i SKIP LOCKED)
  UPDATE invoice SET settled_at = NULL, version = version + 1 FROM opened WHERE invoice.id = opened.id`;
