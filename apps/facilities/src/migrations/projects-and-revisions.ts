import { tenantTable } from '@doorstep/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What building a site costs and who pays; what becomes of regions when their codes are revised. */
export class ProjectsAndRevisions1763900000105 implements MigrationInterface {
  name = 'ProjectsAndRevisions1763900000105';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE site_project (
        site_id uuid PRIMARY KEY,
        operator_id uuid NOT NULL,
        region_code text COLLATE "C" NOT NULL,
        cost_fen bigint CHECK (cost_fen >= 0),
        -- [{source, amountFen, note}]
        funding jsonb NOT NULL CHECK (jsonb_typeof(funding) = 'array'),
        planned_start date,
        planned_opening date,
        version int NOT NULL CHECK (version >= 1),
        updated_at timestamptz NOT NULL,
        FOREIGN KEY (site_id, operator_id, region_code) REFERENCES site (id, operator_id, region_code) ON UPDATE CASCADE,
        CONSTRAINT site_project_begins_before_it_opens CHECK (planned_start <= planned_opening)
      );
      ${tenantTable('site_project', { regionColumn: 'region_code' })}

      -- Types of licence that an offering needs besides those that its kind needs anyway.
      ALTER TABLE offering ADD licences text[] NOT NULL DEFAULT '{}';

      ALTER TABLE region
        -- Year of the edition that does without it.
        ADD retired_year int CHECK (retired_year BETWEEN 1980 AND 2100);

      -- all tenants: the revision of codes is the same for everybody
      CREATE TABLE region_succession (
        old_code text COLLATE "C" NOT NULL REFERENCES region,
        new_code text COLLATE "C" NOT NULL REFERENCES region,
        year int NOT NULL CHECK (year BETWEEN 1980 AND 2100),
        source text NOT NULL,
        PRIMARY KEY (old_code, new_code),
        CONSTRAINT region_succession_changes_code CHECK (old_code <> new_code),
        CONSTRAINT region_succession_keeps_level CHECK (length(old_code) = length(new_code))
      );
      CREATE INDEX region_succession_new ON region_succession (new_code);

      -- all tenants: so are the names that regions used to have
      CREATE TABLE region_history (
        code text COLLATE "C" NOT NULL REFERENCES region,
        version int NOT NULL,
        name text NOT NULL,
        parent_code text COLLATE "C",
        source text NOT NULL,
        year int NOT NULL,
        -- Year of the edition that says otherwise.
        until_year int NOT NULL,
        PRIMARY KEY (code, version)
      );
      CREATE FUNCTION region_remember() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        INSERT INTO region_history (code, version, name, parent_code, source, year, until_year)
        VALUES (old.code, old.version, old.name, old.parent_code, old.source, old.year, new.year);
        RETURN NULL;
      END $$;
      CREATE TRIGGER region_renamed AFTER UPDATE ON region FOR EACH ROW
        WHEN ((old.name, old.parent_code) IS DISTINCT FROM (new.name, new.parent_code))
        EXECUTE FUNCTION region_remember();
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TRIGGER region_renamed ON region;
      DROP FUNCTION region_remember;
      DROP TABLE region_history, region_succession;
      ALTER TABLE region DROP retired_year;
      ALTER TABLE offering DROP licences;
      DROP TABLE site_project;
    `);
  }
}
