import { tenantTable } from '@doorstep/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The parties: operators (each a tenant), authorities and funders. */
export class Organisations1763900000001 implements MigrationInterface {
  name = 'Organisations1763900000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE organisation (
        id uuid PRIMARY KEY,
        operator_id uuid,
        kind text NOT NULL CHECK (kind IN ('authority', 'operator', 'funder')),
        operation text CHECK (operation IN ('chain', 'custody')),
        name text NOT NULL CHECK (btrim(name) <> ''),
        credit_code text NOT NULL CHECK (credit_code ~ '^[0-9A-HJ-NP-RTUW-Y]{18}$'),
        credit_code_override_reason text,
        region_code text CHECK (region_code ~ '^(\\d{2}|\\d{4}|\\d{6}|\\d{9}|\\d{12})$'),
        version int NOT NULL CHECK (version >= 1),
        created_at timestamptz NOT NULL,
        CONSTRAINT organisation_credit_code_once UNIQUE (credit_code),
        CONSTRAINT organisation_operator_is_a_tenant
          CHECK ((kind = 'operator') = (operator_id IS NOT NULL)),
        CONSTRAINT organisation_operator_has_operation
          CHECK ((kind = 'operator') = (operation IS NOT NULL)),
        CONSTRAINT organisation_authority_has_region
          CHECK (CASE kind WHEN 'authority' THEN region_code IS NOT NULL
                           WHEN 'operator' THEN region_code IS NULL ELSE true END)
      );
      ${tenantTable('organisation')}

      -- Authorities and funders are public bodies: every tenant may name them. They in turn may name any operator,
      -- because contracts and programmes begin with that. One operator never sees another.
      CREATE POLICY public_bodies ON organisation FOR SELECT USING (
        kind <> 'operator'
        AND (SELECT current_setting('app.operator_id', true) || current_setting('app.organisation_id', true)) <> ''
      );
      CREATE POLICY bodies_see_operators ON organisation FOR SELECT USING (
        kind = 'operator'
        AND (SELECT current_setting('app.operator_id', true)) = ''
        AND (SELECT current_setting('app.organisation_id', true)) <> ''
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE organisation`);
  }
}
