import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A child in care isn't booked elsewhere at the same hour, nor the reverse. Bookings among themselves, and days in care
 * among themselves, have their exclusion constraints; between the two stands a lock on the child: bookings share it, so
 * that only care waits for them and they for it, and who has it sees what the other has committed.
 */
export class Presence1700000200061 implements MigrationInterface {
  name = 'Presence1700000200061';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(CARE_PRESENCE);
    await runner.query(BOOKING_GUARD);
    await runner.query(CARE_GUARD);
    await runner.query(guardOfDays('insert', 'NEW TABLE AS added', `SELECT placement_id, day FROM added`));
    await runner.query(
      guardOfDays(
        'update',
        'OLD TABLE AS removed NEW TABLE AS added',
        // Who is expected anew, or otherwise than before: a standard that counts all days again moves nobody.
        `SELECT placement_id, day FROM
           (SELECT placement_id, day, resident_id, from_at, to_at FROM added WHERE absence_kind IS NULL
            EXCEPT SELECT placement_id, day, resident_id, from_at, to_at FROM removed WHERE absence_kind IS NULL) x`,
      ),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TRIGGER care_presence_insert ON care_day;
      DROP TRIGGER care_presence_update ON care_day;
      DROP TRIGGER care_presence_accepted ON placement;
      DROP TRIGGER booking_presence ON booking;
      DROP FUNCTION care_presence_insert(), care_presence_update(), care_presence_accepted(), booking_presence(),
                    care_presence_guard(uuid[], date[]);
      DROP VIEW care_presence;
      ALTER TABLE placement DROP COLUMN present;
    `);
  }
}

const CARE_PRESENCE = `
  -- Whether a child in care can be nowhere else: as it was set for the kind when the place was given.
  ALTER TABLE placement ADD COLUMN present boolean NOT NULL DEFAULT true;

  -- When a child is in care: not while the place is only offered, and not while it is absent.
  CREATE VIEW care_presence WITH (security_invoker = true) AS
    SELECT d.placement_id, d.resident_id, d.day,
           tstzrange((d.day + d.from_at::time) AT TIME ZONE s.time_zone,
                     (d.day + d.to_at::time) AT TIME ZONE s.time_zone) AS span
    FROM care_day d JOIN placement p ON p.id = d.placement_id JOIN site s ON s.id = p.site_id
    WHERE d.absence_kind IS NULL AND p.present AND p.status IN ('standing', 'ended');
`;

const BOOKING_GUARD = `
  CREATE FUNCTION booking_presence() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtextextended('presence ' || NEW.resident_id, 5));
    -- A day more on each side covers every time zone.
    IF EXISTS (SELECT FROM care_presence c
               WHERE c.resident_id = NEW.resident_id AND c.day >= (NEW.starts_at AT TIME ZONE 'UTC')::date - 1
                 AND c.day <= (NEW.ends_at AT TIME ZONE 'UTC')::date + 1 AND c.span && NEW.busy) THEN
      RAISE EXCEPTION 'the child is in care then' USING ERRCODE = '23P01', CONSTRAINT = 'booking_resident_in_care';
    END IF;
    RETURN NULL;
  END $$;
  CREATE TRIGGER booking_presence AFTER INSERT OR UPDATE OF busy, resident_id ON booking
    FOR EACH ROW WHEN (NEW.busy IS NOT NULL) EXECUTE FUNCTION booking_presence();
`;

const CARE_GUARD = `
  CREATE FUNCTION care_presence_guard(placements uuid[], days date[]) RETURNS void LANGUAGE plpgsql AS $$
  DECLARE
    clash date;
  BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('presence ' || x.resident_id, 5))
      FROM (SELECT DISTINCT p.resident_id FROM placement p
            WHERE p.id = ANY (placements) AND p.present AND p.status IN ('standing', 'ended') ORDER BY 1) x;
    IF NOT FOUND THEN RETURN; END IF;
    SELECT min(c.day) INTO clash
      FROM unnest(placements, days) AS x (placement_id, day)
      JOIN care_presence c ON c.placement_id = x.placement_id AND c.day = x.day
      JOIN booking b ON b.resident_id = c.resident_id
      -- A session lasts a day at most, 25 hours when clocks go back.
      WHERE b.starts_at > (SELECT min(d) FROM unnest(days) d)::timestamp AT TIME ZONE 'UTC' - interval '3 days'
        AND b.busy && c.span;
    IF clash IS NOT NULL THEN
      RAISE EXCEPTION 'the child is booked elsewhere on %', clash
        USING ERRCODE = '23P01', CONSTRAINT = 'care_day_elsewhere', DETAIL = clash::text;
    END IF;
  END $$;

  CREATE FUNCTION care_presence_accepted() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM care_presence_guard(array_agg(d.placement_id), array_agg(d.day)) FROM care_day d
      WHERE d.placement_id = NEW.id AND d.day >= NEW.starts_on HAVING count(*) > 0;
    RETURN NULL;
  END $$;
  CREATE TRIGGER care_presence_accepted AFTER UPDATE OF status ON placement
    FOR EACH ROW WHEN (OLD.status = 'offered' AND NEW.status = 'standing')
    EXECUTE FUNCTION care_presence_accepted();
`;

/** Days that a statement added or changed. */
function guardOfDays(operation: 'insert' | 'update', tables: string, days: string): string {
  const name = `care_presence_${operation}`;
  return `
    CREATE FUNCTION ${name}() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM care_presence_guard(array_agg(placement_id), array_agg(day)) FROM (${days}) d HAVING count(*) > 0;
      RETURN NULL;
    END $$;
    CREATE TRIGGER ${name} AFTER ${operation.toUpperCase()} ON care_day
      REFERENCING ${tables} FOR EACH STATEMENT EXECUTE FUNCTION ${name}();
  `;
}
