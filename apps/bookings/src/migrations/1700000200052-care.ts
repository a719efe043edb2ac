import { tenantTable } from '@doorstep/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What places grant to care levels, and residents' plans made from it. */
export class Care1700000200052 implements MigrationInterface {
  name = 'Care1700000200052';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- all tenants: what a place grants to a care level, from a day on. The longest region code that fits wins, and of
      -- one service the newest; no times a week: granted no longer.
      CREATE TABLE care_grant (
        id uuid PRIMARY KEY,
        region_code text CHECK (region_code ~ '^(\\d{2}|\\d{4}|\\d{6}|\\d{9}|\\d{12})$'),
        from_day date NOT NULL,
        care_level text NOT NULL CHECK (care_level IN ('intact', 'mild', 'moderate', 'severe', 'total')),
        service text NOT NULL CHECK (service ~ '^[a-z][a-z0-9_]{1,39}$'),
        name_zh text NOT NULL,
        name_en text,
        skill text NOT NULL CHECK (skill ~ '^[a-z][a-z0-9_]{1,59}$'),
        minutes int NOT NULL CHECK (minutes BETWEEN 5 AND 720),
        times_per_week int NOT NULL CHECK (times_per_week BETWEEN 0 AND 7),
        created_at timestamptz NOT NULL
      );
      CREATE UNIQUE INDEX care_grant_once ON care_grant (coalesce(region_code, ''), care_level, service, from_day);

      CREATE TABLE care_plan (
        id uuid PRIMARY KEY,
        operator_id uuid NOT NULL,
        site_id uuid NOT NULL,
        resident_id uuid NOT NULL REFERENCES resident,
        care_level text NOT NULL,
        from_day date NOT NULL,
        weeks int NOT NULL CHECK (weeks BETWEEN 1 AND 52),
        status text NOT NULL CHECK (status IN ('proposed', 'accepted', 'ended')),
        lines jsonb NOT NULL,
        missing jsonb NOT NULL,
        -- In the order of the lines; empty until the plan is accepted.
        series_ids uuid[] NOT NULL DEFAULT '{}',
        created_by uuid NOT NULL,
        created_at timestamptz NOT NULL,
        ended_at timestamptz,
        CHECK ((status = 'ended') = (ended_at IS NOT NULL)),
        CHECK (status <> 'proposed' OR series_ids = '{}'),
        CHECK (status <> 'accepted' OR cardinality(series_ids) = jsonb_array_length(lines))
      );
      CREATE UNIQUE INDEX care_plan_standing ON care_plan (resident_id) WHERE status = 'accepted';
      CREATE INDEX care_plan_operator ON care_plan (operator_id, id);
      CREATE INDEX care_plan_resident ON care_plan (resident_id, id);
      ${tenantTable('care_plan')}
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE care_plan, care_grant`);
  }
}
