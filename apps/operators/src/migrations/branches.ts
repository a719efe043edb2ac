import { tenantTable } from '@doorstep/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { COLLEAGUES } from './accounts';

/** Branches of operators, which belong to the tenant of their head office; and organisations' bank accounts. */
export class Branches1763900000007 implements MigrationInterface {
  name = 'Branches1763900000007';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE organisation
        ADD COLUMN parent_id uuid REFERENCES organisation,
        ADD CONSTRAINT organisation_head_office_is_the_tenant CHECK (
          CASE kind WHEN 'operator' THEN operator_id = coalesce(parent_id, id) ELSE parent_id IS NULL END);
      CREATE INDEX organisation_parent ON organisation (parent_id) WHERE parent_id IS NOT NULL;

      CREATE TABLE bank_account (
        id uuid PRIMARY KEY,
        operator_id uuid,
        organisation_id uuid NOT NULL REFERENCES organisation,
        purpose text NOT NULL CHECK (purpose IN ('settlement', 'subsidy', 'deposit')),
        holder text NOT NULL CHECK (btrim(holder) <> ''),
        bank text NOT NULL CHECK (btrim(bank) <> ''),
        bank_code text CHECK (bank_code ~ '^\\d{12}$'),
        number text NOT NULL CHECK (number ~ '^\\d{8,32}$'),
        opened_at timestamptz NOT NULL,
        closed_at timestamptz
      );
      -- Money for one purpose goes to one place.
      CREATE UNIQUE INDEX bank_account_one_open ON bank_account (organisation_id, purpose) WHERE closed_at IS NULL;
      ${tenantTable('bank_account')}
      CREATE POLICY colleague ON bank_account USING (${COLLEAGUES}) WITH CHECK (${COLLEAGUES});
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE bank_account;
      ALTER TABLE organisation DROP COLUMN parent_id;
    `);
  }
}
