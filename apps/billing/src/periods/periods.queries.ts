import type { Tx } from '@doorstep/platform';
import { OVERSTATED } from '../fapiao/fapiao.queries';
import type { ClosingFigures } from './checklist';

export interface PeriodRow {
  contractId: string;
  period: string;
  status: 'open' | 'closed';
  changedAt: Date;
  changedBy: string;
}

const PERIOD = `contract_id AS "contractId", to_char(month, 'YYYY-MM') AS period, status, changed_at AS "changedAt",
  changed_by AS "changedBy"`;

/**
 * Taken shared by whoever books and exclusively here: no entry slips into a month that is being closed, nor into one before
 * it that would be closed with it.
 */
export async function lockMonths(tx: Tx, contractId: string, from: string, to: string): Promise<void> {
  await tx.sql(
    `SELECT pg_advisory_xact_lock(hashtextextended('ledger ' || $1::uuid || ' ' || month::date, 0))
     FROM generate_series(least(date_trunc('month', $2::timestamp), $3::timestamp), $3::timestamp, '1 month') AS month`,
    [contractId, from, to],
  );
}

export async function findPeriod(tx: Tx, contractId: string, month: string): Promise<PeriodRow | undefined> {
  const [row] = await tx.sql<PeriodRow>(
    `SELECT ${PERIOD} FROM ledger_period WHERE contract_id = $1 AND month = $2 FOR UPDATE`,
    [contractId, month],
  );
  return row;
}

/** Whether nothing is booked into it: closed by name, or with a later one. */
export async function isClosed(
  tx: Tx,
  { operatorId, contractId, month }: { operatorId: string; contractId: string; month: string },
): Promise<boolean> {
  const [{ closed }] = await tx.sql<{ closed: boolean }>(
    `SELECT ledger_month_closed($1, $2, $3::date) AS closed`,
    [operatorId, contractId, month],
  );
  return closed;
}

export async function setPeriod(
  tx: Tx,
  of: {
    operatorId: string;
    contractId: string;
    month: string;
    status: 'open' | 'closed';
    at: Date;
    by: string;
  },
): Promise<PeriodRow> {
  const [row] = await tx.sql<PeriodRow>(
    `INSERT INTO ledger_period (operator_id, contract_id, month, status, changed_at, changed_by)
     VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (operator_id, contract_id, month) DO UPDATE SET status = excluded.status, changed_at = excluded.changed_at,
       changed_by = excluded.changed_by
     RETURNING ${PERIOD}`,
    [of.operatorId, of.contractId, of.month, of.status, of.at, of.by],
  );
  return row;
}

export function listPeriods(
  tx: Tx,
  contractId: string | null,
  [before, beforeContract]: [string | null, string | null],
  limit: number,
): Promise<PeriodRow[]> {
  return tx.sql<PeriodRow>(
    `SELECT ${PERIOD} FROM ledger_period WHERE ($1::uuid IS NULL OR contract_id = $1)
       AND ($2::text IS NULL OR (to_char(month, 'YYYY-MM'), contract_id::text) < ($2, $3))
     ORDER BY to_char(month, 'YYYY-MM') DESC, contract_id::text DESC LIMIT $4`,
    [contractId, before, beforeContract, limit + 1],
  );
}

