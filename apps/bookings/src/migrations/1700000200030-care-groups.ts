import { tenantTable } from '@doorstep/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What a country and its cities ask of childcare under three, and the groups that children are placed in. How many may be
 * in a group on a day is computed by the database, from the standard of the day and the staff: nobody writes it.
 */
export class CareGroups1700000200030 implements MigrationInterface {
  name = 'CareGroups1700000200030';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(STANDARDS);
    await runner.query(GROUPS);
    await runner.query(GROUP_DAYS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TRIGGER session_of_groups_closed ON session;
      DROP TABLE care_group_day, care_group_size, care_group, childcare_class, childcare_standard;
      DROP FUNCTION session_of_groups_closed(), care_group_day_guard(), care_group_size_changed(), childcare_standard_on(text, date),
                    age_months(date, date);
    `);
  }
}

const STANDARDS = `
  -- all tenants: what a country or a city asks of childcare is public
  CREATE TABLE childcare_standard (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    -- Leading digits of the region that it holds for; '': the whole country.
    region_prefix text COLLATE "C" NOT NULL CHECK (region_prefix ~ '^(\\d{2}|\\d{4}|\\d{6}|\\d{9})?$'),
    valid_from date NOT NULL,
    -- First day that is out.
    valid_to date CHECK (valid_to > valid_from),
    -- The age at which a child has no place any more.
    leaves_at_months int NOT NULL CHECK (leaves_at_months BETWEEN 1 AND 84),
    -- How long before a child is too old its family hears of it.
    warn_days int NOT NULL CHECK (warn_days BETWEEN 0 AND 365),
    -- Tenths of a degree Celsius from which a child isn't let in.
    fever_from_tenths int NOT NULL CHECK (fever_from_tenths BETWEEN 360 AND 420),
    refused_symptoms text[] NOT NULL,
    -- An absence told so long before the day counts as planned.
    notice_hours int NOT NULL CHECK (notice_hours BETWEEN 0 AND 720),
    -- A pick-up no later than this after the end isn't late.
    grace_minutes int NOT NULL CHECK (grace_minutes BETWEEN 0 AND 120),
    source text NOT NULL,
    CONSTRAINT childcare_standard_one_at_a_time
      EXCLUDE USING gist (region_prefix WITH =, daterange(valid_from, valid_to) WITH &&)
  );
  -- all tenants: classes of a public standard
  CREATE TABLE childcare_class (
    standard_id uuid NOT NULL REFERENCES childcare_standard,
    age_class text NOT NULL CHECK (age_class IN ('infant', 'toddler', 'older', 'mixed')),
    months_min int NOT NULL CHECK (months_min >= 0),
    -- Exclusive.
    months_max int NOT NULL CHECK (months_max > months_min),
    group_max int NOT NULL CHECK (group_max > 0),
    -- In a mixed group each child counts by the class of its own age.
    children_per_staff int CHECK (children_per_staff BETWEEN 1 AND 100),
    PRIMARY KEY (standard_id, age_class),
    CHECK ((children_per_staff IS NULL) = (age_class = 'mixed'))
  );
  WITH national AS (
    INSERT INTO childcare_standard (region_prefix, valid_from, leaves_at_months, warn_days, fever_from_tenths,
                                    refused_symptoms, notice_hours, grace_minutes, source)
    VALUES ('', '2019-10-08', 36, 60, 373, '{rash,vomiting,diarrhoea,conjunctivitis,mouth_sores}', 24, 15,
            '国卫人口发〔2019〕58号')
    RETURNING id)
  INSERT INTO childcare_class
  SELECT national.id, c.* FROM national, (VALUES ('infant', 6, 12, 10, 3), ('toddler', 12, 24, 15, 5),
                                                 ('older', 24, 36, 20, 7), ('mixed', 18, 36, 18, NULL::int)) AS c;

  -- Whole months of age; a birthday on the 31st falls on the 1st after a shorter month.
  CREATE FUNCTION age_months(birth date, on_day date) RETURNS int LANGUAGE sql IMMUTABLE AS $$
    SELECT ((extract(year FROM on_day) - extract(year FROM birth)) * 12
            + extract(month FROM on_day) - extract(month FROM birth))::int
           - (extract(day FROM on_day) < extract(day FROM birth))::int
  $$;

  -- The standard of the nearest region.
  CREATE FUNCTION childcare_standard_on(region text, on_day date) RETURNS uuid LANGUAGE sql STABLE AS $$
    SELECT s.id FROM childcare_standard s
    WHERE starts_with(region, s.region_prefix) AND s.valid_from <= on_day AND (s.valid_to IS NULL OR s.valid_to > on_day)
    ORDER BY length(s.region_prefix) DESC LIMIT 1
  $$;
`;

const GROUPS = `
  CREATE TABLE care_group (
    id uuid PRIMARY KEY,
    operator_id uuid NOT NULL,
    site_id uuid NOT NULL,
    offering_id uuid NOT NULL,
    region_code text NOT NULL,
    name text NOT NULL,
    age_class text NOT NULL CHECK (age_class IN ('infant', 'toddler', 'older', 'mixed')),
    -- Wall clock, HH:MM; the morning ends and the afternoon begins at noon_at.
    opens_at text NOT NULL,
    noon_at text NOT NULL,
    closes_at text NOT NULL,
    -- The newest standard that its days were counted by.
    standard_seen uuid,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    CHECK (opens_at < noon_at AND noon_at < closes_at),
    CONSTRAINT care_group_name UNIQUE (site_id, name)
  );
  CREATE INDEX care_group_operator ON care_group (operator_id, id);
  CREATE INDEX care_group_offering ON care_group (offering_id, id);
  ${tenantTable('care_group', { regionColumn: 'region_code' })}

  -- An offering with groups is taken up by places in them: its sessions, which know nothing of these, take nobody.
  CREATE FUNCTION session_of_groups_closed() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF NEW.status = 'open' AND EXISTS (SELECT FROM care_group g WHERE g.offering_id = NEW.offering_id) THEN
      NEW.status := 'closed';
    END IF;
    RETURN NEW;
  END $$;
  CREATE TRIGGER session_of_groups_closed BEFORE INSERT OR UPDATE OF status ON session
    FOR EACH ROW EXECUTE FUNCTION session_of_groups_closed();

  CREATE TABLE care_group_size (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    operator_id uuid NOT NULL,
    group_id uuid NOT NULL REFERENCES care_group,
    period daterange NOT NULL CHECK (NOT isempty(period) AND NOT lower_inf(period)),
    places int NOT NULL CHECK (places >= 0),
    staff int NOT NULL CHECK (staff BETWEEN 0 AND 50),
    CONSTRAINT care_group_size_once EXCLUDE USING gist (group_id WITH =, period WITH &&)
  );
  ${tenantTable('care_group_size')}
`;

const GROUP_DAYS = `
  -- Written by triggers alone. A child's load is its share of a member of staff, in billionths.
  CREATE TABLE care_group_day (
    group_id uuid NOT NULL REFERENCES care_group,
    day date NOT NULL,
    operator_id uuid NOT NULL,
    standard_id uuid,
    places int NOT NULL DEFAULT 0,
    load_max bigint NOT NULL DEFAULT 0,
    -- Children with a standing place, absent or not, by half of the day.
    claimed_am int NOT NULL DEFAULT 0 CHECK (claimed_am >= 0),
    claimed_pm int NOT NULL DEFAULT 0 CHECK (claimed_pm >= 0),
    claimed_load_am bigint NOT NULL DEFAULT 0,
    claimed_load_pm bigint NOT NULL DEFAULT 0,
    -- Children who are to come, on whatever terms.
    expected_am int NOT NULL DEFAULT 0 CHECK (expected_am >= 0),
    expected_pm int NOT NULL DEFAULT 0 CHECK (expected_pm >= 0),
    expected_load_am bigint NOT NULL DEFAULT 0,
    expected_load_pm bigint NOT NULL DEFAULT 0,
    -- A new standard left more children than it allows: nobody comes in until they are fewer.
    over boolean NOT NULL DEFAULT false,
    PRIMARY KEY (group_id, day),
    CONSTRAINT care_group_never_over CHECK (over OR (
      greatest(claimed_am, claimed_pm, expected_am, expected_pm) <= places
      AND greatest(claimed_load_am, claimed_load_pm, expected_load_am, expected_load_pm) <= load_max))
  ) WITH (fillfactor = 70);
  ${tenantTable('care_group_day')}

  CREATE FUNCTION care_group_day_guard() RETURNS trigger LANGUAGE plpgsql AS $$
  DECLARE
    fewer boolean; crowded boolean; short_staffed boolean; stale boolean; new_rule boolean; raised boolean;
  BEGIN
    SELECT standard.id, coalesce(least(z.places, c.group_max), 0), coalesce(z.staff, 0) * 1000000000::bigint,
           g.standard_seen IS DISTINCT FROM (SELECT s.id FROM childcare_standard s
                                             WHERE starts_with(g.region_code, s.region_prefix) ORDER BY s.id DESC LIMIT 1)
      INTO NEW.standard_id, NEW.places, NEW.load_max, stale
      FROM care_group g
      CROSS JOIN LATERAL (SELECT childcare_standard_on(g.region_code, NEW.day) AS id) standard
      LEFT JOIN childcare_class c ON c.standard_id = standard.id AND c.age_class = g.age_class
      LEFT JOIN care_group_size z ON z.group_id = g.id AND z.period @> NEW.day
      WHERE g.id = NEW.group_id;
    crowded := greatest(NEW.claimed_am, NEW.claimed_pm, NEW.expected_am, NEW.expected_pm) > NEW.places;
    short_staffed := greatest(NEW.claimed_load_am, NEW.claimed_load_pm, NEW.expected_load_am, NEW.expected_load_pm)
                     > NEW.load_max;
    NEW.over := false;
    IF NOT (crowded OR short_staffed) THEN RETURN NEW; END IF;
    IF TG_OP = 'UPDATE' THEN
      -- Counted by an older standard until now, this day or its children.
      new_rule := stale OR NEW.standard_id IS DISTINCT FROM OLD.standard_id;
      fewer := NEW.places < OLD.places OR NEW.load_max < OLD.load_max;
      raised := NEW.claimed_am > OLD.claimed_am OR NEW.claimed_pm > OLD.claimed_pm
                OR NEW.expected_am > OLD.expected_am OR NEW.expected_pm > OLD.expected_pm
                OR (NOT new_rule AND (NEW.claimed_load_am > OLD.claimed_load_am OR NEW.claimed_load_pm > OLD.claimed_load_pm
                    OR NEW.expected_load_am > OLD.expected_load_am OR NEW.expected_load_pm > OLD.expected_load_pm));
      NEW.over := NOT raised AND (new_rule OR (OLD.over AND NOT fewer));
    END IF;
    IF NEW.over THEN RETURN NEW; END IF;
    RAISE EXCEPTION 'group % would have more children on % than it may', NEW.group_id, NEW.day
      USING ERRCODE = '23514', CONSTRAINT = 'care_group_never_over', DETAIL = NEW.day::text,
            HINT = CASE WHEN crowded THEN 'full' ELSE 'staff_ratio' END;
  END $$;
  CREATE TRIGGER care_group_day_guard BEFORE INSERT OR UPDATE ON care_group_day
    FOR EACH ROW EXECUTE FUNCTION care_group_day_guard();

  -- Fewer places or staff are refused while more children are planned.
  CREATE FUNCTION care_group_size_changed() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM FROM care_group WHERE id = coalesce(NEW.group_id, OLD.group_id) FOR NO KEY UPDATE;
    UPDATE care_group_day SET day = day
    WHERE group_id = coalesce(NEW.group_id, OLD.group_id)
      AND (day <@ coalesce(NEW.period, 'empty') OR day <@ coalesce(OLD.period, 'empty'));
    RETURN NULL;
  END $$;
  -- At the end, so that a period may be cut in two by several statements.
  CREATE CONSTRAINT TRIGGER care_group_size_changed AFTER INSERT OR UPDATE OR DELETE ON care_group_size
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION care_group_size_changed();
`;
