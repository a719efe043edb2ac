/*
 * The one population of the four ways: the charges that were booked in a month. Each piece that follows their fen begins with
 * them and goes on by indexes, from a row to the rows that it leads to; what several pieces say of the same thing is added up,
 * not joined. So the time grows with the month's charges, whatever the planner takes their number for: row-level security
 * lets it guess, and a join of two guesses was a loop within a loop.
 * `$1` first day of the month · `$2` contract, or null for all
 */
export const ofMonth = (day: string): string =>
  `${day} >= $1::date AND ${day} < ($1::date + interval '1 month')::date`;
export const ofContract = (id: string): string => `($2::uuid IS NULL OR ${id} = $2)`;

/**
 * Whose rows: row-level security keeps others' away, but serves no index by itself. To an administrator contracts say whose
 * there are.
 */
export const ofOperator = (id: string): string =>
  `${id} = ANY (ARRAY(SELECT NULLIF(NULLIF(current_setting('app.operator_id', true), '*'), '')::uuid
     UNION SELECT operator_id FROM known_contract))`;

/** Whether a charge `c` is one of the month's. */
export const IS_BOOKED = `c.status = 'captured' AND ${ofMonth('c.booked_on')} AND ${ofContract('c.contract_id')}`;

/** The month's charges, with what they are counted under: narrow, because all pieces begin with them. */
export const booked = (key: string): string => `
  booked AS MATERIALIZED (
    SELECT c.id, ${key} AS key, c.gross_fen, c.operator_fen, c.resident_fen + c.funders_fen AS due_fen
    FROM charge AS c WHERE ${ofOperator('c.operator_id')} AND ${IS_BOOKED})`;

/** What is expected at the bank as `e` and was not seen in time: its difference is named. */
export const MISSED = `EXISTS (SELECT FROM reconciliation_exception AS x
  WHERE x.expected_id = e.id AND x.parent_id IS NULL AND x.type = 'missing_in_statement')`;
