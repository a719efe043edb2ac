import type { Fen } from '@doorstep/kernel';
import type { Tx } from '@doorstep/platform';
import { asJson } from '../shared/rows';
import type { BankPart } from './match-entries';
import type { Pattern, Suggestion } from './suggestion';
import { LEFT, OPEN, type MatchOf, type NearMiss } from './steps.queries';

const STATEMENT_MS_MAX = 600_000;

/** One matcher per operator at a time: what is expected is shared by all of its accounts. */
export async function beginMatch(tx: Tx, operatorId: string): Promise<void> {
  await tx.sql(
    `SELECT pg_advisory_xact_lock(hashtextextended('match ' || $1, 0)), set_config('statement_timeout', $2, true),
            set_config('work_mem', '64MB', true)`,
    [operatorId, String(STATEMENT_MS_MAX)],
  );
}

/** Remembers what a person thinks of a pattern. */
export async function judgePattern(
  tx: Tx,
  operatorId: string,
  pattern: string,
  judgement: 'confirmed' | 'declined',
): Promise<void> {
  await tx.sql(
    `INSERT INTO match_pattern AS p (operator_id, pattern, ${judgement}) VALUES ($1, $2, 1)
     ON CONFLICT (operator_id, pattern) DO UPDATE SET ${judgement} = p.${judgement} + 1`,
    [operatorId, pattern],
  );
}

export async function patternsOf(tx: Tx, operatorId: string): Promise<Map<string, Pattern>> {
  const rows = await tx.sql<Pattern & { pattern: string }>(
    `SELECT pattern, confirmed, declined FROM match_pattern WHERE operator_id = $1 AND confirmed > 0`,
    [operatorId],
  );
  return new Map(rows.map((row) => [row.pattern, row]));
}

export async function writeSuggestions(
  tx: Tx,
  { operatorId, accountId }: MatchOf,
  suggestions: readonly Suggestion[],
  at: Date,
): Promise<number> {
  const rows = suggestions.map(({ lineId, expectedId, score, reasons, pattern }) => ({
    lineId,
    expectedId,
    score,
    reasons,
    pattern,
  }));
  const [{ count }] = await tx.sql<{ count: number }>(
    `WITH made AS (
       INSERT INTO match_suggestion (id, operator_id, account_id, line_id, expected_id, score, reasons, pattern, status, created_at)
       SELECT uuidv7(), $2, $3, "lineId", "expectedId", score, reasons, pattern, 'open', $4
       FROM jsonb_to_recordset($1) AS s ("lineId" bigint, "expectedId" uuid, score int, reasons jsonb, pattern text)
       ON CONFLICT ON CONSTRAINT suggestion_once DO NOTHING RETURNING 1)
     SELECT count(*)::int AS count FROM made`,
    [asJson(rows), operatorId, accountId, at],
  );
  return count;
}

/** Suggestions whose line or expectation has been matched otherwise. */
export async function overtakeSuggestions(tx: Tx, operatorId: string): Promise<void> {
  await tx.sql(
    `UPDATE match_suggestion AS s SET status = 'overtaken', version = s.version + 1
     FROM statement_line AS l, expected_movement AS e
     WHERE s.operator_id = $1 AND s.status = 'open' AND l.id = s.line_id AND e.id = s.expected_id
       AND (l.matched_fen <> 0 OR NOT ${OPEN})`,
    [operatorId],
  );
}

export interface NewAllocation {
  lineId: number;
  expectedId: string | null;
  exceptionId: string | null;
  amountFen: Fen;
}

/** Allocations that are no step's of a set: by hand, suggested, learnt, within tolerance. */
export async function allocate(
  tx: Tx,
  of: { matchId: string; operatorId: string; step: string; leaveRest?: boolean },
  parts: readonly NewAllocation[],
): Promise<void> {
  if (parts.length === 0) return;
  await tx.sql(
    `INSERT INTO statement_allocation (operator_id, match_id, line_id, expected_id, exception_id, amount_fen, step, leaves_rest)
     SELECT $2, $3, "lineId", "expectedId", "exceptionId", "amountFen", $4, $5
     FROM jsonb_to_recordset($1) AS p ("lineId" bigint, "expectedId" uuid, "exceptionId" uuid, "amountFen" bigint)`,
    [asJson(parts), of.operatorId, of.matchId, of.step, of.leaveRest ?? false],
  );
}

