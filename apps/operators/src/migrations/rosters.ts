import { tenantTable } from '@doorstep/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { REGION_COLUMN, regionReader, RULE_DAYS } from './policies';

/** Certificates of staff and which skills need them; weekly patterns, shifts and absences; how many children one may mind. */
export class Rosters1763900000012 implements MigrationInterface {
  name = 'Rosters1763900000012';

  async up(runner: QueryRunner): Promise<void> {
    for (const part of [SITES, CERTIFICATES, ROSTERS, RATIOS, SEEDS]) await runner.query(part);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE staff_ratio, staff_absence, staff_shift, shift_pattern, staff_standing, staff_certificate_reminder,
        staff_certificate, skill_requirement;
      ALTER TABLE staff DROP COLUMN rostered;
      ALTER TABLE known_site DROP COLUMN time_zone;
    `);
  }
}

const SITES = `
  -- Shifts are planned on the site's clock.
  ALTER TABLE known_site ADD COLUMN time_zone text NOT NULL DEFAULT 'Asia/Shanghai';
  -- Whether their shifts are kept here: nobody with a roster is asked for outside of it.
  ALTER TABLE staff ADD COLUMN rostered boolean NOT NULL DEFAULT false;
`;

const CERTIFICATES = `
  -- all tenants: what the law of a place asks of who does something.
  CREATE TABLE skill_requirement (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    skill text NOT NULL CHECK (skill ~ '^[a-z][a-z0-9_]{1,59}$'),
    certificate_type text NOT NULL CHECK (certificate_type ~ '^[a-z][a-z0-9_]{1,39}$'),
    ${REGION_COLUMN},
    ${RULE_DAYS},
    -- Whether only a certificate that has run out takes the skill away, or also one never had.
    enforcement text NOT NULL CHECK (enforcement IN ('lapsed', 'missing')),
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT skill_requirement_once EXCLUDE USING gist (
      skill WITH =, certificate_type WITH =, coalesce(region_code, '') WITH =, daterange(from_day, to_day) WITH &&)
  );

  CREATE TABLE staff_certificate (
    id uuid PRIMARY KEY,
    operator_id uuid NOT NULL,
    staff_id uuid NOT NULL REFERENCES staff,
    type text NOT NULL CHECK (type ~ '^[a-z][a-z0-9_]{1,39}$'),
    number text NOT NULL CHECK (btrim(number) <> ''),
    valid_from date NOT NULL,
    valid_to date CHECK (valid_to > valid_from),
    revoked_on date,
    version int NOT NULL CHECK (version >= 1),
    created_at timestamptz NOT NULL,
    CHECK (revoked_on >= valid_from AND (valid_to IS NULL OR revoked_on < valid_to))
  );
  CREATE INDEX staff_certificate_operator ON staff_certificate (operator_id, id);
  CREATE INDEX staff_certificate_staff ON staff_certificate (staff_id, type);
  CREATE INDEX staff_certificate_valid_to ON staff_certificate (valid_to) WHERE revoked_on IS NULL;
  ${tenantTable('staff_certificate')}
  -- Whose staff an authority sees, their papers too.
  CREATE POLICY region_reader ON staff_certificate FOR SELECT USING (
    (SELECT current_setting('app.region_prefix', true)) <> ''
    AND EXISTS (SELECT FROM staff s WHERE s.id = staff_certificate.staff_id));

  CREATE TABLE staff_certificate_reminder (
    certificate_id uuid NOT NULL REFERENCES staff_certificate,
    operator_id uuid NOT NULL,
    -- Days before the end.
    reminder int NOT NULL CHECK (reminder IN (90, 30, 7, 0)),
    told_at timestamptz NOT NULL,
    PRIMARY KEY (certificate_id, reminder)
  );
  ${tenantTable('staff_certificate_reminder')}

  -- What was last told of each member of staff, and when to look again.
  CREATE TABLE staff_standing (
    staff_id uuid PRIMARY KEY REFERENCES staff,
    operator_id uuid NOT NULL,
    -- [{skill, certificateType, reason, since}]
    lost jsonb NOT NULL DEFAULT '[]',
    roster_from timestamptz,
    roster_to timestamptz,
    told_digest text,
    look_on date
  );
  CREATE INDEX staff_standing_look ON staff_standing (look_on);
  ${tenantTable('staff_standing')}
`;

const ROSTERS = `
  CREATE TABLE shift_pattern (
    id uuid PRIMARY KEY,
    operator_id uuid NOT NULL,
    staff_id uuid NOT NULL REFERENCES staff,
    site_id uuid NOT NULL REFERENCES known_site,
    purpose text NOT NULL CHECK (purpose IN ('site', 'visits')),
    -- 1 is Monday.
    weekdays int[] NOT NULL CHECK (cardinality(weekdays) BETWEEN 1 AND 7),
    starts text NOT NULL CHECK (starts ~ '^([01]\\d|2[0-3]):[0-5]\\d$'),
    -- Not after the start: on the next day.
    ends text NOT NULL CHECK (ends ~ '^([01]\\d|2[0-3]):[0-5]\\d$'),
    -- The minutes of a week that it takes, from Monday 00:00.
    week int4multirange NOT NULL,
    from_day date NOT NULL,
    to_day date,
    -- First day for which its shifts are not made yet.
    made_until date NOT NULL,
    version int NOT NULL CHECK (version >= 1),
    created_at timestamptz NOT NULL,
    CHECK (to_day >= from_day),
    CONSTRAINT shift_pattern_no_overlap EXCLUDE USING gist (
      staff_id WITH =, week WITH &&, daterange(from_day, to_day) WITH &&)
  );
  CREATE INDEX shift_pattern_operator ON shift_pattern (operator_id, id);
  CREATE INDEX shift_pattern_made ON shift_pattern (made_until);
  ${tenantTable('shift_pattern')}
  ${regionReader('shift_pattern')}

  CREATE TABLE staff_shift (
    id uuid PRIMARY KEY,
    operator_id uuid NOT NULL,
    staff_id uuid NOT NULL REFERENCES staff,
    site_id uuid NOT NULL REFERENCES known_site,
    purpose text NOT NULL CHECK (purpose IN ('site', 'visits')),
    -- The site's day on which it begins.
    day date NOT NULL,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    -- The pattern that made it; null: entered for this day alone.
    pattern_id uuid REFERENCES shift_pattern,
    -- Stays, so that its pattern doesn't make it again.
    cancelled boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL,
    CHECK (ends_at > starts_at AND ends_at <= starts_at + interval '25 hours'),
    CONSTRAINT staff_shift_of_pattern UNIQUE (pattern_id, day),
    -- Nobody works in two places at once, whatever the code above believes.
    CONSTRAINT staff_shift_no_overlap EXCLUDE USING gist (
      staff_id WITH =, tstzrange(starts_at, ends_at) WITH &&) WHERE (NOT cancelled)
  );
  CREATE INDEX staff_shift_operator ON staff_shift (operator_id, starts_at, id);
  CREATE INDEX staff_shift_staff ON staff_shift (staff_id, starts_at);
  CREATE INDEX staff_shift_site ON staff_shift (site_id, starts_at);
  ${tenantTable('staff_shift')}
  ${regionReader('staff_shift')}

  CREATE TABLE staff_absence (
    id uuid PRIMARY KEY,
    operator_id uuid NOT NULL,
    staff_id uuid NOT NULL REFERENCES staff,
    kind text NOT NULL CHECK (kind IN ('leave', 'sick', 'training', 'other')),
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    cancelled boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL,
    CHECK (ends_at > starts_at)
  );
  CREATE INDEX staff_absence_operator ON staff_absence (operator_id, id);
  CREATE INDEX staff_absence_staff ON staff_absence (staff_id, starts_at);
  ${tenantTable('staff_absence')}
`;

const RATIOS = `
  -- all tenants: how many children one member of staff may mind, by age and place.
  CREATE TABLE staff_ratio (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    age_class text NOT NULL CHECK (age_class ~ '^[a-z][a-z0-9_]{1,39}$'),
    age_months_min int NOT NULL CHECK (age_months_min >= 0),
    -- Exclusive.
    age_months_max int NOT NULL CHECK (age_months_max > age_months_min),
    children_per_staff int NOT NULL CHECK (children_per_staff BETWEEN 1 AND 100),
    -- Only who has it counts.
    skill text NOT NULL CHECK (skill ~ '^[a-z][a-z0-9_]{1,59}$'),
    ${REGION_COLUMN},
    ${RULE_DAYS},
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT staff_ratio_once EXCLUDE USING gist (
      age_class WITH =, coalesce(region_code, '') WITH =, daterange(from_day, to_day) WITH &&)
  );
`;

const SEEDS = `
  INSERT INTO staff_ratio (age_class, age_months_min, age_months_max, children_per_staff, skill, from_day) VALUES
    ('infant', 0, 12, 3, 'childcare', '2020-01-01'),
    ('toddler', 12, 24, 5, 'childcare', '2020-01-01'),
    ('older', 24, 48, 7, 'childcare', '2020-01-01');

  INSERT INTO skill_requirement (skill, certificate_type, from_day, enforcement) VALUES
    ('childcare', 'health', '2020-01-01', 'lapsed'),
    ('childcare', 'childcare_worker', '2020-01-01', 'lapsed'),
    ('bedside_care', 'health', '2020-01-01', 'lapsed'),
    ('bedside_care', 'care_worker', '2020-01-01', 'lapsed'),
    ('bathing', 'health', '2020-01-01', 'lapsed'),
    ('cooking', 'health', '2020-01-01', 'lapsed');
`;