/** `$1` first day of the month · `$2` contract · `$3` operator */
const CLOSING = `
  WITH month AS (SELECT $1::date AS first, ($1::date + interval '1 month')::date AS next),
  taken AS (
    SELECT p.id AS payment_id, NULL::uuid AS refund_id FROM payment AS p, month AS m
    WHERE p.contract_id = $2 AND p.channel <> 'bank' AND p.voided_at IS NULL AND p.paid_day >= m.first AND p.paid_day < m.next
    UNION ALL
    SELECT NULL, r.id FROM refund AS r JOIN payment AS p ON p.id = r.payment_id, month AS m
    WHERE p.contract_id = $2 AND r.channel <> 'bank' AND r.voided_at IS NULL AND r.refunded_day >= m.first AND r.refunded_day < m.next)
  SELECT
    (SELECT count(DISTINCT date_trunc('month', e.booked_on))::int FROM ledger_entry AS e, month AS m
     WHERE e.contract_id = $2 AND e.booked_on < m.first AND NOT EXISTS (
       SELECT FROM ledger_period AS p WHERE p.contract_id = $2 AND p.status = 'closed'
         AND p.month = date_trunc('month', e.booked_on)::date)) AS "earlierOpenMonths",
    (SELECT count(*)::int FROM charge AS c, month AS m WHERE c.contract_id = $2 AND c.status = 'pending'
       AND c.service_day >= m.first AND c.service_day < m.next) AS "undecidedCharges",
    (SELECT count(*)::int FROM delivery AS d, month AS m WHERE d.contract_id = $2 AND d.service_day >= m.first
       AND d.service_day < m.next AND NOT EXISTS (
         SELECT FROM charge AS c WHERE c.booking_id = d.booking_id AND c.status = 'captured')) AS "unchargedDeliveries",
    (SELECT count(*)::int FROM settlement_file AS f, month AS m WHERE f.operator_id = $3 AND f.status = 'imported'
       AND f.bill_day >= m.first AND f.bill_day < m.next) AS "unreconciledFiles",
    (SELECT count(*)::int FROM taken AS t
     WHERE NOT EXISTS (SELECT FROM settlement_allocation AS a WHERE a.payment_id = t.payment_id OR a.refund_id = t.refund_id)
       AND NOT EXISTS (SELECT FROM reconciliation_exception AS e
                       WHERE e.payment_id = t.payment_id OR e.refund_id = t.refund_id)) AS "unexplainedPayments",
    (SELECT count(*)::int FROM statement_line AS l, month AS m
     WHERE l.operator_id = $3 AND l.booked_on >= m.first AND l.booked_on < m.next
       AND (l.matched_fen = 0 OR l.rest_fen <> 0)
       AND NOT EXISTS (SELECT FROM reconciliation_exception AS e WHERE e.statement_line_id = l.id)) AS "unmatchedLines",
    (SELECT count(*)::int FROM reconciliation_exception AS e, month AS m
     WHERE e.operator_id = $3 AND coalesce(e.contract_id, $2) = $2 AND e.status IN ('open', 'proposed')
       AND e.day >= m.first AND e.day < m.next) AS "openExceptions",
    (SELECT count(*)::int FROM payment_void AS v JOIN payment AS p ON p.id = v.payment_id, month AS m
     WHERE p.contract_id = $2 AND v.status = 'proposed' AND v.books_on >= m.first AND v.books_on < m.next) AS "waitingVoids",
    (SELECT count(*)::int FROM reconciliation_exception AS e, month AS m
     WHERE e.operator_id = $3 AND coalesce(e.contract_id, $2) = $2 AND e.status = 'disputed'
       AND e.day >= m.first AND e.day < m.next) AS "disputedExceptions",
    (SELECT coalesce(sum((m.next - m.first) - covered.days), 0)::int FROM month AS m, statement_account AS a, LATERAL (
       SELECT coalesce(sum(least(s.to_day, m.next - 1) - greatest(s.from_day, m.first) + 1), 0) AS days FROM statement AS s
       WHERE s.account_id = a.id AND s.from_day < m.next AND s.to_day >= m.first) AS covered
     WHERE a.operator_id = $3 AND a.kind = 'bank') AS "uncoveredDays",
    (SELECT count(*)::int FROM claim AS c WHERE c.contract_id = $2 AND c.period = to_char($1::date, 'YYYY-MM')
       AND c.status = 'draft') AS "draftClaims",
    (SELECT count(*)::int FROM charge_share AS s JOIN charge AS c ON c.id = s.charge_id, month AS m
     WHERE c.contract_id = $2 AND c.status = 'captured' AND s.payer = 'funder' AND s.captured_fen > 0
       AND c.booked_on >= m.first AND c.booked_on < m.next
       AND NOT EXISTS (SELECT FROM claim_line AS l WHERE l.share_id = s.id)) AS "unclaimedShares",
    -- Of invoices of earlier months, too: they are credited later.
    (SELECT count(*)::int ${OVERSTATED} AND i.contract_id = $2 AND i.period <= to_char($1::date, 'YYYY-MM')) AS "overstatedFapiao"`;

export async function closingFigures(
  tx: Tx,
  { month, contractId, operatorId }: { month: string; contractId: string; operatorId: string },
): Promise<Omit<ClosingFigures, 'differenceFen'>> {
  const [figures] = await tx.sql<Omit<ClosingFigures, 'differenceFen'>>(CLOSING, [
    month,
    contractId,
    operatorId,
  ]);
  return figures;
}

export interface ReopeningRow {
  id: string;
  contractId: string;
  period: string;
  reason: string;
  askedBy: string;
  askedAt: Date;
  approved: boolean | null;
  decidedBy: string | null;
  decidedAt: Date | null;
  version: number;
}

export const REOPENING = `id, contract_id AS "contractId", to_char(month, 'YYYY-MM') AS period, reason, asked_by AS "askedBy",
  asked_at AS "askedAt", approved, decided_by AS "decidedBy", decided_at AS "decidedAt", version`;

export async function noteAct(
  tx: Tx,
  of: { operatorId: string; contractId: string; month: string; by: string; at: Date },
  act: 'closed' | 'reopen_asked' | 'reopen_approved' | 'reopen_rejected',
  more: { reason?: string; checklist?: object } = {},
): Promise<void> {
  await tx.sql(
    `INSERT INTO period_act (operator_id, contract_id, month, act, by, at, reason, checklist) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      of.operatorId,
      of.contractId,
      of.month,
      act,
      of.by,
      of.at,
      more.reason ?? null,
      more.checklist ? JSON.stringify(more.checklist) : null,
    ],
  );
}