/** Names the fen by which lines differ from what they name, as settled within tolerance. */
export async function nameNearMisses(
  tx: Tx,
  operatorId: string,
  misses: readonly (NearMiss & { id: string })[],
  of: { at: Date; by: string; comment: string },
): Promise<void> {
  if (misses.length === 0) return;
  await tx.sql(
    `INSERT INTO reconciliation_exception (id, operator_id, type, statement_line_id, expected_id, ours_fen, theirs_fen, status,
       resolution, comment, owner_id, created_at, changed_at, changed_by)
     SELECT id, $2, 'amount_difference', "lineId", "expectedId", "expectedFen", "lineFen", 'resolved', 'written_off', $3, $4, $5, $5, $4
     FROM jsonb_to_recordset($1) AS m (id uuid, "lineId" bigint, "expectedId" uuid, "expectedFen" bigint, "lineFen" bigint)`,
    [asJson(misses), operatorId, of.comment, of.by, of.at],
  );
}

/**
 * Every open line, every rest of one and everything overdue has a name in the queue, by what is open of it; what has been
 * matched since leaves it.
 */
export async function nameWhatIsOpen(
  tx: Tx,
  { operatorId, accountId }: Omit<MatchOf, 'matchId'>,
  of: { at: Date; by: string; overdueDays: number; isBank: boolean; comment?: string },
): Promise<number> {
  const named = await tx.sql<{ count: number }>(
    `WITH named AS (
       INSERT INTO reconciliation_exception (id, operator_id, type, statement_line_id, ours_fen, theirs_fen, status, created_at,
         changed_at, changed_by)
       SELECT uuidv7(), $1, 'unknown_in_statement', l.id, l.matched_fen, l.amount_fen, 'open', $3, $3, $4
       FROM statement_line AS l WHERE l.account_id = $2 AND (l.matched_fen = 0 OR l.rest_fen <> 0) ORDER BY l.id
       ON CONFLICT (statement_line_id, type) WHERE parent_id IS NULL AND statement_line_id IS NOT NULL AND type = 'unknown_in_statement'
       DO NOTHING RETURNING 1)
     SELECT count(*)::int AS count FROM named`,
    [operatorId, accountId, of.at, of.by],
  );
  const overdue = of.isBank
    ? await tx.sql<{ count: number }>(
        `WITH seen AS (SELECT max(s.to_day) AS until FROM statement AS s JOIN statement_account AS a ON a.id = s.account_id
                       WHERE s.operator_id = $1 AND a.kind = 'bank'),
         named AS (
           INSERT INTO reconciliation_exception (id, operator_id, type, expected_id, ours_fen, theirs_fen, status, created_at,
             changed_at, changed_by)
           SELECT uuidv7(), $1, 'missing_in_statement', e.id, ${LEFT}, 0, 'open', $3, $3, $4
           FROM expected_movement AS e, seen WHERE e.operator_id = $1 AND ${OPEN} AND e.day + $2::int < seen.until
             -- What a funder paid too much is often seen with the claim that it was paid with.
             AND e.kind <> 'funder_advance' ORDER BY e.id
           ON CONFLICT (expected_id) WHERE parent_id IS NULL AND type = 'missing_in_statement' DO NOTHING RETURNING 1)
         SELECT count(*)::int AS count FROM named`,
        [operatorId, of.overdueDays, of.at, of.by],
      )
    : [];
  await tx.sql(
    `UPDATE reconciliation_exception AS x
     SET status = 'resolved', resolution = 'explained', comment = $4, proposal = NULL, changed_at = $2,
         changed_by = $3, owner_id = coalesce(x.owner_id, $3), version = x.version + 1
     WHERE x.operator_id = $1 AND x.status IN ('open', 'disputed', 'proposed') AND (
       (x.type = 'unknown_in_statement' AND EXISTS (SELECT FROM statement_line AS l WHERE l.id = x.statement_line_id AND l.matched_fen = l.amount_fen))
       OR (x.type = 'missing_in_statement' AND EXISTS (SELECT FROM expected_movement AS e WHERE e.id = x.expected_id AND NOT ${OPEN})))`,
    [operatorId, of.at, of.by, of.comment ?? 'Matched with a statement.'],
  );
  return [...named, ...overdue].reduce((sum, { count }) => sum + count, 0);
}

