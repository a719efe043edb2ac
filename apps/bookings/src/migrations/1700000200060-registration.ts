import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Household registration 户籍 of residents: what programmes for locals, or for newcomers, go by. */
export class Registration1700000200060 implements MigrationInterface {
  name = 'Registration1700000200060';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE resident
        -- Seen from the city of residence; null: not known.
        ADD COLUMN registration text CHECK (registration IN ('local', 'non_local')),
        ADD COLUMN registered_in text CHECK (registered_in ~ '^(\\d{4}|\\d{6}|\\d{9}|\\d{12})$'),
        ADD CHECK (registered_in IS NULL OR registration IS NOT NULL),
        ADD CHECK (erased_at IS NULL OR num_nonnulls(registration, registered_in) = 0);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE resident DROP COLUMN registration, DROP COLUMN registered_in`);
  }
}
