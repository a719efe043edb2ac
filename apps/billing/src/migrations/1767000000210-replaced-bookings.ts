import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A booking that takes the place of another one keeps the use of a package that the other one has. */
export class ReplacedBookings1767000000210 implements MigrationInterface {
  name = 'ReplacedBookings1767000000210';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- The booking whose place it takes once it is confirmed.
      ALTER TABLE charge ADD COLUMN replaces uuid;
      CREATE INDEX charge_replaces ON charge (replaces) WHERE replaces IS NOT NULL AND package_id IS NOT NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE charge DROP COLUMN replaces`);
  }
}
