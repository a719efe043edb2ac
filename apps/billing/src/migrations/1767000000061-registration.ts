import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Household registration of residents, as they are known under their pseudonym. */
export class Registration1767000000061 implements MigrationInterface {
  name = 'Registration1767000000061';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE known_resident
        ADD COLUMN registration text,
        ADD COLUMN registered_in text,
        ADD CONSTRAINT erased_is_unregistered CHECK (NOT erased OR num_nonnulls(registration, registered_in) = 0);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE known_resident DROP COLUMN registration, DROP COLUMN registered_in`);
  }
}
