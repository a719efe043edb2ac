import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A booking can name the package that it is to take a use of, or none of them; a charge that waits for news keeps it. */
export class PackageWishes1767000000150 implements MigrationInterface {
  name = 'PackageWishes1767000000150';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- An id, known or not, or none; null: of whichever there is.
      ALTER TABLE charge ADD COLUMN package_wish text CHECK (package_wish ~ '^(none|[0-9a-f-]{36})$')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE charge DROP COLUMN package_wish`);
  }
}
