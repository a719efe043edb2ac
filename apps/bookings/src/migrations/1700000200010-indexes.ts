import { tenantTable } from '@doorstep/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Behind row-level security Postgres looks things up only by operators that can't leak (equality and order of plain
 * values), never by ranges or arrays. So neighbours are found by when they start, and staff by a table of their sites.
 */
export class Indexes1700000200010 implements MigrationInterface {
  name = 'Indexes1700000200010';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE INDEX booking_space ON booking (space_id, starts_at) WHERE space_id IS NOT NULL;

      CREATE TABLE staff_site (
        site_id uuid NOT NULL,
        staff_id uuid NOT NULL REFERENCES staff,
        operator_id uuid NOT NULL,
        PRIMARY KEY (site_id, staff_id)
      );
      CREATE INDEX staff_site_staff ON staff_site (staff_id);
      INSERT INTO staff_site (site_id, staff_id, operator_id)
        SELECT DISTINCT site_id, id, operator_id FROM staff, unnest(site_ids) AS site_id;
      ${tenantTable('staff_site')}
      DROP INDEX staff_sites;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE staff_site;
      DROP INDEX booking_space;
      CREATE INDEX staff_sites ON staff USING gin (site_ids);
    `);
  }
}
