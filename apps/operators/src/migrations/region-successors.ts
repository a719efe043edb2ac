import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which codes took the place of regions that were given up: what contracts agreed on for these goes on there. */
export class RegionSuccessors1763900000150 implements MigrationInterface {
  name = 'RegionSuccessors1763900000150';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE known_region ADD COLUMN successor_codes text[] NOT NULL DEFAULT '{}';
      CREATE INDEX known_region_successors ON known_region USING gin (successor_codes) WHERE successor_codes <> '{}';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE known_region DROP COLUMN successor_codes`);
  }
}
