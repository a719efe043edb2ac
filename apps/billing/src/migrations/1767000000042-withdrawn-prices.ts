import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A price that was wrong from its first day can be withdrawn: it never held, and another may be set for its days. */
export class WithdrawnPrices1767000000042 implements MigrationInterface {
  name = 'WithdrawnPrices1767000000042';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE price
        ADD COLUMN withdrawn_at timestamptz,
        DROP CONSTRAINT price_one_at_a_time,
        ADD CONSTRAINT price_one_at_a_time EXCLUDE USING gist (
          contract_id WITH =,
          (coalesce(site_id, '00000000-0000-0000-0000-000000000000'::uuid)) WITH =,
          kind WITH =,
          (coalesce(mode, '')) WITH =,
          (coalesce(age_class, '')) WITH =,
          daterange(from_day, to_day) WITH &&) WHERE (withdrawn_at IS NULL)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE price DROP COLUMN withdrawn_at`);
  }
}
