import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How far imports of regions are. */
export class RegionProgress1763900000150 implements MigrationInterface {
  name = 'RegionProgress1763900000150';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- all tenants: imports are administrators'. Nothing is lost with it.
      CREATE UNLOGGED TABLE region_progress (
        id uuid PRIMARY KEY,
        stage text NOT NULL,
        done bigint NOT NULL,
        total bigint,
        changed_at timestamptz NOT NULL
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE region_progress`);
  }
}
