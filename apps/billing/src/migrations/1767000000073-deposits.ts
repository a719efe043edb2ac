import type { MigrationInterface, QueryRunner } from 'typeorm';
import { appendOnlyTable, tenantTable } from '@doorstep/platform';

/** Money that is held against what a resident may come to owe, and returned otherwise. */
export class Deposits1767000000073 implements MigrationInterface {
  name = 'Deposits1767000000073';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE payment DROP CONSTRAINT payment_purpose_check,
        ADD CONSTRAINT payment_purpose_check CHECK (purpose IN ('services', 'prepaid', 'package', 'deposit'));
      -- A deposit is taken at once, by one payment.
      CREATE UNIQUE INDEX payment_of_deposit ON payment (holder_id) WHERE purpose = 'deposit';

      -- What of it is still held is what its payment has left.
      CREATE TABLE deposit (
        id uuid PRIMARY KEY,
        operator_id uuid NOT NULL,
        contract_id uuid NOT NULL,
        resident_id uuid NOT NULL,
        kind text NOT NULL,
        -- The place or booking that it is for.
        reference_id uuid,
        reason text NOT NULL,
        taken_by uuid NOT NULL,
        taken_at timestamptz NOT NULL,
        UNIQUE (id, operator_id)
      );
      ${tenantTable('deposit')}
      ${appendOnlyTable('deposit')}
      CREATE INDEX deposit_list ON deposit (operator_id, id);
      CREATE INDEX deposit_of_resident ON deposit (resident_id, contract_id);

      -- Who set off how much of it against which charge, and why.
      CREATE TABLE deposit_set_off (
        id uuid PRIMARY KEY,
        operator_id uuid NOT NULL,
        deposit_id uuid NOT NULL,
        charge_id uuid NOT NULL REFERENCES charge,
        amount_fen bigint NOT NULL CHECK (amount_fen > 0),
        reason text NOT NULL,
        set_off_by uuid NOT NULL,
        set_off_at timestamptz NOT NULL,
        FOREIGN KEY (deposit_id, operator_id) REFERENCES deposit (id, operator_id)
      );
      ${tenantTable('deposit_set_off')}
      ${appendOnlyTable('deposit_set_off')}
      CREATE INDEX deposit_set_off_deposit ON deposit_set_off (deposit_id)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE deposit_set_off, deposit;
      DROP INDEX payment_of_deposit;
      ALTER TABLE payment DROP CONSTRAINT payment_purpose_check,
        ADD CONSTRAINT payment_purpose_check CHECK (purpose IN ('services', 'prepaid', 'package'))`);
  }
}
