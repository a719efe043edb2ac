import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What corrections take off a share is taken off what a funder had cut of it first. */
export class CorrectedCuts1767000000200 implements MigrationInterface {
  name = 'CorrectedCuts1767000000200';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE claim_line
        -- Of what was cut: taken off by corrections.
        ADD COLUMN corrected_fen bigint NOT NULL DEFAULT 0,
        ADD CONSTRAINT claim_line_corrected_within CHECK (
          corrected_fen BETWEEN 0 AND amount_fen - coalesce(accepted_fen, amount_fen));
      CREATE INDEX claim_line_cut ON claim_line (operator_id, funder_id)
        WHERE answer IN ('cut', 'rejected') AND (cut_end IS NULL OR cut_end = 'written_off')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX claim_line_cut;
      ALTER TABLE claim_line DROP COLUMN corrected_fen`);
  }
}
