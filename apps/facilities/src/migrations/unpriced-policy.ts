import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What becomes of an offering's bookings while billing does not answer. */
export class UnpricedPolicy1763900000110 implements MigrationInterface {
  name = 'UnpricedPolicy1763900000110';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE offering ADD COLUMN unpriced_policy text NOT NULL DEFAULT 'hold'
        CHECK (unpriced_policy IN ('hold', 'confirm'))`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE offering DROP COLUMN unpriced_policy`);
  }
}
