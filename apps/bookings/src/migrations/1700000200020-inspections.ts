import { tenantTable } from '@doorstep/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Inspections that stop new bookings. */
export class Inspections1700000200020 implements MigrationInterface {
  name = 'Inspections1700000200020';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE site_inspection (
        id uuid PRIMARY KEY,
        operator_id uuid NOT NULL,
        -- The whole site, kinds, or offerings that take no new bookings until somebody has inspected again.
        suspended boolean NOT NULL,
        blocked_kinds text[] NOT NULL,
        blocked_offerings uuid[] NOT NULL,
        version bigint NOT NULL
      );
      ${tenantTable('site_inspection')}
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE site_inspection`);
  }
}
