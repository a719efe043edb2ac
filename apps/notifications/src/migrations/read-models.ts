import { BOOKINGS_RESIDENT, FACILITIES_OFFERING, FACILITIES_SITE } from '@doorstep/contracts';
import { readModelOf } from '@doorstep/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What snapshots alone fill, and a rebuild refreshes where it stands. */
export class ReadModels1790000000010 implements MigrationInterface {
  name = 'ReadModels1790000000010';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ${readModelOf('resident_contact', BOOKINGS_RESIDENT, 'resident_id')}
      ${readModelOf('site_name', FACILITIES_SITE, 'site_id')}
      ${readModelOf('offering_name', FACILITIES_OFFERING, 'offering_id')}
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `DELETE FROM read_model WHERE table_name IN ('resident_contact', 'site_name', 'offering_name')`,
    );
  }
}
