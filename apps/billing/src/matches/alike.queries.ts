import type { Tx } from '@doorstep/platform';
import { LEFT, OPEN, takenApart, type MatchOf } from './steps.queries';
import type { Candidate } from './suggestion';

/*
 * Open lines and open expectations that have at least the amount or the name in common, but for what people have refused.
 * Twins make many pairs (a thousand meals of one price a million), so lines are looked at some at a time, and of each one's
 * look-alikes the likeliest: every line gets its turn, and nobody reads its hundredth suggestion.
 */

const LINES_AT_ONCE = 100;
const ALIKE_MAX = 100;

const CANDIDATE = `l.id AS "lineId", e.id AS "expectedId", e.kind, l.amount_fen AS "lineFen", ${LEFT} AS "expectedFen",
  l.booked_on AS "bookedOn", e.day, coalesce(l.counterparty, '') AS counterparty, l.text, coalesce(e.party, '') AS party,
  coalesce(e.reference, '') AS reference`;

const NAMED = `(length(e.party) > 1 AND strpos(coalesce(l.counterparty, '') || ' ' || l.text, e.party) > 0)`;

/** `$1` operator · `$2` account */
const ALIKE = `
  l.account_id = $2 AND l.matched_fen = 0 AND e.operator_id = $1 AND ${OPEN}
  AND sign(e.amount_fen) = sign(l.amount_fen) AND l.booked_on BETWEEN e.day - 3 AND e.day + 60
  AND (${LEFT} = l.amount_fen OR ${NAMED})
  AND NOT EXISTS (SELECT FROM match_suggestion AS s WHERE s.line_id = l.id AND s.expected_id = e.id AND s.status = 'declined')
  AND NOT ${takenApart('l.id', 'expected_id', 'e.id')}`;

const CARRIES = (part: string): string => `strpos(upper(l.text), upper(${part})) > 0`;

/** The points of suggestion.ts as far as SQL sees them; numbers are cut off at an end, hardly ever at both. */
const AT_FIRST_SIGHT = `
  CASE WHEN ${LEFT} = l.amount_fen THEN 45 ELSE 0 END + CASE WHEN ${NAMED} THEN 20 ELSE 0 END
  + CASE WHEN l.booked_on - e.day BETWEEN 0 AND 7 THEN 15 WHEN l.booked_on - e.day BETWEEN 8 AND 30 THEN 5 ELSE 0 END
  + CASE WHEN length(e.reference) < 6 THEN 0 WHEN ${CARRIES('e.reference')} THEN 30
      WHEN ${CARRIES('left(e.reference, 6)')} OR ${CARRIES('right(e.reference, 6)')} THEN 15 ELSE 0 END`;

/** The next open lines of the account, oldest first; none when all have had their turn. */
export async function nextOpenLines(tx: Tx, { accountId }: MatchOf, after: number): Promise<number[]> {
  const rows = await tx.sql<{ id: number }>(
    `SELECT id FROM statement_line WHERE account_id = $1 AND matched_fen = 0 AND id > $2 ORDER BY id LIMIT $3`,
    [accountId, after, LINES_AT_ONCE],
  );
  return rows.map(({ id }) => id);
}

/** What looks like each of these lines. */
export function alikeToLines(
  tx: Tx,
  { operatorId, accountId }: MatchOf,
  lineIds: readonly number[],
): Promise<Candidate[]> {
  return tx.sql<Candidate>(
    `SELECT ${CANDIDATE} FROM statement_line AS l CROSS JOIN LATERAL (
       SELECT e.* FROM expected_movement AS e WHERE ${ALIKE}
       ORDER BY ${AT_FIRST_SIGHT} DESC NULLS LAST, e.day, e.id LIMIT ${ALIKE_MAX}) AS e
     WHERE l.id = ANY ($3) ORDER BY l.id, e.id`,
    [operatorId, accountId, lineIds],
  );
}

/** Which lines of the account, whether they have had their turn or not, look like each of these expectations. */
export function alikeToExpected(
  tx: Tx,
  { operatorId, accountId }: MatchOf,
  expectedIds: readonly string[],
): Promise<Candidate[]> {
  return tx.sql<Candidate>(
    `SELECT ${CANDIDATE} FROM expected_movement AS e CROSS JOIN LATERAL (
       SELECT l.* FROM statement_line AS l WHERE ${ALIKE}
       ORDER BY ${AT_FIRST_SIGHT} DESC NULLS LAST, l.booked_on, l.id LIMIT ${ALIKE_MAX}) AS l
     WHERE e.id = ANY ($3) ORDER BY l.id, e.id`,
    [operatorId, accountId, expectedIds],
  );
}

/** What likeness alone had brought together with the line and was undone at that moment. */
export function undoneLikeness(tx: Tx, lineId: number, at: Date): Promise<Candidate[]> {
  return tx.sql<Candidate>(
    `SELECT ${CANDIDATE} FROM statement_allocation AS a JOIN statement_line AS l ON l.id = a.line_id
     JOIN expected_movement AS e ON e.id = a.expected_id
     WHERE a.line_id = $1 AND a.undone_at = $2 AND a.step IN ('suggestion', 'learnt')`,
    [lineId, at],
  );
}
