import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantTable } from '@doorstep/platform';
import { undeletableTable } from './policies';

/** Stored value: what of a payment is free is held for whoever it was given for. */
export class PrepaidCards1767000000071 implements MigrationInterface {
  name = 'PrepaidCards1767000000071';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE payment
        ADD COLUMN purpose text NOT NULL DEFAULT 'services' CHECK (purpose IN ('services', 'prepaid')),
        -- The card that holds it.
        ADD COLUMN holder_id uuid,
        ADD CONSTRAINT payment_held_by CHECK ((purpose = 'services') = (holder_id IS NULL));
      CREATE INDEX payment_holder ON payment (holder_id) WHERE holder_id IS NOT NULL;

      CREATE FUNCTION payment_purpose_stays() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION 'a payment keeps what it was given for'
          USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_purpose_stays', TABLE = 'payment';
      END $$;
      CREATE TRIGGER payment_purpose_stays BEFORE UPDATE ON payment FOR EACH ROW
        WHEN ((NEW.purpose, NEW.holder_id, NEW.amount_fen) IS DISTINCT FROM (OLD.purpose, OLD.holder_id, OLD.amount_fen))
        EXECUTE FUNCTION payment_purpose_stays();

      -- What a card may hold, while the period lasts.
      CREATE TABLE prepaid_rule (
        id uuid PRIMARY KEY,
        operator_id uuid NOT NULL,
        from_day date NOT NULL,
        to_day date CHECK (to_day > from_day),
        balance_max_fen bigint NOT NULL CHECK (balance_max_fen > 0),
        validity_months int CHECK (validity_months > 0),
        source text NOT NULL,
        created_by uuid NOT NULL,
        created_at timestamptz NOT NULL,
        CONSTRAINT prepaid_rule_one_at_a_time EXCLUDE USING gist (
          operator_id WITH =, daterange(from_day, to_day) WITH &&)
      );
      ${tenantTable('prepaid_rule')}
      ${undeletableTable('prepaid_rule')}
      CREATE INDEX prepaid_rule_list ON prepaid_rule (operator_id, id);

      -- A resident has one card under a contract; closed, it may be issued again. What is on it is what its payments have left.
      CREATE TABLE prepaid_card (
        id uuid PRIMARY KEY,
        operator_id uuid NOT NULL,
        contract_id uuid NOT NULL,
        resident_id uuid NOT NULL,
        number text NOT NULL,
        status text NOT NULL CHECK (status IN ('active', 'closed')),
        expires_on date,
        issued_by uuid NOT NULL,
        issued_at timestamptz NOT NULL,
        closed_at timestamptz,
        version bigint NOT NULL DEFAULT 1,
        CONSTRAINT prepaid_card_one_each UNIQUE (operator_id, contract_id, resident_id),
        CONSTRAINT prepaid_card_number_once UNIQUE (operator_id, number),
        CONSTRAINT prepaid_card_closed CHECK ((status = 'closed') = (closed_at IS NOT NULL))
      );
      ${tenantTable('prepaid_card')}
      ${undeletableTable('prepaid_card')}
      CREATE INDEX prepaid_card_list ON prepaid_card (operator_id, id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE prepaid_card, prepaid_rule;
      DROP TRIGGER payment_purpose_stays ON payment;
      DROP FUNCTION payment_purpose_stays;
      ALTER TABLE payment DROP COLUMN purpose, DROP COLUMN holder_id`);
  }
}
