import { FACILITIES_OFFERING, FACILITIES_REGION, FACILITIES_SITE } from '@doorstep/contracts';
import { readModelOf } from '@doorstep/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What snapshots alone fill, and a rebuild refreshes where it stands. */
export class ReadModels1763900000040 implements MigrationInterface {
  name = 'ReadModels1763900000040';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ${readModelOf('known_site', FACILITIES_SITE, 'site_id')}
      ${readModelOf('known_offering', FACILITIES_OFFERING, 'offering_id')}
      ${readModelOf('known_region', FACILITIES_REGION, 'code')}
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `DELETE FROM read_model WHERE table_name IN ('known_site', 'known_offering', 'known_region')`,
    );
  }
}
