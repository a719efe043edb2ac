import { tenantTable } from '@doorstep/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Children's places in groups, day by day. Every day of a placement is a row, and triggers count the rows into the days of
 * the group and the months of a contingent, where checks stand.
 */
export class Placements1700000200031 implements MigrationInterface {
  name = 'Placements1700000200031';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(PLACEMENTS);
    await runner.query(DAYS);
    await runner.query(DAY_GUARD);
    await runner.query(counting('INSERT', 'NEW TABLE AS added', `SELECT 1 AS sign, a.* FROM added a`));
    await runner.query(counting('DELETE', 'OLD TABLE AS removed', `SELECT -1 AS sign, r.* FROM removed r`));
    await runner.query(
      counting(
        'UPDATE',
        'OLD TABLE AS removed NEW TABLE AS added',
        `SELECT -1 AS sign, r.* FROM removed r UNION ALL SELECT 1, a.* FROM added a`,
      ),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TRIGGER resident_birth_guard ON resident;
      DROP TABLE contingent_use, care_day, attendance_month, absence, care_application, placement;
      DROP FUNCTION resident_birth_guard(), care_day_guard(), care_day_counted_insert(), care_day_counted_delete(), care_day_counted_update();
    `);
  }
}

const TERMS = `
        mode text NOT NULL CHECK (mode IN ('full_day', 'half_day', 'timed', 'temporary')),
        -- Part of each ISO weekday, Monday first: 0 none, 1 morning, 2 afternoon, 3 both.
        pattern int[] NOT NULL CHECK (cardinality(pattern) = 7 AND 0 <= ALL (pattern) AND 3 >= ALL (pattern)),
        contingent_minutes int CHECK (contingent_minutes > 0),
        contingent_days int CHECK (contingent_days BETWEEN 1 AND 31),
        CHECK (num_nonnulls(contingent_minutes, contingent_days) = (mode = 'timed')::int),
        CHECK (mode NOT IN ('timed', 'temporary') OR 0 = ALL (pattern)),`;

const PLACEMENTS = `
      CREATE TABLE placement (
        id uuid PRIMARY KEY,
        operator_id uuid NOT NULL,
        site_id uuid NOT NULL,
        offering_id uuid NOT NULL,
        group_id uuid NOT NULL REFERENCES care_group,
        resident_id uuid NOT NULL REFERENCES resident,
        contract_id uuid NOT NULL,
        ${TERMS}
        starts_on date NOT NULL,
        -- First day that is out: the child is too old for the group then, or earlier.
        ends_on date NOT NULL CHECK (ends_on >= starts_on),
        ends_because text NOT NULL CHECK (ends_because IN ('term_over', 'outgrows_group', 'outgrows_service')),
        status text NOT NULL CHECK (status IN ('offered', 'standing', 'ended', 'declined', 'expired')),
        end_reason text,
        accept_by timestamptz,
        application_id uuid,
        continues uuid REFERENCES placement,
        warned_at timestamptz,
        version bigint NOT NULL,
        created_at timestamptz NOT NULL,
        CHECK ((status = 'offered') = (accept_by IS NOT NULL)),
        CHECK ((status = 'ended') = (end_reason IS NOT NULL)),
        CONSTRAINT placement_once EXCLUDE USING gist (resident_id WITH =, daterange(starts_on, ends_on) WITH &&)
          WHERE (mode <> 'temporary' AND status IN ('offered', 'standing', 'ended'))
      );
      CREATE INDEX placement_group ON placement (group_id, starts_on);
      CREATE INDEX placement_operator ON placement (operator_id, id);
      CREATE INDEX placement_resident ON placement (resident_id, id);
      CREATE INDEX placement_offered ON placement (accept_by) WHERE status = 'offered';
      CREATE INDEX placement_ends ON placement (ends_on) WHERE status = 'standing';
      ${tenantTable('placement')}

      CREATE TABLE care_application (
        id uuid PRIMARY KEY,
        operator_id uuid NOT NULL,
        site_id uuid NOT NULL,
        offering_id uuid NOT NULL,
        resident_id uuid NOT NULL REFERENCES resident,
        ${TERMS}
        wished_start date NOT NULL,
        -- Last day that it stands unless the family prolongs it.
        due_on date NOT NULL,
        -- Higher goes first; among equals who came first.
        priority int NOT NULL CHECK (priority BETWEEN 0 AND 9),
        status text NOT NULL
          CHECK (status IN ('waiting', 'offered', 'accepted', 'declined', 'expired', 'withdrawn', 'lapsed')),
        -- The one offer that it ever gets.
        placement_id uuid UNIQUE REFERENCES placement,
        -- Order of applying; finer than any clock.
        place bigint GENERATED ALWAYS AS IDENTITY,
        version bigint NOT NULL,
        applied_at timestamptz NOT NULL,
        ended_at timestamptz,
        CHECK (mode <> 'temporary'),
        CHECK ((placement_id IS NULL) = (status IN ('waiting', 'withdrawn', 'lapsed'))),
        CHECK ((ended_at IS NULL) = (status IN ('waiting', 'offered')))
      );
      CREATE UNIQUE INDEX care_application_once ON care_application (offering_id, resident_id)
        WHERE status IN ('waiting', 'offered');
      CREATE INDEX care_application_queue ON care_application (offering_id, priority DESC, place) WHERE status = 'waiting';
      CREATE INDEX care_application_due ON care_application (due_on) WHERE status = 'waiting';
      CREATE INDEX care_application_operator ON care_application (operator_id, place);
      ${tenantTable('care_application')}

      CREATE TABLE absence (
        id uuid PRIMARY KEY,
        operator_id uuid NOT NULL,
        placement_id uuid NOT NULL REFERENCES placement,
        kind text NOT NULL CHECK (kind IN ('sick', 'planned', 'unplanned', 'closure', 'force_majeure')),
        from_day date NOT NULL,
        to_day date NOT NULL CHECK (to_day > from_day),
        told_at timestamptz NOT NULL,
        told_by uuid NOT NULL
      );
      CREATE INDEX absence_placement ON absence (placement_id, id);
      ${tenantTable('absence')}

      -- Months that were told to billing: their days don't change any more.
      CREATE TABLE attendance_month (
        group_id uuid NOT NULL REFERENCES care_group,
        month date NOT NULL CHECK (extract(day FROM month) = 1),
        operator_id uuid NOT NULL,
        closed_at timestamptz NOT NULL,
        closed_by uuid NOT NULL,
        PRIMARY KEY (group_id, month)
      );
      ${tenantTable('attendance_month')}
`;

const DAYS = `
      CREATE TABLE care_day (
        placement_id uuid NOT NULL REFERENCES placement,
        day date NOT NULL,
        operator_id uuid NOT NULL,
        group_id uuid NOT NULL REFERENCES care_group,
        resident_id uuid NOT NULL REFERENCES resident,
        -- The morning is [0,1), the afternoon [1,2).
        halves int4range NOT NULL CHECK (halves <@ int4range(0, 2) AND NOT isempty(halves)),
        -- Wall clock, HH:MM.
        from_at text NOT NULL,
        to_at text NOT NULL CHECK (to_at > from_at),
        -- A standing place is kept while the child is away; a reserved day is not.
        standing boolean NOT NULL,
        -- What it takes of the month's contingent; null: nothing, or given back.
        spent_minutes int CHECK (spent_minutes > 0),
        staff_load bigint NOT NULL DEFAULT 0,
        absence_id uuid REFERENCES absence,
        absence_kind text CHECK (absence_kind IN ('sick', 'planned', 'unplanned', 'closure', 'force_majeure')),
        notice_hours int CHECK (notice_hours >= 0),
        PRIMARY KEY (placement_id, day),
        CHECK (num_nonnulls(absence_id, absence_kind, notice_hours) IN (0, 3)),
        CONSTRAINT care_day_child_once EXCLUDE USING gist (resident_id WITH =, day WITH =, halves WITH &&)
          WHERE (absence_kind IS NULL)
      );
      CREATE INDEX care_day_group ON care_day (group_id, day);
      CREATE INDEX care_day_resident ON care_day (resident_id, day);
      ${tenantTable('care_day')}

      CREATE TABLE contingent_use (
        placement_id uuid NOT NULL REFERENCES placement,
        month date NOT NULL,
        operator_id uuid NOT NULL,
        minutes_max int,
        days_max int,
        minutes_used int NOT NULL DEFAULT 0 CHECK (minutes_used >= 0),
        days_used int NOT NULL DEFAULT 0 CHECK (days_used >= 0),
        PRIMARY KEY (placement_id, month),
        CONSTRAINT contingent_never_over CHECK (coalesce(minutes_used <= minutes_max, true)
                                                AND coalesce(days_used <= days_max, true))
      );
      ${tenantTable('contingent_use')}
`;

const DAY_GUARD = `
      -- A day lies within its placement, the child has the age for the group on it, and counts as the standard says.
      CREATE FUNCTION care_day_guard() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE
        months int; leaves int; own childcare_class; by_age int; within boolean;
      BEGIN
        SELECT age_months(r.birth_date, NEW.day), s.leaves_at_months, NEW.day >= p.starts_on AND NEW.day < p.ends_on
          INTO months, leaves, within
          FROM placement p JOIN resident r ON r.id = p.resident_id JOIN care_group g ON g.id = p.group_id
          JOIN childcare_standard s ON s.id = childcare_standard_on(g.region_code, NEW.day)
          WHERE p.id = NEW.placement_id AND p.group_id = NEW.group_id AND p.resident_id = NEW.resident_id;
        SELECT c.* INTO own FROM care_group g
          JOIN childcare_class c ON c.age_class = g.age_class
               AND c.standard_id = childcare_standard_on(g.region_code, NEW.day)
          WHERE g.id = NEW.group_id;
        SELECT c.children_per_staff INTO by_age FROM childcare_class c
          WHERE c.standard_id = own.standard_id AND c.age_class <> 'mixed'
            AND months >= c.months_min AND months < c.months_max;
        -- What stands when a standard changes is counted anew, and not judged anew.
        IF TG_OP = 'INSERT' THEN
          IF within IS NOT TRUE THEN
            RAISE EXCEPTION 'day % lies outside of the placement', NEW.day
              USING ERRCODE = '23514', CONSTRAINT = 'care_day_within', DETAIL = NEW.day::text;
          END IF;
          IF NOT coalesce(months >= own.months_min AND months < own.months_max AND months < leaves, false)
             OR coalesce(own.children_per_staff, by_age) IS NULL THEN
            RAISE EXCEPTION 'the child has not the age for the group on %', NEW.day
              USING ERRCODE = '23514', CONSTRAINT = 'care_day_age', DETAIL = NEW.day::text;
          END IF;
        END IF;
        NEW.staff_load := coalesce(1000000000 / coalesce(own.children_per_staff, by_age), OLD.staff_load);
        RETURN NEW;
      END $$;
      CREATE TRIGGER care_day_guard BEFORE INSERT OR UPDATE ON care_day
        FOR EACH ROW EXECUTE FUNCTION care_day_guard();

      -- A birth date isn't corrected past days to come on which the child would be too young or too old for its group.
      CREATE FUNCTION resident_birth_guard() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF EXISTS (SELECT FROM care_day d JOIN care_group g ON g.id = d.group_id
                   JOIN childcare_class c ON c.standard_id = childcare_standard_on(g.region_code, d.day)
                        AND c.age_class = g.age_class
                   WHERE d.resident_id = NEW.id AND d.day >= CURRENT_DATE
                     AND (age_months(NEW.birth_date, d.day) < c.months_min
                          OR age_months(NEW.birth_date, d.day) >= c.months_max)) THEN
          RAISE EXCEPTION 'the child has a place for which it would not have the age'
            USING ERRCODE = '23514', CONSTRAINT = 'care_day_age';
        END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER resident_birth_guard BEFORE UPDATE OF birth_date ON resident
        FOR EACH ROW WHEN (NEW.birth_date <> OLD.birth_date AND NEW.erased_at IS NULL)
        EXECUTE FUNCTION resident_birth_guard();
`;

/** Counts the rows that a statement added, removed or changed. One at a time in each group, so nobody waits in a circle. */
function counting(operation: string, tables: string, source: string): string {
  const name = `care_day_counted_${operation.toLowerCase()}`;
  const sum = (what: string, when: string): string =>
    `sum(CASE WHEN ${when} THEN x.sign * ${what} ELSE 0 END) AS`;
  const [am, pm] = ['x.halves @> 0', 'x.halves @> 1'];
  const [claim, expect] = ['x.standing', 'x.absence_kind IS NULL'];
  return `
      CREATE FUNCTION ${name}() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        PERFORM FROM care_group g WHERE g.id IN (SELECT x.group_id FROM (${source}) x) ORDER BY g.id FOR NO KEY UPDATE;
        IF EXISTS (SELECT FROM (${source}) x JOIN attendance_month m
                   ON m.group_id = x.group_id AND m.month = date_trunc('month', x.day)::date) THEN
          RAISE EXCEPTION 'the month is closed' USING ERRCODE = '23514', CONSTRAINT = 'care_month_closed';
        END IF;
        INSERT INTO care_group_day (group_id, day, operator_id)
          SELECT DISTINCT x.group_id, x.day, x.operator_id FROM (${source}) x ON CONFLICT DO NOTHING;
        UPDATE care_group_day d
          SET claimed_am = d.claimed_am + t.claimed_am, claimed_pm = d.claimed_pm + t.claimed_pm,
              claimed_load_am = d.claimed_load_am + t.claimed_load_am,
              claimed_load_pm = d.claimed_load_pm + t.claimed_load_pm,
              expected_am = d.expected_am + t.expected_am, expected_pm = d.expected_pm + t.expected_pm,
              expected_load_am = d.expected_load_am + t.expected_load_am,
              expected_load_pm = d.expected_load_pm + t.expected_load_pm
          FROM (SELECT x.group_id, x.day,
                       ${sum('1', `${claim} AND ${am}`)} claimed_am, ${sum('1', `${claim} AND ${pm}`)} claimed_pm,
                       ${sum('x.staff_load', `${claim} AND ${am}`)} claimed_load_am,
                       ${sum('x.staff_load', `${claim} AND ${pm}`)} claimed_load_pm,
                       ${sum('1', `${expect} AND ${am}`)} expected_am, ${sum('1', `${expect} AND ${pm}`)} expected_pm,
                       ${sum('x.staff_load', `${expect} AND ${am}`)} expected_load_am,
                       ${sum('x.staff_load', `${expect} AND ${pm}`)} expected_load_pm
                FROM (${source}) x GROUP BY x.group_id, x.day) t
          WHERE d.group_id = t.group_id AND d.day = t.day;
        INSERT INTO contingent_use (placement_id, month, operator_id, minutes_max, days_max)
          SELECT DISTINCT p.id, date_trunc('month', x.day)::date, p.operator_id, p.contingent_minutes, p.contingent_days
          FROM (${source}) x JOIN placement p ON p.id = x.placement_id
          WHERE x.spent_minutes IS NOT NULL ON CONFLICT DO NOTHING;
        UPDATE contingent_use u SET minutes_used = u.minutes_used + t.minutes, days_used = u.days_used + t.days
          FROM (SELECT x.placement_id, date_trunc('month', x.day)::date AS month,
                       sum(x.sign * x.spent_minutes) AS minutes, sum(x.sign) AS days
                FROM (${source}) x WHERE x.spent_minutes IS NOT NULL GROUP BY 1, 2) t
          WHERE u.placement_id = t.placement_id AND u.month = t.month;
        RETURN NULL;
      END $$;
      CREATE TRIGGER ${name} AFTER ${operation} ON care_day
        REFERENCING ${tables} FOR EACH STATEMENT EXECUTE FUNCTION ${name}();
  `;
}
