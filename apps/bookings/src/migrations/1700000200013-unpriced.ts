import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Offerings whose bookings are confirmed without a price when billing does not answer. */
export class Unpriced1700000200013 implements MigrationInterface {
  name = 'Unpriced1700000200013';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Null: as 'hold'.
      ALTER TABLE offering ADD COLUMN unpriced_policy text CHECK (unpriced_policy IN ('hold', 'confirm'));
      -- When it is confirmed all the same; null: never.
      ALTER TABLE hold ADD COLUMN unpriced_at timestamptz;
      CREATE INDEX hold_unpriced ON hold (unpriced_at) WHERE unpriced_at IS NOT NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE hold DROP COLUMN unpriced_at;
      ALTER TABLE offering DROP COLUMN unpriced_policy;
    `);
  }
}
