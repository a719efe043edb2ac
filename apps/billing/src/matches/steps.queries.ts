import type { Tx } from '@doorstep/platform';

/*
 * The steps of matching, in their order, each over all open lines of an account at once. A step finds groups, of lines on
 * the one side and of expectations on the other, whose sums are equal; ALLOCATE writes down who pays what. Of several that
 * are alike, the oldest line meets the oldest expectation: twins of one day stay two.
 */

export interface MatchOf {
  matchId: string;
  operatorId: string;
  accountId: string;
}

/** Days that money may take from where it is expected to the account. */
export const DAYS_MAX = 12;
/** Days of a channel that come in one payout. */
const RUN_DAYS_MAX = 7;

export const OPEN_LINE = `l.account_id = $3 AND l.matched_fen = 0`;

/** Whether somebody has taken a line and this apart before: no step puts them together again. */
export const takenApart = (line: string, column: Allocated, id: string): string =>
  `EXISTS (SELECT FROM statement_allocation AS u WHERE u.line_id = ${line} AND u.${column} = ${id} AND u.undone_at IS NOT NULL)`;
type Allocated = 'expected_id' | 'advised_id' | 'bill_line_id' | 'transfer_line_id';

export const OPEN = `(e.matched_fen + e.written_off_fen <> e.amount_fen)`;
export const LEFT = `(e.amount_fen - e.matched_fen - e.written_off_fen)`;

/** Words of a line that could be somebody's number. */
const TOKENS = `
  token AS MATERIALIZED (
    SELECT DISTINCT l.id, l.amount_fen, l.booked_on, t.word FROM statement_line AS l,
      LATERAL regexp_split_to_table(upper(coalesce(l.reference_no, '') || ' ' || l.text), '[^A-Z0-9_|*@.-]+') AS t (word)
    WHERE ${OPEN_LINE} AND length(t.word) BETWEEN 4 AND 64),
  named AS MATERIALIZED (
    SELECT e.id, e.day, ${LEFT} AS fen, upper(e.reference) AS word FROM expected_movement AS e
    WHERE e.operator_id = $2 AND e.reference IS NOT NULL AND ${OPEN})`;

/** Lines by which a channel pays out, and what it owes by merchant account and day. */
const PAYOUTS = `
  payer AS (
    SELECT p ->> 'channel' AS channel, p ->> 'name' AS name FROM statement_account AS a, jsonb_array_elements(a.payer_names) AS p
    WHERE a.id = $3),
  paid AS MATERIALIZED (
    SELECT DISTINCT ON (l.id) l.id, l.booked_on, l.amount_fen, payer.channel FROM statement_line AS l
    JOIN payer ON strpos(coalesce(l.counterparty, '') || ' ' || l.text, payer.name) > 0
    WHERE ${OPEN_LINE} ORDER BY l.id),
  owed AS MATERIALIZED (
    SELECT e.channel, coalesce(e.party, '') AS party, e.day, sum(e.amount_fen)::bigint AS fen, array_agg(e.id) AS ids
    FROM expected_movement AS e
    WHERE e.operator_id = $2 AND e.kind IN ('channel_settlement', 'channel_remainder')
      AND e.day >= (SELECT min(booked_on) FROM paid) - ${DAYS_MAX + RUN_DAYS_MAX}
    GROUP BY 1, 2, 3 HAVING bool_and(e.matched_fen = 0 AND e.written_off_fen = 0))`;

/** A number in the text, and the same amount. */
const BY_REFERENCE = `
  WITH ${TOKENS},
  lines AS (SELECT *, row_number() OVER (PARTITION BY word, amount_fen ORDER BY booked_on, id) AS nth FROM token),
  wanted AS (SELECT *, row_number() OVER (PARTITION BY word, fen ORDER BY day, id) AS nth FROM named),
  pairs AS (SELECT DISTINCT ON (lines.id) lines.id AS line_id, wanted.id AS expected_id
            FROM lines JOIN wanted ON wanted.word = lines.word AND wanted.fen = lines.amount_fen AND wanted.nth = lines.nth
            ORDER BY lines.id, length(lines.word) DESC),
  found AS (SELECT DISTINCT ON (expected_id) ARRAY[line_id] AS line_ids, ARRAY[expected_id] AS expected_ids
            FROM pairs ORDER BY expected_id, line_id)`;

