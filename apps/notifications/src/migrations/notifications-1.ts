import { tenantTable } from '@doorstep/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Notifications1790000000001 implements MigrationInterface {
  name = 'Notifications1790000000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(READ_MODELS + PREFERENCES + WEBHOOK_ENDPOINTS + DELIVERIES);
    const tables = [
      'resident_contact',
      'site_name',
      'offering_name',
      'preference',
      'webhook_endpoint',
      'delivery',
    ];
    for (const table of tables) await runner.query(tenantTable(table));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `DROP TABLE resident_contact, site_name, offering_name, preference, webhook_endpoint, delivery`,
    );
  }
}

const READ_MODELS = `
  -- The contact stays sealed here; it is opened only while a message is being sent.
  CREATE TABLE resident_contact (
    resident_id uuid PRIMARY KEY,
    operator_id uuid NOT NULL,
    version bigint NOT NULL,
    consent boolean NOT NULL,
    erased boolean NOT NULL,
    key_id text,
    wrapped_key text,
    sealed text,
    CONSTRAINT erased_leaves_no_contact CHECK (NOT erased OR num_nonnulls(key_id, wrapped_key, sealed) = 0),
    CONSTRAINT contact_is_whole CHECK (num_nonnulls(key_id, wrapped_key, sealed) IN (0, 3))
  );

  CREATE TABLE site_name (
    site_id uuid PRIMARY KEY,
    operator_id uuid NOT NULL,
    version bigint NOT NULL,
    name_zh text NOT NULL,
    name_en text,
    time_zone text NOT NULL
  );

  CREATE TABLE offering_name (
    offering_id uuid PRIMARY KEY,
    operator_id uuid NOT NULL,
    version bigint NOT NULL,
    name_zh text NOT NULL,
    name_en text
  );
`;

const PREFERENCES = `
  CREATE TABLE preference (
    operator_id uuid NOT NULL,
    resident_id uuid NOT NULL,
    channel text NOT NULL,
    enabled boolean NOT NULL,
    language text,
    quiet_from text CHECK (quiet_from ~ '^([01]\\d|2[0-3]):[0-5]\\d$'),
    quiet_to text CHECK (quiet_to ~ '^([01]\\d|2[0-3]):[0-5]\\d$'),
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (operator_id, resident_id, channel),
    CONSTRAINT quiet_hours_have_both_ends CHECK (num_nonnulls(quiet_from, quiet_to) IN (0, 2))
  );
`;

const WEBHOOK_ENDPOINTS = `
  CREATE TABLE webhook_endpoint (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    operator_id uuid NOT NULL,
    url text NOT NULL,
    events text[] NOT NULL CHECK (cardinality(events) > 0),
    secret_sealed text NOT NULL,
    status text NOT NULL CHECK (status IN ('active', 'disabled')),
    -- Failures since the last success, and what follows from them.
    failures int NOT NULL DEFAULT 0,
    failing_since timestamptz,
    paused_until timestamptz,
    last_failure text,
    disabled_at timestamptz,
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT disabled_says_when CHECK ((status = 'disabled') = (disabled_at IS NOT NULL))
  );
  CREATE INDEX webhook_endpoint_operator ON webhook_endpoint (operator_id, id);
`;

const DELIVERIES = `
  CREATE TABLE delivery (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    operator_id uuid NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    event_id uuid NOT NULL,
    event_type text NOT NULL,
    correlation_id text NOT NULL,
    channel text NOT NULL CHECK (channel IN ('email', 'webhook', 'file')),
    -- The resident, or the endpoint of a webhook.
    recipient_id uuid NOT NULL,
    -- Template code, or the event type for a webhook.
    subject text NOT NULL,
    -- What the text or the webhook is made of. No personal data.
    payload jsonb NOT NULL,
    site_id uuid,
    booking_id uuid,
    status text NOT NULL DEFAULT 'queued' CHECK (status IN ('queued', 'sent', 'failed', 'suppressed')),
    reason text,
    attempts int NOT NULL DEFAULT 0,
    next_attempt_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    ended_at timestamptz,
    -- Each event reaches each recipient once by each channel, however often it is consumed.
    CONSTRAINT delivery_once UNIQUE (event_id, channel, recipient_id),
    CONSTRAINT ended_says_when CHECK ((status = 'queued') = (ended_at IS NULL))
  );
  CREATE INDEX delivery_due ON delivery (channel, next_attempt_at, id) WHERE status = 'queued';
  CREATE INDEX delivery_list ON delivery (operator_id, id);
  CREATE INDEX delivery_recipient ON delivery (recipient_id, id);
  CREATE INDEX delivery_booking ON delivery (booking_id) WHERE booking_id IS NOT NULL;
  CREATE INDEX delivery_ended ON delivery (ended_at) WHERE ended_at IS NOT NULL;
`;
