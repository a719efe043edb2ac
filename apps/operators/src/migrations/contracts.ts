import { tenantTable } from '@doorstep/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Operating contracts, what was agreed on from which day on, who signed, and the sites that stand under them. */
export class Contracts1763900000003 implements MigrationInterface {
  name = 'Contracts1763900000003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(KNOWN_SITES);
    await runner.query(CONTRACTS);
    await runner.query(CONTRACT_SITES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `DROP TABLE contract_site, contract_signature, contract_revision, contract, known_site`,
    );
  }
}

/** The tenant reads and writes its rows (tenantTable); so does the authority that is the other party. */
export function partyPolicy(table: string): string {
  const party = `
    (SELECT current_setting('app.organisation_id', true)) <> ''
    AND authority_id::text = (SELECT current_setting('app.organisation_id', true))
  `;
  return `CREATE POLICY party ON ${table} USING (${party}) WITH CHECK (${party});`;
}

const KNOWN_SITES = `
  -- Read model of facilities.site.v1: which sites there are and whose they are.
  CREATE TABLE known_site (
    site_id uuid PRIMARY KEY,
    operator_id uuid NOT NULL,
    code text NOT NULL,
    name text NOT NULL,
    region_code text NOT NULL,
    status text NOT NULL,
    version int NOT NULL
  );
  CREATE INDEX known_site_operator ON known_site (operator_id);
  ${tenantTable('known_site', { regionColumn: 'region_code' })}
`;

const CONTRACTS = `
  CREATE TABLE contract (
    id uuid PRIMARY KEY,
    operator_id uuid NOT NULL REFERENCES organisation,
    authority_id uuid NOT NULL REFERENCES organisation,
    number text NOT NULL CHECK (btrim(number) <> ''),
    form text NOT NULL CHECK (form IN ('chain', 'custody')),
    from_day date NOT NULL,
    to_day date NOT NULL,
    ends_on date,
    status text NOT NULL CHECK (status IN ('draft', 'signed', 'active', 'suspended', 'terminated', 'expired')),
    status_reason text,
    -- Why the calendar could not put it into force, such as a site that stands under another contract.
    activation_refusal jsonb,
    version int NOT NULL CHECK (version >= 1),
    created_at timestamptz NOT NULL,
    CONSTRAINT contract_number_once UNIQUE (authority_id, number),
    CONSTRAINT contract_days UNIQUE (id, from_day, to_day),
    CONSTRAINT contract_not_empty CHECK (from_day < to_day),
    CONSTRAINT contract_ends_within CHECK (ends_on BETWEEN from_day AND to_day),
    CONSTRAINT contract_suspended_with_reason CHECK (status <> 'suspended' OR status_reason IS NOT NULL)
  );
  CREATE INDEX contract_operator ON contract (operator_id, id);
  CREATE INDEX contract_authority ON contract (authority_id, id);
  CREATE INDEX contract_calendar ON contract (status) WHERE status IN ('signed', 'active', 'suspended');
  ${tenantTable('contract')}
  ${partyPolicy('contract')}

  -- The terms by the days on which they hold: exactly one line on each day of the contract.
  CREATE TABLE contract_revision (
    contract_id uuid NOT NULL REFERENCES contract ON DELETE CASCADE,
    revision int NOT NULL CHECK (revision >= 1),
    operator_id uuid NOT NULL,
    authority_id uuid NOT NULL,
    from_day date NOT NULL,
    to_day date NOT NULL CHECK (from_day < to_day),
    terms jsonb NOT NULL CHECK (jsonb_array_length(terms->'services') > 0),
    created_at timestamptz NOT NULL,
    PRIMARY KEY (contract_id, revision),
    CONSTRAINT contract_revision_one_a_day
      EXCLUDE USING gist (contract_id WITH =, daterange(from_day, to_day) WITH &&) DEFERRABLE INITIALLY DEFERRED
  );
  ${tenantTable('contract_revision')}
  ${partyPolicy('contract_revision')}

  CREATE TABLE contract_signature (
    contract_id uuid NOT NULL REFERENCES contract ON DELETE CASCADE,
    party text NOT NULL CHECK (party IN ('authority', 'operator')),
    operator_id uuid NOT NULL,
    authority_id uuid NOT NULL,
    person_id uuid NOT NULL REFERENCES person,
    -- SHA-256 of what was signed: number, parties, days, terms and sites.
    digest text NOT NULL CHECK (digest ~ '^[0-9a-f]{64}$'),
    signed_at timestamptz NOT NULL,
    PRIMARY KEY (contract_id, party)
  );
  ${tenantTable('contract_signature')}
  ${partyPolicy('contract_signature')}
`;

const CONTRACT_SITES = `
  CREATE TABLE contract_site (
    id uuid PRIMARY KEY,
    contract_id uuid NOT NULL,
    operator_id uuid NOT NULL,
    authority_id uuid NOT NULL,
    site_id uuid NOT NULL REFERENCES known_site,
    from_day date NOT NULL,
    to_day date NOT NULL CHECK (from_day < to_day),
    -- The contract's own days, so that a CHECK can compare; the foreign key keeps them the same.
    contract_from date NOT NULL,
    contract_to date NOT NULL,
    kinds text[] NOT NULL DEFAULT '{}',
    withdrawn boolean NOT NULL DEFAULT false,
    -- The contract was put into force with it: on its days nobody else's contract may hold the site.
    holds boolean NOT NULL DEFAULT false,
    in_force boolean NOT NULL DEFAULT false,
    version int NOT NULL CHECK (version >= 1),
    created_at timestamptz NOT NULL,
    FOREIGN KEY (contract_id, contract_from, contract_to)
      REFERENCES contract (id, from_day, to_day) ON UPDATE CASCADE ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT contract_site_within_contract
      CHECK (withdrawn OR (from_day >= contract_from AND to_day <= contract_to)),
    CONSTRAINT contract_site_withdrawn_holds_nothing CHECK (NOT (withdrawn AND (holds OR in_force))),
    CONSTRAINT contract_site_in_force_holds CHECK (holds OR NOT in_force),
    -- A site stands under one contract in force at a time, whatever the code above believes.
    CONSTRAINT site_under_one_contract
      EXCLUDE USING gist (site_id WITH =, daterange(from_day, to_day) WITH &&) WHERE (holds),
    CONSTRAINT site_once_in_a_contract
      EXCLUDE USING gist (contract_id WITH =, site_id WITH =, daterange(from_day, to_day) WITH &&)
      WHERE (NOT withdrawn)
  );
  CREATE INDEX contract_site_contract ON contract_site (contract_id, id);
  CREATE INDEX contract_site_site ON contract_site (site_id);
  ${tenantTable('contract_site')}
  ${partyPolicy('contract_site')}
`;
