import { tenantTable } from '@doorstep/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { partyPolicy } from './contracts';

/** Changes of signed contracts from a day on, and sites that go on under another contract. */
export class Amendments1763900000006 implements MigrationInterface {
  name = 'Amendments1763900000006';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE contract_amendment (
        id uuid PRIMARY KEY,
        contract_id uuid NOT NULL REFERENCES contract ON DELETE CASCADE,
        operator_id uuid NOT NULL,
        authority_id uuid NOT NULL,
        ordinal int NOT NULL CHECK (ordinal >= 1),
        effective_on date NOT NULL,
        changes jsonb NOT NULL,
        note text,
        status text NOT NULL CHECK (status IN ('proposed', 'agreed', 'withdrawn')),
        proposed_by uuid NOT NULL,
        version int NOT NULL CHECK (version >= 1),
        created_at timestamptz NOT NULL,
        UNIQUE (contract_id, ordinal)
      );
      ${tenantTable('contract_amendment')}
      ${partyPolicy('contract_amendment')}

      CREATE TABLE amendment_signature (
        amendment_id uuid NOT NULL REFERENCES contract_amendment ON DELETE CASCADE,
        party text NOT NULL CHECK (party IN ('authority', 'operator')),
        operator_id uuid NOT NULL,
        authority_id uuid NOT NULL,
        person_id uuid NOT NULL REFERENCES person,
        -- SHA-256 of what was signed: contract, day and changes.
        digest text NOT NULL CHECK (digest ~ '^[0-9a-f]{64}$'),
        signed_at timestamptz NOT NULL,
        PRIMARY KEY (amendment_id, party)
      );
      ${tenantTable('amendment_signature')}
      ${partyPolicy('amendment_signature')}

      -- Terms that another amendment of the same day replaced before they held on any day.
      ALTER TABLE contract_revision
        ADD COLUMN superseded boolean NOT NULL DEFAULT false,
        ADD COLUMN amendment_id uuid REFERENCES contract_amendment,
        DROP CONSTRAINT contract_revision_one_a_day,
        ADD CONSTRAINT contract_revision_one_a_day
          EXCLUDE USING gist (contract_id WITH =, daterange(from_day, to_day) WITH &&)
          WHERE (NOT superseded) DEFERRABLE INITIALLY DEFERRED;

      -- Revision that was in the last snapshot told: when the calendar moves on to the next one, it is told again.
      ALTER TABLE contract ADD COLUMN told_revision int NOT NULL DEFAULT 1;

      ALTER TABLE contract_site ADD COLUMN continues uuid REFERENCES contract_site;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE contract_site DROP COLUMN continues;
      ALTER TABLE contract DROP COLUMN told_revision;
      DELETE FROM contract_revision WHERE superseded;
      ALTER TABLE contract_revision
        DROP CONSTRAINT contract_revision_one_a_day,
        DROP COLUMN superseded,
        DROP COLUMN amendment_id,
        ADD CONSTRAINT contract_revision_one_a_day
          EXCLUDE USING gist (contract_id WITH =, daterange(from_day, to_day) WITH &&) DEFERRABLE INITIALLY DEFERRED;
      DROP TABLE amendment_signature, contract_amendment;
    `);
  }
}
