import { tenantTable } from '@doorstep/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { regionReader } from './policies';

/** Licences of sites, which kinds need them, how each site stands, and the bookings that a lapse would touch. */
export class Licences1763900000008 implements MigrationInterface {
  name = 'Licences1763900000008';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(REQUIREMENTS);
    await runner.query(LICENCES);
    await runner.query(STANDINGS);
    await runner.query(BOOKINGS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE known_booking, site_licence_standing, licence_reminder, licence_document, licence, licence_requirement
    `);
  }
}

const REQUIREMENTS = `
  -- all tenants: what the law of a place asks of everybody.
  CREATE TABLE licence_requirement (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    kind text NOT NULL CHECK (kind ~ '^[a-z][a-z0-9_]{1,39}$'),
    licence_type text NOT NULL CHECK (licence_type ~ '^[a-z][a-z0-9_]{1,39}$'),
    -- Null: everywhere.
    region_code text CHECK (region_code ~ '^(\\d{2}|\\d{4}|\\d{6}|\\d{9}|\\d{12})$'),
    from_day date NOT NULL,
    to_day date CHECK (to_day > from_day),
    -- Whether only a licence that has run out stops bookings, or also one never had.
    enforcement text NOT NULL CHECK (enforcement IN ('lapsed', 'missing')),
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT licence_requirement_once EXCLUDE USING gist (
      kind WITH =, licence_type WITH =, coalesce(region_code, '') WITH =, daterange(from_day, to_day) WITH &&)
  );
  INSERT INTO licence_requirement (kind, licence_type, from_day, enforcement) VALUES
    ('meals', 'food_business', '2020-01-01', 'lapsed'),
    ('childcare', 'childcare_filing', '2020-01-01', 'lapsed'),
    ('childcare', 'fire_acceptance', '2020-01-01', 'lapsed'),
    ('elderly_care', 'elderly_care_filing', '2020-01-01', 'lapsed'),
    ('elderly_care', 'fire_acceptance', '2020-01-01', 'lapsed'),
    ('health', 'clinic_licence', '2020-01-01', 'lapsed');
`;

const LICENCES = `
  CREATE TABLE licence (
    id uuid PRIMARY KEY,
    operator_id uuid NOT NULL REFERENCES organisation,
    site_id uuid NOT NULL REFERENCES known_site,
    type text NOT NULL CHECK (type ~ '^[a-z][a-z0-9_]{1,39}$'),
    number text NOT NULL CHECK (btrim(number) <> ''),
    issuer text,
    valid_from date NOT NULL,
    valid_to date CHECK (valid_to > valid_from),
    revoked_on date,
    revoked_reason text,
    renews uuid REFERENCES licence,
    version int NOT NULL CHECK (version >= 1),
    created_at timestamptz NOT NULL,
    CHECK ((revoked_on IS NULL) = (revoked_reason IS NULL)),
    CHECK (revoked_on >= valid_from AND (valid_to IS NULL OR revoked_on < valid_to))
  );
  CREATE INDEX licence_operator ON licence (operator_id, id);
  CREATE INDEX licence_site ON licence (site_id, type);
  CREATE INDEX licence_valid_to ON licence (valid_to) WHERE revoked_on IS NULL;
  ${tenantTable('licence')}
  ${regionReader('licence')}

  CREATE TABLE licence_document (
    licence_id uuid PRIMARY KEY REFERENCES licence ON DELETE CASCADE,
    operator_id uuid NOT NULL,
    site_id uuid NOT NULL,
    name text NOT NULL,
    content_type text NOT NULL CHECK (content_type IN ('application/pdf', 'image/jpeg', 'image/png')),
    sha256 text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    bytes int NOT NULL CHECK (bytes BETWEEN 1 AND 1048576),
    content bytea NOT NULL CHECK (octet_length(content) = bytes)
  );
  ${tenantTable('licence_document')}
  ${regionReader('licence_document')}

  CREATE TABLE licence_reminder (
    licence_id uuid NOT NULL REFERENCES licence ON DELETE CASCADE,
    operator_id uuid NOT NULL,
    -- Days before the end.
    reminder int NOT NULL CHECK (reminder IN (90, 30, 7, 0)),
    told_at timestamptz NOT NULL,
    PRIMARY KEY (licence_id, reminder)
  );
  ${tenantTable('licence_reminder')}
`;

const STANDINGS = `
  -- How each site stands with its licences, as it was last told (version 0: not told yet, because all was well).
  CREATE TABLE site_licence_standing (
    site_id uuid PRIMARY KEY REFERENCES known_site,
    operator_id uuid NOT NULL,
    blocks jsonb NOT NULL DEFAULT '[]',
    -- The day on which to look again; null: nothing changes by itself.
    next_change_on date,
    version int NOT NULL DEFAULT 0
  );
  CREATE INDEX site_licence_standing_next ON site_licence_standing (next_change_on);
  CREATE INDEX site_licence_standing_blocked ON site_licence_standing (site_id) WHERE blocks <> '[]';
  ${tenantTable('site_licence_standing')}
  ${regionReader('site_licence_standing')}
`;

const BOOKINGS = `
  -- Read model of bookings.booking.v1: no resident, only what a lapse, an inspection or a report asks about.
  CREATE TABLE known_booking (
    booking_id uuid PRIMARY KEY,
    operator_id uuid NOT NULL,
    contract_id uuid NOT NULL,
    site_id uuid NOT NULL,
    offering_id uuid NOT NULL,
    kind text NOT NULL,
    mode text NOT NULL,
    region_code text NOT NULL,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    service_day date NOT NULL,
    party_size int NOT NULL,
    status text NOT NULL CHECK (status IN
      ('held', 'confirmed', 'rejected', 'expired', 'cancelled', 'delivered', 'no_show')),
    version int NOT NULL
  );
  CREATE INDEX known_booking_ahead ON known_booking (site_id, kind, starts_at) WHERE status IN ('held', 'confirmed');
  ${tenantTable('known_booking', { regionColumn: 'region_code' })}
`;