/** One day of a channel, net of its fees, by one line. */
const BY_PAYOUT = `
  WITH ${PAYOUTS},
  lines AS (SELECT *, row_number() OVER (PARTITION BY channel, amount_fen ORDER BY booked_on, id) AS nth FROM paid),
  days AS (SELECT *, row_number() OVER (PARTITION BY channel, fen ORDER BY day, party) AS nth FROM owed),
  found AS (SELECT ARRAY[lines.id] AS line_ids, days.ids AS expected_ids FROM lines
            JOIN days ON days.channel = lines.channel AND days.fen = lines.amount_fen AND days.nth = lines.nth
              AND lines.booked_on BETWEEN days.day AND days.day + ${DAYS_MAX})`;

/** Several days of a channel by one line; only when there is one way to see it. */
const BY_RUN_OF_DAYS = `
  WITH ${PAYOUTS},
  runs AS (
    SELECT first.channel, first.party, first.day AS from_day, last.day AS to_day,
           (SELECT sum(o.fen)::bigint FROM owed AS o WHERE (o.channel, o.party) = (first.channel, first.party)
              AND o.day BETWEEN first.day AND last.day) AS fen
    FROM owed AS first JOIN owed AS last ON (last.channel, last.party) = (first.channel, first.party)
      AND last.day > first.day AND last.day < first.day + ${RUN_DAYS_MAX}),
  fits AS (
    SELECT paid.id AS line_id, runs.*, count(*) OVER (PARTITION BY paid.id) AS ways FROM paid
    JOIN runs ON runs.channel = paid.channel AND runs.fen = paid.amount_fen
      AND paid.booked_on BETWEEN runs.to_day AND runs.to_day + ${DAYS_MAX}),
  found AS (
    SELECT ARRAY[f.line_id] AS line_ids,
           (SELECT array_agg(i.id) FROM owed AS o, unnest(o.ids) AS i (id)
            WHERE (o.channel, o.party) = (f.channel, f.party) AND o.day BETWEEN f.from_day AND f.to_day) AS expected_ids
    FROM fits AS f WHERE f.ways = 1 AND NOT EXISTS (
      SELECT FROM fits AS g WHERE g.line_id <> f.line_id AND (g.channel, g.party) = (f.channel, f.party)
        AND g.from_day <= f.to_day AND f.from_day <= g.to_day))`;

/** One line for several things that its text, or the funder's list of what it paid, names. */
const BY_SEVERAL_NUMBERS = `
  WITH ${TOKENS},
  met AS (SELECT DISTINCT token.id AS line_id, token.amount_fen, named.id, named.fen FROM token JOIN named USING (word)),
  spoken AS (
    SELECT line_id, array_agg(id) AS ids FROM met GROUP BY line_id, amount_fen
    HAVING count(*) > 1 AND sum(fen) = amount_fen),
  listed AS (
    SELECT s.id AS statement_id, acc.funder_id, s.from_day, array_agg(e.id) AS ids, sum(${LEFT})::bigint AS fen,
           sum(a.amount_fen)::bigint AS says_fen, min(e.party) AS party
    FROM statement AS s JOIN statement_account AS acc ON acc.id = s.account_id AND acc.kind = 'funder'
    JOIN statement_line AS sl ON sl.statement_id = s.id JOIN statement_allocation AS a ON a.line_id = sl.id AND a.undone_at IS NULL
    JOIN expected_movement AS e ON e.id = a.advised_id
    WHERE s.operator_id = $2 AND ${OPEN} GROUP BY 1, 2, 3),
  by_list AS (
    SELECT DISTINCT ON (listed.statement_id) l.id AS line_id, listed.ids FROM listed
    JOIN statement_line AS l ON ${OPEN_LINE} AND l.amount_fen = listed.fen AND listed.fen = listed.says_fen
      AND l.booked_on BETWEEN listed.from_day - 3 AND listed.from_day + ${DAYS_MAX}
      AND strpos(coalesce(l.counterparty, '') || ' ' || l.text, listed.party) > 0
    ORDER BY listed.statement_id, l.booked_on, l.id),
  either AS (SELECT * FROM spoken UNION ALL SELECT line_id, ids FROM by_list),
  once AS (SELECT DISTINCT ON (line_id) line_id, ids FROM either ORDER BY line_id, cardinality(ids)),
  found AS (SELECT ARRAY[line_id] AS line_ids, ids AS expected_ids FROM once
            WHERE NOT EXISTS (SELECT FROM once AS other WHERE other.line_id < once.line_id AND other.ids && once.ids))`;

