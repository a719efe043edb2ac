import { tenantTable } from '@doorstep/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Carers' ways and shifts. Between two visits of a carer lies the longer of the buffers and the way from one home to the
 * next; the trigger sees to that for whoever comes by whichever site, because a carer may work for several.
 */
export class Ways1700000200051 implements MigrationInterface {
  name = 'Ways1700000200051';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(SHIFTS);
    await runner.query(PLACES);
    await runner.query(TRIGGER);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TRIGGER booking_way ON booking;
      DROP FUNCTION booking_way();
      DROP FUNCTION travel_minutes(double precision, double precision, double precision, double precision, int);
      ALTER TABLE booking DROP COLUMN place_lng, DROP COLUMN place_lat, DROP COLUMN km_per_hour;
      DROP TABLE staff_shift;
      ALTER TABLE staff DROP COLUMN roster_from, DROP COLUMN roster_to;
    `);
  }
}

const SHIFTS = `
  -- For which instants the shifts say all; null: nothing is known of when they work.
  ALTER TABLE staff ADD COLUMN roster_from timestamptz, ADD COLUMN roster_to timestamptz;
  CREATE TABLE staff_shift (
    staff_id uuid NOT NULL REFERENCES staff ON DELETE CASCADE,
    operator_id uuid NOT NULL,
    site_id uuid NOT NULL,
    purpose text NOT NULL CHECK (purpose IN ('site', 'visits')),
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL CHECK (ends_at > starts_at),
    PRIMARY KEY (staff_id, starts_at)
  );
  ${tenantTable('staff_shift')}
`;

const PLACES = `
  ALTER TABLE booking
    -- Where a carer works then, as coarse as homes are known to planning; and how fast they get there. Frozen.
    ADD COLUMN place_lng double precision,
    ADD COLUMN place_lat double precision,
    ADD COLUMN km_per_hour int;

  -- Whole minutes from one place to another; 0 where one is not known. Flat within a city: wrong by less than 1 %.
  CREATE FUNCTION travel_minutes(lng1 double precision, lat1 double precision, lng2 double precision,
                                 lat2 double precision, km_per_hour int) RETURNS int
  LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(ceil(60 * 111.195 / km_per_hour
                         * sqrt((lat2 - lat1) ^ 2 + ((lng2 - lng1) * cos(radians((lat1 + lat2) / 2))) ^ 2)), 0)::int
  $$;
`;

const TRIGGER = `
  CREATE FUNCTION booking_way() RETURNS trigger LANGUAGE plpgsql AS $$
  DECLARE
    near_from timestamptz := NEW.starts_at - interval '50 hours';
    near_to timestamptz := NEW.ends_at + interval '24 hours';
    speed int := NEW.km_per_hour;
  BEGIN
    IF NEW.place_lng IS NULL THEN
      SELECT r.home_lng, r.home_lat INTO NEW.place_lng, NEW.place_lat
      FROM resident r WHERE r.id = NEW.resident_id AND NEW.delivery IN ('home', 'bedside');
      IF NEW.place_lng IS NULL THEN
        SELECT s.lng, s.lat INTO NEW.place_lng, NEW.place_lat FROM site s WHERE s.id = NEW.site_id;
      END IF;
      SELECT r.plan_km_per_hour INTO speed FROM visit_rule r
      WHERE (r.region_code IS NULL OR starts_with(NEW.region_code, r.region_code)) AND r.from_day <= NEW.service_day
      ORDER BY length(r.region_code) DESC NULLS LAST, r.from_day DESC LIMIT 1;
      NEW.km_per_hour := speed;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('carer ' || NEW.caregiver_id, 5));
    IF EXISTS (
      SELECT FROM booking b
      WHERE b.caregiver_id = NEW.caregiver_id AND b.starts_at > near_from AND b.starts_at < near_to
        AND b.occupies IS NOT NULL AND b.id <> NEW.id AND b.id IS DISTINCT FROM NEW.replaces
        AND b.starts_at < NEW.ends_at + make_interval(mins => greatest(NEW.buffer_minutes, b.buffer_minutes,
              travel_minutes(NEW.place_lng, NEW.place_lat, b.place_lng, b.place_lat, speed)))
        AND b.ends_at + make_interval(mins => greatest(NEW.buffer_minutes, b.buffer_minutes,
              travel_minutes(b.place_lng, b.place_lat, NEW.place_lng, NEW.place_lat, speed))) > NEW.starts_at
    ) THEN
      RAISE EXCEPTION 'the way from one visit to the next is too long'
        USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'booking_caregiver_way';
    END IF;
    RETURN NEW;
  END $$;
  CREATE TRIGGER booking_way BEFORE INSERT OR UPDATE OF caregiver_id ON booking
    FOR EACH ROW WHEN (NEW.caregiver_id IS NOT NULL) EXECUTE FUNCTION booking_way();
`;
