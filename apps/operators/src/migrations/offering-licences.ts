import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Licences that an offering needs by its own word. */
export class OfferingLicences1763900000013 implements MigrationInterface {
  name = 'OfferingLicences1763900000013';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE known_offering ADD COLUMN licences text[] NOT NULL DEFAULT '{}'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE known_offering DROP COLUMN licences`);
  }
}