/** Everything that one funder owes, by one line that carries its name; a line that fits two funders is for a person. */
const BY_ALL_OF_FUNDER = `
  WITH debt AS (
    SELECT e.funder_id, min(e.party) AS party, array_agg(e.id) AS ids, sum(${LEFT})::bigint AS fen, max(e.day) AS day
    FROM expected_movement AS e WHERE e.operator_id = $2 AND e.kind = 'claim' AND ${OPEN} GROUP BY e.funder_id HAVING count(*) > 1),
  fits AS (
    SELECT DISTINCT ON (debt.funder_id) debt.funder_id, l.id AS line_id, debt.ids FROM debt
    JOIN statement_line AS l ON ${OPEN_LINE} AND l.amount_fen = debt.fen AND l.booked_on >= debt.day
      AND strpos(coalesce(l.counterparty, '') || ' ' || l.text, debt.party) > 0
    ORDER BY debt.funder_id, l.booked_on, l.id),
  found AS (
    SELECT ARRAY[line_id] AS line_ids, ids AS expected_ids FROM fits
    WHERE NOT EXISTS (SELECT FROM fits AS other WHERE other.line_id = fits.line_id AND other.funder_id <> fits.funder_id))`;

/** Several lines that name one thing and make its amount together. */
const BY_PARTS = `
  WITH ${TOKENS},
  parts AS (
    SELECT named.id, named.fen, array_agg(DISTINCT token.id) AS line_ids FROM token JOIN named USING (word)
    GROUP BY named.id, named.fen, named.word HAVING count(*) > 1 AND sum(token.amount_fen) = named.fen),
  found AS (SELECT line_ids, ARRAY[id] AS expected_ids FROM parts
            WHERE NOT EXISTS (SELECT FROM parts AS other WHERE other.id < parts.id AND other.line_ids && parts.line_ids))`;

/** A channel's day that was paid out in several lines of one day. */
const BY_PAYOUT_IN_PARTS = `
  WITH ${PAYOUTS},
  sums AS (SELECT channel, booked_on, sum(amount_fen)::bigint AS fen, array_agg(id) AS line_ids FROM paid
           GROUP BY channel, booked_on HAVING count(*) > 1),
  fits AS (SELECT sums.line_ids, owed.ids, count(*) OVER (PARTITION BY sums.line_ids) AS ways,
                  count(*) OVER (PARTITION BY owed.channel, owed.party, owed.day) AS claims
           FROM sums JOIN owed ON owed.channel = sums.channel AND owed.fen = sums.fen
             AND sums.booked_on BETWEEN owed.day AND owed.day + ${DAYS_MAX}),
  found AS (SELECT line_ids, ids AS expected_ids FROM fits WHERE ways = 1 AND claims = 1)`;

/**
 * Who pays what of each group. One line pays each of its expectations what is left of it; several lines cover theirs one
 * after the other, so that each pays where its stretch of the sum meets the expectation's. Several lines of which some give
 * back what others brought have no such stretches, and are left to people. `$1` match · `$2` operator · `$3` account · `$4` step
 */
const ALLOCATE = `,
  numbered AS MATERIALIZED (
    SELECT row_number() OVER () AS n, line_ids, expected_ids FROM found
    WHERE NOT ${takenApart('ANY (line_ids)', 'expected_id', 'ANY (expected_ids)')}
      AND (cardinality(line_ids) = 1 OR 1 = (
        SELECT count(DISTINCT sign(fen)) FROM (
          SELECT l.amount_fen FROM statement_line AS l WHERE l.id = ANY (line_ids)
          UNION ALL SELECT ${LEFT} FROM expected_movement AS e WHERE e.id = ANY (expected_ids)) AS each (fen)))),
  lines_of AS (
    SELECT g.n, cardinality(g.line_ids) AS size, l.id, l.amount_fen AS fen,
           sum(abs(l.amount_fen)) OVER (PARTITION BY g.n ORDER BY l.booked_on, l.id) AS upto
    FROM numbered AS g JOIN statement_line AS l ON l.id = ANY (g.line_ids)),
  expected_of AS (
    SELECT g.n, e.id, ${LEFT} AS fen, sum(abs(${LEFT})) OVER (PARTITION BY g.n ORDER BY e.day, e.id) AS upto
    FROM numbered AS g JOIN expected_movement AS e ON e.id = ANY (g.expected_ids)),
  parts_of AS (
    SELECT l.id AS line_id, e.id AS expected_id,
           CASE WHEN l.size = 1 THEN e.fen
             ELSE sign(l.fen) * greatest(0, least(l.upto, e.upto) - greatest(l.upto - abs(l.fen), e.upto - abs(e.fen)))
           END::bigint AS fen
    FROM lines_of AS l JOIN expected_of AS e USING (n)),
  written AS (
    INSERT INTO statement_allocation (operator_id, match_id, line_id, expected_id, amount_fen, step)
    SELECT $2, $1, line_id, expected_id, fen, $4 FROM parts_of WHERE fen <> 0
    RETURNING line_id)
  SELECT count(DISTINCT line_id)::int AS lines FROM written`;

