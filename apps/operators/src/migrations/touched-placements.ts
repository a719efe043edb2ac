import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a lapse or a suspension has to name of children's places: their terms and groups, found by site. */
export class TouchedPlacements1763900000170 implements MigrationInterface {
  name = 'TouchedPlacements1763900000170';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE known_placement
        ADD COLUMN kind text NOT NULL DEFAULT 'childcare',
        -- Null: told before this was kept; the next fact of the place, or a rebuild, says them.
        ADD COLUMN mode text,
        ADD COLUMN group_id uuid;
      ALTER TABLE known_placement ALTER COLUMN kind DROP DEFAULT;
      CREATE INDEX known_placement_site ON known_placement (site_id, to_day);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX known_placement_site;
      ALTER TABLE known_placement DROP COLUMN kind, DROP COLUMN mode, DROP COLUMN group_id;
    `);
  }
}
