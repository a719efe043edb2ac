import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a funder has cut of a claim is kept apart from what people gave up of it, so that neither overwrites the other. */
export class ExpectedCuts1767000000081 implements MigrationInterface {
  name = 'ExpectedCuts1767000000081';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE expected_movement
        -- Of written_off_fen: cut by the funder.
        ADD COLUMN cut_fen bigint NOT NULL DEFAULT 0 CHECK (cut_fen >= 0);
      UPDATE expected_movement SET cut_fen = written_off_fen
      WHERE kind = 'claim' AND written_off_fen > 0 AND NOT EXISTS (
        SELECT FROM reconciliation_exception AS x
        WHERE x.expected_id = expected_movement.id AND x.resolution = 'written_off');
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE expected_movement DROP COLUMN cut_fen');
  }
}
