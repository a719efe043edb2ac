import { tenantTable } from '@doorstep/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Sessions, bookings and holds. That nothing is booked twice is the schema's doing: the counter's CHECK for seats and
 * places, one exclusion constraint each for a space, a carer and a resident.
 */
export class Bookings1700000200003 implements MigrationInterface {
  name = 'Bookings1700000200003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE session (
        id uuid PRIMARY KEY DEFAULT uuidv7(),
        operator_id uuid NOT NULL,
        site_id uuid NOT NULL,
        offering_id uuid NOT NULL,
        region_code text NOT NULL,
        kind text NOT NULL,
        mode text NOT NULL,
        starts_at timestamptz NOT NULL,
        ends_at timestamptz NOT NULL,
        -- Site-local day of the start.
        service_day date NOT NULL,
        status text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'closed')),
        capacity int NOT NULL CHECK (capacity >= 0),
        taken int NOT NULL DEFAULT 0 CHECK (taken >= 0),
        -- Units sold before the capacity shrank below them; only ever falls.
        overhang int NOT NULL DEFAULT 0 CHECK (overhang >= 0),
        CHECK (ends_at > starts_at),
        CONSTRAINT session_never_over CHECK (taken <= capacity + overhang),
        CONSTRAINT session_once UNIQUE (offering_id, starts_at)
      ) WITH (fillfactor = 70);
      CREATE INDEX session_site ON session (site_id, starts_at, id);
      CREATE INDEX session_start ON session (starts_at, id);
      ${tenantTable('session', { regionColumn: 'region_code' })}

      CREATE TABLE booking (
        id uuid PRIMARY KEY,
        operator_id uuid NOT NULL,
        contract_id uuid NOT NULL,
        site_id uuid NOT NULL,
        offering_id uuid NOT NULL,
        session_id uuid NOT NULL REFERENCES session,
        resident_id uuid NOT NULL REFERENCES resident,
        region_code text NOT NULL,
        kind text NOT NULL,
        mode text NOT NULL,
        delivery text NOT NULL,
        starts_at timestamptz NOT NULL,
        ends_at timestamptz NOT NULL,
        service_day date NOT NULL,
        party_size int NOT NULL CHECK (party_size > 0),
        -- What it takes of the session's capacity.
        units int NOT NULL CHECK (units > 0),
        status text NOT NULL CHECK (status IN ('held', 'confirmed', 'checked_in', 'delivered', 'declined', 'expired',
                                               'cancelled', 'no_show')),
        status_reason text,
        cancelled_by text CHECK (cancelled_by IN ('resident', 'operator', 'system')),
        -- When the resident is there; null where presence isn't needed, and once capacity was given back.
        busy tstzrange,
        space_id uuid,
        caregiver_id uuid,
        buffer_minutes int NOT NULL,
        -- When the space or the carer is taken, with the buffer; null without either, and once capacity was given back.
        occupies tstzrange,
        gross_fen bigint,
        resident_fen bigint,
        funders_fen bigint,
        operator_fen bigint,
        funders jsonb,
        minutes int CHECK (minutes >= 0),
        -- Under the resident's key: a note may say anything about them.
        note_sealed bytea,
        version bigint NOT NULL,
        created_at timestamptz NOT NULL,
        CHECK (ends_at > starts_at),
        CHECK (status NOT IN ('declined', 'expired', 'cancelled') OR (busy IS NULL AND occupies IS NULL)),
        CHECK (status IN ('declined', 'expired', 'cancelled')
               OR (occupies IS NOT NULL) = (space_id IS NOT NULL OR caregiver_id IS NOT NULL)),
        CHECK ((status = 'cancelled') = (cancelled_by IS NOT NULL)),
        CHECK ((status = 'delivered') = (minutes IS NOT NULL)),
        CHECK (num_nonnulls(gross_fen, resident_fen, funders_fen, operator_fen, funders) IN (0, 5)),
        CHECK (gross_fen = resident_fen + funders_fen + operator_fen),
        CONSTRAINT booking_resident_once
          EXCLUDE USING gist (resident_id WITH =, busy WITH &&) WHERE (busy IS NOT NULL),
        CONSTRAINT booking_space_once
          EXCLUDE USING gist (space_id WITH =, occupies WITH &&) WHERE (space_id IS NOT NULL AND occupies IS NOT NULL),
        CONSTRAINT booking_caregiver_once
          EXCLUDE USING gist (caregiver_id WITH =, occupies WITH &&)
          WHERE (caregiver_id IS NOT NULL AND occupies IS NOT NULL)
      ) WITH (fillfactor = 80);
      -- No index on status: so that confirm, check-in and delivery change a row in place (HOT).
      CREATE INDEX booking_session ON booking (session_id);
      CREATE INDEX booking_site ON booking (site_id, starts_at, id);
      CREATE INDEX booking_resident ON booking (resident_id, starts_at, id);
      CREATE INDEX booking_operator ON booking (operator_id, starts_at, id);
      CREATE INDEX booking_start ON booking (starts_at, id);
      ${tenantTable('booking', { regionColumn: 'region_code' })}

      -- One row per booking that is held; touched only by who holds the booking's row lock. Small, so that finding
      -- lapsed holds is cheap however many bookings there are.
      CREATE TABLE hold (
        booking_id uuid PRIMARY KEY,
        operator_id uuid NOT NULL,
        session_id uuid NOT NULL,
        units int NOT NULL,
        expires_at timestamptz NOT NULL
      ) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
      CREATE INDEX hold_session ON hold (session_id);
      CREATE INDEX hold_expiry ON hold (expires_at);
      ${tenantTable('hold')}

      CREATE TABLE visit (
        booking_id uuid PRIMARY KEY REFERENCES booking,
        operator_id uuid NOT NULL,
        wrong_tries int NOT NULL DEFAULT 0,
        last_wrong_at timestamptz,
        checked_in_at timestamptz,
        checked_in_by uuid,
        checked_out_at timestamptz,
        checked_out_by uuid,
        flags text[] NOT NULL DEFAULT '{}',
        CHECK (checked_out_at >= checked_in_at)
      );
      ${tenantTable('visit')}
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE visit, hold, booking, session`);
  }
}
