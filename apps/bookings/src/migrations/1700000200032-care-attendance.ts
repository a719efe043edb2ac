import { appendOnlyTable, tenantTable } from '@doorstep/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What happened on each day, as a log of revisions that nobody changes; and the lines of closed months. */
export class CareAttendance1700000200032 implements MigrationInterface {
  name = 'CareAttendance1700000200032';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE attendance (
        placement_id uuid NOT NULL,
        day date NOT NULL,
        -- The highest is what holds.
        revision int NOT NULL CHECK (revision > 0),
        operator_id uuid NOT NULL,
        group_id uuid NOT NULL REFERENCES care_group,
        outcome text NOT NULL CHECK (outcome IN ('checked_in', 'attended', 'refused', 'absent')),
        checked_in_at timestamptz,
        checked_out_at timestamptz,
        minutes int NOT NULL CHECK (minutes >= 0),
        late_minutes int NOT NULL CHECK (late_minutes >= 0),
        -- Of a day that was corrected to an absence.
        absence_kind text CHECK (absence_kind IN ('sick', 'planned', 'unplanned', 'closure', 'force_majeure')),
        -- Under the child's key: temperature and symptoms.
        health_sealed bytea,
        corrected boolean NOT NULL,
        reason text,
        recorded_by uuid NOT NULL,
        recorded_at timestamptz NOT NULL,
        PRIMARY KEY (placement_id, day, revision),
        CONSTRAINT attendance_day FOREIGN KEY (placement_id, day) REFERENCES care_day (placement_id, day),
        CHECK (checked_out_at >= checked_in_at),
        CHECK ((outcome IN ('checked_in', 'attended')) = (checked_in_at IS NOT NULL)),
        CHECK ((outcome = 'attended') = (checked_out_at IS NOT NULL)),
        CHECK ((outcome = 'absent') = (absence_kind IS NOT NULL)),
        CHECK (corrected = (reason IS NOT NULL))
      );
      CREATE INDEX attendance_group ON attendance (group_id, day);
      ${tenantTable('attendance')}
      ${appendOnlyTable('attendance')}

      -- A closed month takes corrections alone.
      CREATE FUNCTION attendance_guard() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        PERFORM FROM care_group WHERE id = NEW.group_id FOR NO KEY UPDATE;
        IF NOT NEW.corrected AND EXISTS (SELECT FROM attendance_month m WHERE m.group_id = NEW.group_id
                                         AND m.month = date_trunc('month', NEW.day)::date) THEN
          RAISE EXCEPTION 'the month is closed' USING ERRCODE = '23514', CONSTRAINT = 'care_month_closed';
        END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER attendance_guard BEFORE INSERT ON attendance
        FOR EACH ROW EXECUTE FUNCTION attendance_guard();

      -- What billing was told of a month, and each correction of it.
      CREATE TABLE attendance_line (
        placement_id uuid NOT NULL REFERENCES placement,
        month date NOT NULL,
        revision int NOT NULL CHECK (revision > 0),
        operator_id uuid NOT NULL,
        group_id uuid NOT NULL,
        contract_id uuid NOT NULL,
        workdays int NOT NULL,
        pattern_days int NOT NULL,
        totals jsonb NOT NULL,
        reason text,
        at timestamptz NOT NULL,
        PRIMARY KEY (placement_id, month, revision),
        FOREIGN KEY (group_id, month) REFERENCES attendance_month,
        CHECK ((revision = 1) = (reason IS NULL))
      );
      CREATE INDEX attendance_line_group ON attendance_line (group_id, month);
      ${tenantTable('attendance_line')}
      ${appendOnlyTable('attendance_line')}
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE attendance_line, attendance; DROP FUNCTION attendance_guard()`);
  }
}
