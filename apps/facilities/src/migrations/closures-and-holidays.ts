import { tenantTable } from '@doorstep/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When a space can't be used, and how a site keeps public holidays. */
export class ClosuresAndHolidays1763900000104 implements MigrationInterface {
  name = 'ClosuresAndHolidays1763900000104';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE space_closure (
        id uuid PRIMARY KEY DEFAULT uuidv7(),
        operator_id uuid NOT NULL,
        region_code text COLLATE "C" NOT NULL,
        site_id uuid NOT NULL,
        space_id uuid NOT NULL,
        starts_at timestamptz NOT NULL,
        ends_at timestamptz NOT NULL,
        reason text NOT NULL CHECK (btrim(reason) <> ''),
        cancelled_at timestamptz,
        created_at timestamptz NOT NULL,
        FOREIGN KEY (site_id, operator_id, region_code) REFERENCES site (id, operator_id, region_code) ON UPDATE CASCADE,
        FOREIGN KEY (space_id, site_id) REFERENCES space (id, site_id),
        CONSTRAINT space_closure_has_length CHECK (starts_at < ends_at),
        CONSTRAINT space_closure_once
          EXCLUDE USING gist (space_id WITH =, tstzrange(starts_at, ends_at) WITH &&) WHERE (cancelled_at IS NULL)
      );
      CREATE INDEX space_closure_space ON space_closure (space_id, id);
      CREATE INDEX space_closure_site ON space_closure (site_id, ends_at) WHERE cancelled_at IS NULL;
      ${tenantTable('space_closure', { regionColumn: 'region_code' })}

      ALTER TABLE site
        ADD on_holiday text NOT NULL DEFAULT 'as_usual' CHECK (on_holiday IN ('as_usual', 'closed', 'as_sunday')),
        ADD on_make_up_workday text NOT NULL DEFAULT 'as_usual'
          CHECK (on_make_up_workday IN ('as_usual', 'as_monday')),
        -- How far ahead exceptions have been told, and from how long a holiday calendar.
        ADD hours_told_until date NOT NULL DEFAULT '1970-01-01',
        ADD calendar_told_until date NOT NULL DEFAULT '1970-01-01';
      CREATE INDEX site_hours_told ON site (hours_told_until)
        WHERE status <> 'closed'
          AND (opening_overrides <> '[]' OR on_holiday <> 'as_usual' OR on_make_up_workday <> 'as_usual');
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE space_closure;
      ALTER TABLE site DROP on_holiday, DROP on_make_up_workday, DROP hours_told_until, DROP calendar_told_until;
    `);
  }
}
