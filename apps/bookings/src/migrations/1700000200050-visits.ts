import { tenantTable } from '@doorstep/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Visits that are looked at before they are billed: how they were proved, what is odd about them, who decided. */
export class Visits1700000200050 implements MigrationInterface {
  name = 'Visits1700000200050';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE booking DROP CONSTRAINT booking_status_check;
      ALTER TABLE booking ADD CONSTRAINT booking_status_check
        CHECK (status IN ('offered', 'held', 'confirmed', 'checked_in', 'on_review', 'delivered', 'declined', 'expired',
                          'cancelled', 'no_show'));
      ${HOMES}
      ${RULES}
      ${VISITS}
      ${EVIDENCE}
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE visit_evidence, visit_rule;
      ALTER TABLE resident DROP COLUMN home_sealed, DROP COLUMN home_lng, DROP COLUMN home_lat;
    `);
  }
}

const HOMES = `
  ALTER TABLE resident
    -- The point of the home under the resident's own key: for the fence at the door alone.
    ADD COLUMN home_sealed bytea,
    -- The same point on a grid of a hundredth of a degree (some 1 km): enough to plan ways, too little to find a door.
    ADD COLUMN home_lng double precision,
    ADD COLUMN home_lat double precision,
    ADD CHECK (num_nonnulls(home_sealed, home_lng, home_lat) IN (0, 3)),
    ADD CHECK (erased_at IS NULL OR home_sealed IS NULL),
    ADD CHECK (home_lng = round(home_lng::numeric, 2) AND home_lat = round(home_lat::numeric, 2));
`;

const RULES = `
  -- all tenants: what a place asks of everybody's visits, from a day on. The longest region code that fits wins.
  CREATE TABLE visit_rule (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    region_code text CHECK (region_code ~ '^(\\d{2}|\\d{4}|\\d{6}|\\d{9}|\\d{12})$'),
    from_day date NOT NULL,
    fence_metres int NOT NULL CHECK (fence_metres BETWEEN 20 AND 5000),
    far_metres int NOT NULL CHECK (far_metres >= fence_metres),
    minutes_min int NOT NULL CHECK (minutes_min BETWEEN 0 AND 600),
    share_percent_min int NOT NULL CHECK (share_percent_min BETWEEN 0 AND 100),
    plan_km_per_hour int NOT NULL CHECK (plan_km_per_hour BETWEEN 1 AND 200),
    km_per_hour_max int NOT NULL CHECK (km_per_hour_max BETWEEN plan_km_per_hour AND 1000),
    offline_hours_max int NOT NULL CHECK (offline_hours_max BETWEEN 0 AND 168),
    qr_seconds int NOT NULL CHECK (qr_seconds BETWEEN 15 AND 3600),
    created_at timestamptz NOT NULL DEFAULT now()
  );
  CREATE UNIQUE INDEX visit_rule_once ON visit_rule (coalesce(region_code, ''), from_day);
  INSERT INTO visit_rule (from_day, fence_metres, far_metres, minutes_min, share_percent_min, plan_km_per_hour,
                          km_per_hour_max, offline_hours_max, qr_seconds)
  VALUES ('2020-01-01', 200, 500, 15, 50, 12, 60, 24, 300);
`;

const VISITS = `
  ALTER TABLE visit
    DROP COLUMN flags,
    ADD COLUMN site_id uuid,
    ADD COLUMN caregiver_id uuid,
    ADD COLUMN status text NOT NULL DEFAULT 'expected'
      CHECK (status IN ('expected', 'open', 'passed', 'on_review', 'approved', 'rejected')),
    ADD COLUMN minutes int CHECK (minutes >= 0),
    -- What is odd about it: [{signal, and the figures that say so}].
    ADD COLUMN findings jsonb NOT NULL DEFAULT '[]',
    -- How each step was proved. Times are those that count; where they are the device's, the step is offline.
    ADD COLUMN in_proofs text[] NOT NULL DEFAULT '{}',
    ADD COLUMN out_proofs text[] NOT NULL DEFAULT '{}',
    ADD COLUMN in_offline boolean NOT NULL DEFAULT false,
    ADD COLUMN out_offline boolean NOT NULL DEFAULT false,
    ADD COLUMN in_received_at timestamptz,
    ADD COLUMN out_received_at timestamptz,
    -- How far from the home, never where.
    ADD COLUMN in_metres int,
    ADD COLUMN out_metres int,
    -- Digests of device ids, comparable within one operator alone.
    ADD COLUMN in_device bytea,
    ADD COLUMN out_device bytea,
    ADD COLUMN client_device bytea,
    -- QR codes count once.
    ADD COLUMN in_qr uuid,
    ADD COLUMN out_qr uuid,
    ADD COLUMN decided_by uuid,
    ADD COLUMN decided_at timestamptz,
    ADD COLUMN decision_reason text,
    ADD CHECK ((status = 'expected') = (checked_in_at IS NULL)),
    ADD CHECK ((status IN ('expected', 'open')) = (checked_out_at IS NULL)),
    ADD CHECK ((minutes IS NULL) = (checked_out_at IS NULL)),
    ADD CHECK ((status IN ('on_review', 'approved', 'rejected')) = (findings <> '[]')),
    ADD CHECK ((status IN ('approved', 'rejected')) = (decided_at IS NOT NULL)),
    ADD CHECK ((decided_at IS NULL) = (decided_by IS NULL) AND (decided_at IS NULL) = (decision_reason IS NULL)),
    -- Four eyes: nobody passes a visit that they have checked in or out themselves.
    ADD CONSTRAINT visit_four_eyes CHECK (decided_by <> checked_in_by AND decided_by <> checked_out_by),
    ADD CHECK (in_qr IS DISTINCT FROM out_qr OR in_qr IS NULL),
    -- A carer is in one home at a time.
    ADD CONSTRAINT visit_open_once EXCLUDE USING gist (caregiver_id WITH =) WHERE (status = 'open');
  CREATE INDEX visit_caregiver ON visit (caregiver_id, checked_in_at);
  CREATE INDEX visit_operator ON visit (operator_id, booking_id);
  CREATE INDEX visit_review ON visit (operator_id, booking_id) WHERE status = 'on_review';
`;

const EVIDENCE = `
  CREATE TABLE visit_evidence (
    id uuid PRIMARY KEY,
    operator_id uuid NOT NULL,
    booking_id uuid NOT NULL REFERENCES booking,
    resident_id uuid NOT NULL REFERENCES resident,
    kind text NOT NULL CHECK (kind IN ('photo', 'signature')),
    position int NOT NULL CHECK (position BETWEEN 1 AND 10),
    name text NOT NULL,
    content_type text NOT NULL CHECK (content_type IN ('application/pdf', 'image/jpeg', 'image/png')),
    sha256 text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    bytes int NOT NULL CHECK (bytes BETWEEN 1 AND 1048576),
    -- A picture from somebody's home: under the resident's key, so that erasure takes it along. 28: nonce and tag.
    sealed bytea NOT NULL CHECK (octet_length(sealed) = bytes + 28),
    added_by uuid NOT NULL,
    added_at timestamptz NOT NULL,
    UNIQUE (booking_id, position),
    CONSTRAINT visit_evidence_once UNIQUE (booking_id, sha256)
  );
  CREATE INDEX visit_evidence_hash ON visit_evidence (operator_id, sha256);
  ${tenantTable('visit_evidence')}
`;
