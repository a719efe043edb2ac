import { tenantTable } from '@doorstep/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Read models: what bookings knows of sites, offerings, contracts and staff from the other services' snapshots. */
export class Reference1700000200001 implements MigrationInterface {
  name = 'Reference1700000200001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE site (
        id uuid PRIMARY KEY,
        operator_id uuid NOT NULL,
        code text NOT NULL,
        name_zh text NOT NULL,
        name_en text,
        region_code text NOT NULL,
        status text NOT NULL,
        lng double precision NOT NULL,
        lat double precision NOT NULL,
        time_zone text NOT NULL,
        opening_hours jsonb NOT NULL,
        opening_exceptions jsonb NOT NULL,
        version bigint NOT NULL
      );
      ${tenantTable('site', { regionColumn: 'region_code' })}

      CREATE TABLE offering (
        id uuid PRIMARY KEY,
        operator_id uuid NOT NULL,
        site_id uuid NOT NULL,
        code text NOT NULL,
        name_zh text NOT NULL,
        name_en text,
        kind text NOT NULL,
        mode text NOT NULL,
        delivery text NOT NULL,
        capacity_model text NOT NULL,
        capacity int NOT NULL,
        staff_ratio int,
        staff_count int,
        space_id uuid,
        age_months_min int,
        age_months_max int,
        care_level_min text,
        skills text[] NOT NULL,
        schedule jsonb NOT NULL,
        lead_minutes int NOT NULL,
        cutoff_minutes int NOT NULL,
        buffer_minutes int NOT NULL,
        active boolean NOT NULL,
        version bigint NOT NULL,
        -- Its sessions have to be made anew: the offering or its site has changed.
        sessions_due boolean NOT NULL DEFAULT true,
        -- What its sessions were made from, and up to which day (out); null: not made yet.
        calendar_digest text,
        sessions_until date
      );
      CREATE INDEX offering_site ON offering (site_id);
      CREATE INDEX offering_due ON offering (id) WHERE sessions_due;
      ${tenantTable('offering')}

      CREATE TABLE contract (
        id uuid PRIMARY KEY,
        operator_id uuid NOT NULL,
        authority_id uuid NOT NULL,
        number text NOT NULL,
        status text NOT NULL,
        period daterange NOT NULL,
        -- 'meals' for a kind in every mode, 'childcare:timed' for one mode of it.
        services text[] NOT NULL,
        version bigint NOT NULL
      );
      ${tenantTable('contract')}

      CREATE TABLE contract_site (
        id uuid PRIMARY KEY,
        operator_id uuid NOT NULL,
        contract_id uuid NOT NULL,
        site_id uuid NOT NULL,
        period daterange NOT NULL,
        -- Empty: all kinds of the contract.
        kinds text[] NOT NULL,
        in_force boolean NOT NULL,
        version bigint NOT NULL
      );
      CREATE INDEX contract_site_site ON contract_site (site_id);
      ${tenantTable('contract_site')}

      CREATE TABLE staff (
        id uuid PRIMARY KEY,
        operator_id uuid NOT NULL,
        site_ids uuid[] NOT NULL,
        job_title text NOT NULL,
        skills text[] NOT NULL,
        active boolean NOT NULL,
        version bigint NOT NULL
      );
      CREATE INDEX staff_sites ON staff USING gin (site_ids);
      ${tenantTable('staff')}
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE staff, contract_site, contract, offering, site`);
  }
}
