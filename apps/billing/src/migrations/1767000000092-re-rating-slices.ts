import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The last of the residents whom a preview looked at together: they are applied together too, so that a budget which is too
 * small for all is dealt out as it was shown. Previews of before go resident by resident.
 */
export class ReRatingSlices1767000000092 implements MigrationInterface {
  name = 'ReRatingSlices1767000000092';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE re_rating_line ADD COLUMN slice_end uuid;
      UPDATE re_rating_line SET slice_end = resident_id;
      ALTER TABLE re_rating_line ALTER COLUMN slice_end SET NOT NULL;
      CREATE INDEX re_rating_line_slice ON re_rating_line (re_rating_id, slice_end, charge_id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE re_rating_line DROP COLUMN slice_end`);
  }
}
