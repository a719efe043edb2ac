import { tenantTable } from '@doorstep/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Licences that stop new bookings, and sites that pass from one contract to another. */
export class Licences1700000200006 implements MigrationInterface {
  name = 'Licences1700000200006';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE site_licence (
        id uuid PRIMARY KEY,
        operator_id uuid NOT NULL,
        -- Kinds that take no new bookings here, for want of a licence.
        blocked_kinds text[] NOT NULL,
        version bigint NOT NULL
      );
      ${tenantTable('site_licence')}

      -- The standing under another contract that this one goes on from.
      ALTER TABLE contract_site ADD COLUMN continues uuid;
      CREATE INDEX contract_site_continues ON contract_site (continues) WHERE continues IS NOT NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE site_licence;
      ALTER TABLE contract_site DROP COLUMN continues;
    `);
  }
}
