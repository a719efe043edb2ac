import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Which package pays is billing's to decide; what was asked for travels with what becomes a booking: an id, or `none`. And what
 * billing says when it declines stands with the booking, for whoever asks later.
 */
export class PackageWishes1700000200130 implements MigrationInterface {
  name = 'PackageWishes1700000200130';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of TABLES)
      await runner.query(
        `ALTER TABLE ${table} ADD COLUMN package_wish text CHECK (package_wish ~ '^(none|[0-9a-f-]{36})$')`,
      );
    await runner.query(`ALTER TABLE booking ADD COLUMN refusal jsonb`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await runner.query(`ALTER TABLE ${table} DROP COLUMN package_wish`);
    await runner.query(`ALTER TABLE booking DROP COLUMN refusal`);
  }
}

const TABLES = ['booking', 'waiting_entry', 'series'];
