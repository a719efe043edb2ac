import { tenantTable } from '@doorstep/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who may act: people with their log-ins, links to OIDC issuers, and front-ends' API clients. */
export class Accounts1763900000002 implements MigrationInterface {
  name = 'Accounts1763900000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(PEOPLE);
    await runner.query(LOG_INS);
    await runner.query(API_CLIENTS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `DROP TABLE api_client, login_throttle, refresh_token, refresh_family, person_identity, person`,
    );
  }
}

/** Colleagues of an authority or a funder, which are no tenants, reach each other through their organisation. */
export const COLLEAGUES = `
  (SELECT current_setting('app.organisation_id', true)) <> ''
  AND organisation_id::text = (SELECT current_setting('app.organisation_id', true))
`;

const PEOPLE = `
  CREATE TABLE person (
    id uuid PRIMARY KEY,
    operator_id uuid,
    organisation_id uuid REFERENCES organisation,
    login text NOT NULL CHECK (login ~ '^[a-z0-9][a-z0-9._@+-]{2,99}$'),
    name text NOT NULL CHECK (btrim(name) <> ''),
    roles text[] NOT NULL CHECK (cardinality(roles) > 0),
    site_ids uuid[] NOT NULL DEFAULT '{}' CHECK (cardinality(site_ids) <= 100),
    status text NOT NULL CHECK (status IN ('active', 'disabled')),
    -- argon2id in PHC form: algorithm, parameters, salt, hash.
    password_hash text NOT NULL,
    password_must_change boolean NOT NULL,
    one_time_password_expires_at timestamptz,
    -- True of the account that the first start made: there is at most one, whoever starts at once.
    first_administrator boolean NOT NULL DEFAULT false,
    version int NOT NULL CHECK (version >= 1),
    created_at timestamptz NOT NULL,
    CONSTRAINT person_login_once UNIQUE (login),
    CONSTRAINT person_administrators_belong_to_no_organisation
      CHECK (('administrator' = ANY (roles)) = (organisation_id IS NULL)),
    CONSTRAINT person_tenant_comes_from_organisation CHECK (operator_id IS NULL OR organisation_id IS NOT NULL)
  );
  CREATE UNIQUE INDEX person_first_administrator ON person (first_administrator) WHERE first_administrator;
  CREATE INDEX person_organisation ON person (organisation_id, id);
  ${tenantTable('person')}
  CREATE POLICY colleague ON person USING (${COLLEAGUES}) WITH CHECK (${COLLEAGUES});

  -- Who a person is at an OIDC issuer.
  CREATE TABLE person_identity (
    issuer text NOT NULL,
    subject text NOT NULL,
    person_id uuid NOT NULL REFERENCES person,
    operator_id uuid,
    organisation_id uuid,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (issuer, subject),
    UNIQUE (person_id, issuer)
  );
  ${tenantTable('person_identity')}
  CREATE POLICY colleague ON person_identity USING (${COLLEAGUES}) WITH CHECK (${COLLEAGUES});
`;

/** Only the system reaches these: no policy opens them to anybody else's rows. */
const LOG_INS = `
  CREATE TABLE refresh_family (
    id uuid PRIMARY KEY,
    operator_id uuid,
    person_id uuid NOT NULL REFERENCES person,
    started_at timestamptz NOT NULL,
    revoked_at timestamptz,
    revoked_because text,
    CHECK ((revoked_at IS NULL) = (revoked_because IS NULL))
  );
  CREATE INDEX refresh_family_person ON refresh_family (person_id) WHERE revoked_at IS NULL;
  CREATE INDEX refresh_family_started_at ON refresh_family (started_at);
  ${tenantTable('refresh_family')}

  CREATE TABLE refresh_token (
    -- SHA-256 of the token; the token itself is nowhere.
    hash text PRIMARY KEY CHECK (hash ~ '^[0-9a-f]{64}$'),
    operator_id uuid,
    family_id uuid NOT NULL REFERENCES refresh_family ON DELETE CASCADE,
    issued_at timestamptz NOT NULL,
    used_at timestamptz
  );
  CREATE INDEX refresh_token_family ON refresh_token (family_id);
  -- A log-in has one live token at a time.
  CREATE UNIQUE INDEX refresh_token_one_live ON refresh_token (family_id) WHERE used_at IS NULL;
  ${tenantTable('refresh_token')}

  -- Attempts by login, whether or not an account has it.
  -- all tenants: a login is tried before anybody knows whose it is; only its hash is kept.
  CREATE TABLE login_throttle (
    login_hash text PRIMARY KEY CHECK (login_hash ~ '^[0-9a-f]{64}$'),
    failures int NOT NULL CHECK (failures >= 0),
    attempted_at timestamptz NOT NULL,
    locked_until timestamptz
  );
  CREATE INDEX login_throttle_attempted_at ON login_throttle (attempted_at);
`;

const API_CLIENTS = `
  CREATE TABLE api_client (
    id uuid PRIMARY KEY,
    operator_id uuid NOT NULL,
    organisation_id uuid NOT NULL REFERENCES organisation,
    name text NOT NULL CHECK (btrim(name) <> ''),
    -- Null: all that the role front_end may do.
    scopes text[] CHECK (cardinality(scopes) > 0),
    secret_hash text NOT NULL CHECK (secret_hash ~ '^[0-9a-f]{64}$'),
    -- To the hour: enough to find keys that nobody uses, too coarse to watch anybody.
    last_used_at timestamptz,
    revoked_at timestamptz,
    version int NOT NULL CHECK (version >= 1),
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL
  );
  CREATE INDEX api_client_organisation ON api_client (organisation_id, id);
  ${tenantTable('api_client')}
`;