/** The order of the steps for a bank's account. */
const BANK_STEPS: readonly [step: string, find: string][] = [
  ['reference', BY_REFERENCE],
  ['payout', BY_PAYOUT],
  ['payout', BY_RUN_OF_DAYS],
  ['one_to_many', BY_SEVERAL_NUMBERS],
  ['one_to_many', BY_ALL_OF_FUNDER],
  ['many_to_one', BY_PARTS],
  ['many_to_one', BY_PAYOUT_IN_PARTS],
];

/** Lines matched, by step. */
export type Matched = Record<string, number>;

export async function matchBank(tx: Tx, { matchId, operatorId, accountId }: MatchOf): Promise<Matched> {
  const matched: Matched = {};
  for (const [step, find] of BANK_STEPS) {
    const [{ lines }] = await tx.sql<{ lines: number }>(`${find}${ALLOCATE}`, [
      matchId,
      operatorId,
      accountId,
      step,
    ]);
    matched[step] = (matched[step] ?? 0) + lines;
  }
  return matched;
}

/** A line that names something and misses its amount by no more than the tolerance. */
export interface NearMiss {
  lineId: number;
  expectedId: string;
  contractId: string;
  kind: string;
  lineFen: number;
  expectedFen: number;
  bookedOn: string;
}

export function nearMisses(
  tx: Tx,
  { operatorId, accountId }: MatchOf,
  toleranceFen: number,
): Promise<NearMiss[]> {
  return tx.sql<NearMiss>(
    `WITH ${TOKENS},
     near AS (
       SELECT token.id AS line_id, named.id AS expected_id, token.amount_fen, named.fen, token.booked_on,
              count(*) OVER (PARTITION BY token.id) AS ways, count(*) OVER (PARTITION BY named.id) AS rivals
       FROM token JOIN named USING (word)
       WHERE abs(token.amount_fen - named.fen) BETWEEN 1 AND $1::bigint AND sign(token.amount_fen) = sign(named.fen)
         AND NOT ${takenApart('token.id', 'expected_id', 'named.id')})
     SELECT near.line_id AS "lineId", e.id AS "expectedId", e.contract_id AS "contractId", e.kind,
            near.amount_fen AS "lineFen", near.fen AS "expectedFen", near.booked_on AS "bookedOn"
     FROM near JOIN expected_movement AS e ON e.id = near.expected_id WHERE ways = 1 AND rivals = 1 ORDER BY 1`,
    [toleranceFen, operatorId, accountId],
  );
}

/** A funder's list: each line speaks of the claim of its number and amount. */
export async function matchFunderList(tx: Tx, { matchId, operatorId, accountId }: MatchOf): Promise<Matched> {
  const [{ lines }] = await tx.sql<{ lines: number }>(
    `WITH ${TOKENS},
     pairs AS (
       SELECT DISTINCT ON (token.id) token.id AS line_id, named.id AS claim_id, token.amount_fen
       FROM token JOIN named ON named.word = token.word AND named.fen = token.amount_fen
       WHERE NOT EXISTS (SELECT FROM statement_allocation AS a WHERE a.advised_id = named.id AND a.undone_at IS NULL)
         AND NOT ${takenApart('token.id', 'advised_id', 'named.id')}
       ORDER BY token.id, named.id),
     once AS (SELECT DISTINCT ON (claim_id) * FROM pairs ORDER BY claim_id, line_id),
     written AS (
       INSERT INTO statement_allocation (operator_id, match_id, line_id, advised_id, amount_fen, step)
       SELECT $2, $1, line_id, claim_id, amount_fen, 'reference' FROM once RETURNING 1)
     SELECT count(*)::int AS lines FROM written`,
    [matchId, operatorId, accountId],
  );
  return { reference: lines };
}
