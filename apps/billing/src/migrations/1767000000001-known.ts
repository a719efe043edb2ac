import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantTable } from '@doorstep/platform';

/** What billing has heard from the other services: one row per aggregate, the newest version of it. */
export class Known1767000000001 implements MigrationInterface {
  name = 'Known1767000000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- all tenants: who funders, authorities and operators are
      CREATE TABLE known_organisation (
        id uuid PRIMARY KEY,
        kind text NOT NULL,
        name text NOT NULL,
        region_code text,
        version bigint NOT NULL
      );

      CREATE TABLE known_site (
        id uuid PRIMARY KEY,
        operator_id uuid NOT NULL,
        code text NOT NULL,
        name_zh text NOT NULL,
        name_en text,
        region_code text NOT NULL,
        time_zone text NOT NULL,
        version bigint NOT NULL
      );
      ${tenantTable('known_site', { regionColumn: 'region_code' })}
      CREATE INDEX known_site_operator ON known_site (operator_id);

      -- Every region prefix in which an operator has a site: decides which programmes it sees.
      CREATE TABLE operator_region (
        operator_id uuid NOT NULL,
        prefix text NOT NULL,
        PRIMARY KEY (operator_id, prefix)
      );
      ${tenantTable('operator_region')}

      CREATE TABLE known_offering (
        id uuid PRIMARY KEY,
        operator_id uuid NOT NULL,
        site_id uuid NOT NULL,
        kind text NOT NULL,
        mode text NOT NULL,
        capacity_model text NOT NULL,
        active boolean NOT NULL,
        version bigint NOT NULL
      );
      ${tenantTable('known_offering')}

      CREATE TABLE known_contract (
        id uuid PRIMARY KEY,
        operator_id uuid NOT NULL,
        authority_id uuid NOT NULL,
        number text NOT NULL,
        status text NOT NULL,
        from_day date NOT NULL,
        to_day date NOT NULL,
        -- [{kind, mode?, priceCeilingFen?}]
        services jsonb NOT NULL,
        version bigint NOT NULL
      );
      ${tenantTable('known_contract', { organisationColumn: 'authority_id' })}

      CREATE TABLE known_placement (
        id uuid PRIMARY KEY,
        operator_id uuid NOT NULL,
        contract_id uuid NOT NULL,
        site_id uuid NOT NULL,
        from_day date NOT NULL,
        to_day date NOT NULL,
        -- Empty: every kind of the contract.
        kinds text[] NOT NULL,
        in_force boolean NOT NULL,
        version bigint NOT NULL
      );
      ${tenantTable('known_placement')}
      CREATE INDEX known_placement_site ON known_placement (contract_id, site_id);

      -- Attributes that decide eligibility, under a pseudonym. An erased resident keeps only the pseudonym.
      CREATE TABLE known_resident (
        id uuid PRIMARY KEY,
        operator_id uuid NOT NULL,
        birth_date date,
        region_code text NOT NULL,
        care_level text,
        care_level_assessed_on date,
        hardship boolean NOT NULL,
        disability boolean NOT NULL,
        birth_order int,
        subsidy_consent boolean NOT NULL,
        erased boolean NOT NULL,
        version bigint NOT NULL,
        CONSTRAINT erased_is_empty CHECK (NOT erased OR
          (birth_date IS NULL AND care_level IS NULL AND care_level_assessed_on IS NULL AND birth_order IS NULL
            AND NOT hardship AND NOT disability AND NOT subsidy_consent))
      );
      ${tenantTable('known_resident')}
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE known_organisation, known_site, operator_region, known_offering, known_contract,
      known_placement, known_resident`);
  }
}
