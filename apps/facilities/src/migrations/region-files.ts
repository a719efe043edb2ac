import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Where the rows of a region file wait, checked as a whole, before any of them counts. */
export class RegionFiles1763900000103 implements MigrationInterface {
  name = 'RegionFiles1763900000103';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- all tenants: work table of imports; rows go when their import ends
      CREATE UNLOGGED TABLE region_stage (
        import_id uuid NOT NULL,
        -- Place in the import, from 1, in the order of reading.
        place int NOT NULL,
        file text NOT NULL,
        line int NOT NULL,
        code text COLLATE "C" NOT NULL,
        level text NOT NULL,
        -- Where it may stand, nearest first; the check leaves the one that exists.
        parents text[] COLLATE "C" NOT NULL,
        parent_code text COLLATE "C",
        name text NOT NULL,
        lng double precision,
        lat double precision,
        source_lng double precision,
        source_lat double precision,
        source_crs text,
        households int,
        population_0_to_3 int,
        population_60_plus int,
        population_80_plus int,
        staged_at timestamptz NOT NULL DEFAULT now()
      );
      CREATE INDEX region_stage_code ON region_stage (import_id, code);
      -- Parents first: the order of writing.
      CREATE INDEX region_stage_order ON region_stage (import_id, length(code), code);
      DO $$ BEGIN
        EXECUTE format('GRANT MAINTAIN ON region_stage TO %I', current_setting('doorstep.app_role'));
      END $$;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE region_stage`);
  }
}
