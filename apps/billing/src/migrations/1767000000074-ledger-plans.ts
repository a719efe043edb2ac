import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Row-level security makes the planner think that of any table a two-hundredth is left, so it joined a statement's new lines
 * with the whole ledger, row by row: every capture took longer than the one before. Each entry is looked up by its id now.
 */
export class LedgerPlans1767000000074 implements MigrationInterface {
  name = 'LedgerPlans1767000000074';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      balance(`
        SELECT lines.entry_id INTO wrong FROM (SELECT DISTINCT entry_id, booked_on FROM added) AS lines
          -- A sub-select of its own, which can't become a join.
          WHERE (SELECT entry.made_by = pg_current_xact_id() AND entry.booked_on = lines.booked_on
                 FROM ledger_entry AS entry WHERE entry.id = lines.entry_id) IS NOT TRUE
          LIMIT 1`),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      balance(`
        SELECT added.entry_id INTO wrong
          FROM added LEFT JOIN ledger_entry AS entry ON entry.id = added.entry_id
          WHERE entry.made_by IS DISTINCT FROM pg_current_xact_id() OR entry.booked_on IS DISTINCT FROM added.booked_on
          LIMIT 1`),
    );
  }
}

function balance(late: string): string {
  return `
    CREATE OR REPLACE FUNCTION ledger_lines_balance() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
      wrong uuid;
    BEGIN
      ${late};
      IF FOUND THEN
        RAISE EXCEPTION 'lines of entry % come late or on another day', wrong
          USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_line_with_its_entry', TABLE = 'ledger_line';
      END IF;
      SELECT entry_id INTO wrong FROM added GROUP BY entry_id, currency HAVING sum(amount_fen) <> 0 LIMIT 1;
      IF FOUND THEN
        RAISE EXCEPTION 'lines of entry % do not sum to zero', wrong
          USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_entry_balanced', TABLE = 'ledger_line';
      END IF;
      RETURN NULL;
    END $$`;
}
