import { tenantTable } from '@doorstep/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** People who give care at sites. Their names are here and nowhere else: events carry the id alone. */
export class Staff1763900000004 implements MigrationInterface {
  name = 'Staff1763900000004';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE staff (
        id uuid PRIMARY KEY,
        operator_id uuid NOT NULL REFERENCES organisation,
        -- The account with which they log in, when they have one.
        person_id uuid REFERENCES person,
        name text NOT NULL CHECK (btrim(name) <> ''),
        job_title text NOT NULL CHECK (btrim(job_title) <> ''),
        skills text[] NOT NULL DEFAULT '{}',
        site_ids uuid[] NOT NULL CHECK (cardinality(site_ids) BETWEEN 1 AND 100),
        active boolean NOT NULL,
        version int NOT NULL CHECK (version >= 1),
        created_at timestamptz NOT NULL,
        CONSTRAINT staff_one_account UNIQUE (person_id)
      );
      CREATE INDEX staff_operator ON staff (operator_id, id);
      CREATE INDEX staff_sites ON staff USING gin (site_ids);
      CREATE INDEX staff_skills ON staff USING gin (skills);
      ${tenantTable('staff')}

      -- An authority sees who works at the sites of its region; known_site's own policy says which those are.
      CREATE POLICY region_reader ON staff FOR SELECT USING (
        (SELECT current_setting('app.region_prefix', true)) <> ''
        AND EXISTS (SELECT FROM known_site s WHERE s.site_id = ANY (staff.site_ids))
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE staff`);
  }
}
