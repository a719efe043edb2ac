import { tenantTable } from '@doorstep/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Stars of sites by the day, for programmes that ask for some. */
export class SiteRatings1767000000060 implements MigrationInterface {
  name = 'SiteRatings1767000000060';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- One row per site: the stars of its last two years, as they were last told.
      CREATE TABLE known_site_rating (
        id uuid PRIMARY KEY,
        operator_id uuid NOT NULL,
        -- [{stars, from, to?}]
        ratings jsonb NOT NULL,
        version bigint NOT NULL
      );
      ${tenantTable('known_site_rating')}
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE known_site_rating`);
  }
}
