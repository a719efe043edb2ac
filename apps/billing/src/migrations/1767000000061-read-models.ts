import {
  BOOKINGS_RESIDENT,
  FACILITIES_OFFERING,
  FACILITIES_SITE,
  OPERATORS_CONTRACT,
  OPERATORS_ORGANISATION,
  OPERATORS_SITE_RATING,
} from '@doorstep/contracts';
import { readModelOf } from '@doorstep/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What snapshots alone fill, and a rebuild refreshes where it stands. */
export class ReadModels1767000000061 implements MigrationInterface {
  name = 'ReadModels1767000000061';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ${readModelOf('known_organisation', OPERATORS_ORGANISATION, 'id')}
      ${readModelOf('known_site', FACILITIES_SITE, 'id')}
      ${readModelOf('known_offering', FACILITIES_OFFERING, 'id')}
      ${readModelOf('known_contract', OPERATORS_CONTRACT, 'id')}
      ${readModelOf('known_placement', OPERATORS_CONTRACT, 'id')}
      ${readModelOf('known_resident', BOOKINGS_RESIDENT, 'id')}
      ${readModelOf('known_site_rating', OPERATORS_SITE_RATING, 'id')}
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `DELETE FROM read_model WHERE table_name IN ('known_organisation', 'known_site', 'known_offering', 'known_contract', 'known_placement', 'known_resident', 'known_site_rating')`,
    );
  }
}