/**
 * What people do leaves more of a line open, or less: its exception says how much. A proposal to give up the other amount has
 * nothing to wait for any more. Steps take whole lines, so nothing else moves a rest.
 */
export async function nameRest(
  tx: Tx,
  lineId: number,
  { at, by, comment }: { at: Date; by: string; comment?: string },
): Promise<void> {
  await tx.sql(
    `UPDATE reconciliation_exception AS x
     SET ours_fen = l.matched_fen, status = CASE x.status WHEN 'disputed' THEN 'disputed' ELSE 'open' END, resolution = NULL,
         proposal = NULL, comment = coalesce($4, x.comment), changed_at = $2, changed_by = $3, version = x.version + 1
     FROM statement_line AS l
     WHERE l.id = $1 AND x.statement_line_id = l.id AND x.type = 'unknown_in_statement' AND x.parent_id IS NULL
       AND x.ours_fen <> l.matched_fen AND l.matched_fen <> l.amount_fen`,
    [lineId, at, by, comment ?? null],
  );
}

/** What had named the line open, or its parts as missing, and was resolved by its match, names it again. */
export async function reopenExceptions(
  tx: Tx,
  lineId: number,
  { at, by, comment }: { at: Date; by: string; comment: string },
): Promise<void> {
  await tx.sql(
    `UPDATE reconciliation_exception SET status = 'open', resolution = NULL, comment = $4, changed_at = $2,
       changed_by = $3, version = version + 1
     WHERE statement_line_id = $1 AND type = 'unknown_in_statement' AND status = 'resolved'`,
    [lineId, at, by, comment],
  );
  await tx.sql(
    `UPDATE reconciliation_exception AS x SET status = 'open', resolution = NULL, comment = $4, changed_at = $2,
       changed_by = $3, version = x.version + 1
     FROM statement_allocation AS a, expected_movement AS e
     WHERE a.line_id = $1 AND a.undone_at = $2 AND e.id = a.expected_id AND x.expected_id = e.id
       AND x.type = 'missing_in_statement' AND x.status = 'resolved' AND x.resolution = 'explained'`,
    [lineId, at, by, comment],
  );
}

const PART = `a.line_id AS "lineId", l.operator_id AS "operatorId", l.booked_on AS day, acc.code AS bank,
  coalesce(e.contract_id, x.contract_id) AS "contractId", coalesce(e.kind, 'difference') AS kind, e.channel,
  e.funder_id AS "funderId", a.amount_fen AS "amountFen"
  FROM statement_allocation AS a JOIN statement_line AS l ON l.id = a.line_id
  JOIN statement_account AS acc ON acc.id = l.account_id
  LEFT JOIN expected_movement AS e ON e.id = a.expected_id LEFT JOIN reconciliation_exception AS x ON x.id = a.exception_id`;

/** What a match moved on bank accounts, to be booked. Channels' own accounts and funders' lists move nothing there. */
export function partsOfMatch(tx: Tx, matchId: string): Promise<BankPart[]> {
  return tx.sql<BankPart>(
    `SELECT ${PART} WHERE a.match_id = $1 AND acc.kind = 'bank' AND a.undone_at IS NULL ORDER BY a.id`,
    [matchId],
  );
}

/** Undoes a line's allocations: all, those of one match, or those to one exception. @returns what they had moved on a bank account */
export async function undoAllocations(
  tx: Tx,
  lineId: number,
  { at, by }: { at: Date; by: string },
  { matchId, exceptionId }: { matchId?: string; exceptionId?: string } = {},
): Promise<{ undone: number; parts: BankPart[] }> {
  const only = [matchId ?? null, exceptionId ?? null];
  const parts = await tx.sql<BankPart>(
    `SELECT ${PART} WHERE a.line_id = $1 AND acc.kind = 'bank' AND a.undone_at IS NULL
       AND ($2::uuid IS NULL OR a.match_id = $2) AND ($3::uuid IS NULL OR a.exception_id = $3) ORDER BY a.id`,
    [lineId, ...only],
  );
  const undone = await tx.sql<{ id: number }>(
    `UPDATE statement_allocation SET undone_at = $2, undone_by = $3 WHERE line_id = $1 AND undone_at IS NULL
       AND ($4::uuid IS NULL OR match_id = $4) AND ($5::uuid IS NULL OR exception_id = $5) RETURNING id`,
    [lineId, at, by, ...only],
  );
  return { undone: undone.length, parts };
}
