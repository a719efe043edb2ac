import {
  FACILITIES_OFFERING,
  FACILITIES_SITE,
  OPERATORS_CONTRACT,
  OPERATORS_INSPECTION,
  OPERATORS_SITE_LICENCE,
  OPERATORS_STAFF,
} from '@doorstep/contracts';
import { readModelOf } from '@doorstep/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What snapshots alone fill, and a rebuild refreshes where it stands. */
export class ReadModels1700000200090 implements MigrationInterface {
  name = 'ReadModels1700000200090';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ${readModelOf('site', FACILITIES_SITE, 'id')}
      ${readModelOf('offering', FACILITIES_OFFERING, 'id')}
      ${readModelOf('contract', OPERATORS_CONTRACT, 'id')}
      ${readModelOf('contract_site', OPERATORS_CONTRACT, 'id')}
      ${readModelOf('staff', OPERATORS_STAFF, 'id')}
      ${readModelOf('staff_site', OPERATORS_STAFF, 'staff_id')}
      ${readModelOf('staff_shift', OPERATORS_STAFF, 'staff_id')}
      ${readModelOf('site_licence', OPERATORS_SITE_LICENCE, 'id')}
      ${readModelOf('site_inspection', OPERATORS_INSPECTION, 'id')}
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `DELETE FROM read_model WHERE table_name IN ('site', 'offering', 'contract', 'contract_site', 'staff', 'staff_site', 'staff_shift', 'site_licence', 'site_inspection')`,
    );
  }
}
