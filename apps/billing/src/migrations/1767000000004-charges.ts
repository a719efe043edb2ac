import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantTable } from '@doorstep/platform';
import { undeletableTable } from './policies';

export class Charges1767000000004 implements MigrationInterface {
  name = 'Charges1767000000004';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(CHARGES);
    await runner.query(SHARES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE delivery, charge_share, charge`);
  }
}

const CHARGES = `
  CREATE TABLE charge (
    id uuid PRIMARY KEY,
    operator_id uuid NOT NULL,
    booking_id uuid NOT NULL UNIQUE,
    contract_id uuid NOT NULL,
    site_id uuid NOT NULL,
    offering_id uuid NOT NULL,
    resident_id uuid NOT NULL,
    kind text NOT NULL,
    mode text NOT NULL,
    region_code text NOT NULL,
    service_day date NOT NULL,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    party_size int NOT NULL CHECK (party_size > 0),
    status text NOT NULL CHECK (status IN ('pending', 'authorised', 'declined', 'released', 'captured')),
    version bigint NOT NULL,

    -- The tariff as it was when the charge was authorised.
    price_id uuid REFERENCES price,
    unit text,
    unit_fen bigint,
    step_minutes int,
    quantity int,
    planned_minutes int,
    billed_minutes int,

    gross_fen bigint NOT NULL DEFAULT 0 CHECK (gross_fen >= 0),
    resident_fen bigint NOT NULL DEFAULT 0 CHECK (resident_fen >= 0),
    funders_fen bigint NOT NULL DEFAULT 0 CHECK (funders_fen >= 0),
    operator_fen bigint NOT NULL DEFAULT 0 CHECK (operator_fen >= 0),
    -- Of resident_fen; kept with the allocations of payments.
    paid_fen bigint NOT NULL DEFAULT 0,
    trace jsonb NOT NULL DEFAULT '[]',

    -- Why it was declined or released.
    code text,
    reason text,

    -- While pending: what is not known yet, and until when it may come.
    waits_for text[],
    decide_by timestamptz,

    -- Of the delivered service.
    evidence text,
    delivered_minutes int,
    booked_on date,

    -- Of BookingHeld: what is told later answers it.
    held_event_id uuid,
    correlation_id text,

    created_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,

    CONSTRAINT charge_whole CHECK (gross_fen = resident_fen + funders_fen + operator_fen),
    CONSTRAINT charge_paid_within CHECK (paid_fen BETWEEN 0 AND resident_fen),
    CONSTRAINT charge_pending_waits CHECK (status <> 'pending' OR (waits_for IS NOT NULL AND decide_by IS NOT NULL)),
    CONSTRAINT charge_declined_says_why CHECK (status <> 'declined' OR code IS NOT NULL),
    CONSTRAINT charge_priced CHECK (status NOT IN ('authorised', 'captured') OR
      (price_id IS NOT NULL AND num_nulls(unit, unit_fen, step_minutes, quantity, planned_minutes) = 0)),
    CONSTRAINT charge_captured_proven CHECK (status <> 'captured' OR
      num_nulls(evidence, delivered_minutes, billed_minutes, booked_on) = 0),
    CONSTRAINT charge_unpriced_is_empty CHECK (price_id IS NOT NULL OR gross_fen = 0)
  ) WITH (fillfactor = 80);
  ${tenantTable('charge')}
  ${undeletableTable('charge')}
  CREATE INDEX charge_operator ON charge (operator_id, id);
  CREATE INDEX charge_status ON charge (operator_id, status, id);
  CREATE INDEX charge_booked ON charge (operator_id, contract_id, booked_on) WHERE status = 'captured';
  CREATE INDEX charge_pending ON charge (decide_by) WHERE status = 'pending';
`;

const SHARES = `
  -- What one programme pays of a charge: reserved with the authorisation, captured with the delivery.
  CREATE TABLE charge_share (
    id uuid PRIMARY KEY,
    operator_id uuid NOT NULL,
    charge_id uuid NOT NULL REFERENCES charge,
    programme_id uuid NOT NULL REFERENCES programme,
    terms_id uuid NOT NULL REFERENCES programme_terms,
    funder_id uuid NOT NULL,
    payer text NOT NULL CHECK (payer IN ('funder', 'operator')),
    budget_id uuid NOT NULL REFERENCES programme_budget,
    place int NOT NULL,
    reserved_fen bigint NOT NULL CHECK (reserved_fen > 0),
    captured_fen bigint,
    CONSTRAINT share_within_reservation CHECK (captured_fen BETWEEN 0 AND reserved_fen),
    UNIQUE (charge_id, programme_id)
  );
  ${tenantTable('charge_share')}
  ${undeletableTable('charge_share')}
  CREATE INDEX charge_share_funder ON charge_share (operator_id, funder_id);

  -- Every delivered service that billing heard of, charged or not: one side of the ties.
  CREATE TABLE delivery (
    booking_id uuid PRIMARY KEY,
    operator_id uuid NOT NULL,
    contract_id uuid NOT NULL,
    site_id uuid NOT NULL,
    kind text NOT NULL,
    service_day date NOT NULL,
    minutes int NOT NULL CHECK (minutes >= 0),
    evidence text NOT NULL,
    caregiver_id uuid,
    event_id uuid NOT NULL,
    delivered_at timestamptz NOT NULL
  );
  ${tenantTable('delivery')}
  ${undeletableTable('delivery')}
  CREATE INDEX delivery_day ON delivery (operator_id, service_day);
`;
