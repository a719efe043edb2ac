import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A line that brings more than what somebody knows is matched with that, and says what is left of it. Only where a person
 * leaves a rest: whatever else is allocated still makes its line.
 */
export class RestsOfLines1767000000270 implements MigrationInterface {
  name = 'RestsOfLines1767000000270';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE statement_line
        -- What somebody left open of it when they matched the other.
        ADD COLUMN rest_fen bigint NOT NULL DEFAULT 0,
        DROP CONSTRAINT statement_line_whole,
        ADD CONSTRAINT statement_line_whole CHECK (
          (rest_fen = 0 AND matched_fen IN (0, amount_fen))
          OR (matched_fen + rest_fen = amount_fen AND sign(matched_fen) = sign(amount_fen) AND sign(rest_fen) = sign(amount_fen)));
      CREATE INDEX statement_line_rest ON statement_line (account_id, booked_on) WHERE rest_fen <> 0;
      ALTER TABLE statement_allocation ADD COLUMN leaves_rest boolean NOT NULL DEFAULT false;
      ${counts(
        ', bool_or(leaves_rest) AS leaves_rest',
        `, rest_fen = CASE WHEN s.leaves_rest THEN l.amount_fen - l.matched_fen - s.fen ELSE 0 END`,
      )}
      ${undone(
        // Of several matches one is undone: what the others leave is open.
        `, rest_fen = CASE WHEN l.matched_fen = s.fen THEN 0 ELSE l.amount_fen - l.matched_fen + s.fen END`,
      )}`);
  }

  /** Refused while a line has a rest. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ${counts('', '')}
      ${undone('')}
      ALTER TABLE statement_line DROP CONSTRAINT statement_line_whole,
        ADD CONSTRAINT statement_line_whole CHECK (matched_fen IN (0, amount_fen)), DROP COLUMN rest_fen;
      ALTER TABLE statement_allocation DROP COLUMN leaves_rest`);
  }
}

const counts = (summed: string, set: string): string => `
  CREATE OR REPLACE FUNCTION statement_allocation_counts() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    UPDATE statement_line AS l SET matched_fen = l.matched_fen + s.fen${set}
      FROM (SELECT line_id, sum(amount_fen)::bigint AS fen${summed} FROM added GROUP BY line_id) AS s WHERE l.id = s.line_id;
    UPDATE expected_movement AS e SET matched_fen = e.matched_fen + s.fen
      FROM (SELECT expected_id, sum(amount_fen)::bigint AS fen FROM added WHERE expected_id IS NOT NULL
            GROUP BY expected_id ORDER BY expected_id) AS s WHERE e.id = s.expected_id;
    RETURN NULL;
  END $$;`;

const undone = (set: string): string => `
  CREATE OR REPLACE FUNCTION statement_allocation_undone() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF EXISTS (SELECT FROM was JOIN becomes USING (id) WHERE was.undone_at IS NOT NULL OR becomes.undone_at IS NULL
               OR (was.line_id, was.amount_fen, was.match_id) IS DISTINCT FROM (becomes.line_id, becomes.amount_fen, becomes.match_id)
               OR was.expected_id IS DISTINCT FROM becomes.expected_id) THEN
      RAISE EXCEPTION 'an allocation is undone, once, and never changed otherwise'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'statement_allocation_unchangeable', TABLE = 'statement_allocation';
    END IF;
    UPDATE statement_line AS l SET matched_fen = l.matched_fen - s.fen${set}
      FROM (SELECT line_id, sum(amount_fen)::bigint AS fen FROM becomes GROUP BY line_id) AS s WHERE l.id = s.line_id;
    UPDATE expected_movement AS e SET matched_fen = e.matched_fen - s.fen
      FROM (SELECT expected_id, sum(amount_fen)::bigint AS fen FROM becomes WHERE expected_id IS NOT NULL GROUP BY expected_id) AS s
      WHERE e.id = s.expected_id;
    RETURN NULL;
  END $$;`;
