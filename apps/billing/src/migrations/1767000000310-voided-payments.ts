import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What was recorded wrongly is taken back and stays readable; its numbers may be recorded again. */
export class VoidedPayments1767000000310 implements MigrationInterface {
  name = 'VoidedPayments1767000000310';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(VOIDED);
    await runner.query(GUARDS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TRIGGER payment_voided_stays ON payment;
      DROP TRIGGER payment_void_unsettled ON payment;
      DROP TRIGGER refund_voided_stays ON refund;
      DROP TRIGGER refund_void_unsettled ON refund;
      DROP FUNCTION voided_stays, payment_void_unsettled, refund_void_unsettled;
      DROP INDEX exception_expected, payment_voided, refund_voided, payment_order_no,
        payment_operator_id_channel_merchant_order_no_key, refund_operator_id_channel_merchant_refund_no_key;
      ALTER TABLE expected_movement DROP COLUMN withdrawn;
      ALTER TABLE refund DROP COLUMN voided_at, DROP COLUMN voided_by, DROP COLUMN void_reason,
        ADD UNIQUE (operator_id, channel, merchant_refund_no);
      ALTER TABLE payment DROP COLUMN booking_ids, DROP COLUMN replaces_id, DROP COLUMN voided_at, DROP COLUMN voided_by,
        DROP COLUMN void_reason, ADD UNIQUE (operator_id, channel, merchant_order_no)`);
  }
}

const VOIDED = `
  ALTER TABLE payment
    DROP CONSTRAINT payment_operator_id_channel_merchant_order_no_key,
    -- Bookings that it was recorded for, in their order; null where only its allocations say so.
    ADD COLUMN booking_ids uuid[],
    -- Recorded wrongly and taken back: by whom, when and why.
    ADD COLUMN voided_at timestamptz,
    ADD COLUMN voided_by uuid,
    ADD COLUMN void_reason text,
    -- The voided one that this one says right.
    ADD COLUMN replaces_id uuid,
    ADD CONSTRAINT payment_voided_how CHECK (num_nonnulls(voided_at, voided_by, void_reason) IN (0, 3)),
    ADD CONSTRAINT payment_voided_holds_nothing CHECK (
      voided_at IS NULL OR (allocated_fen = 0 AND refunded_fen = 0 AND purpose = 'services')),
    ADD CONSTRAINT payment_replaces_once UNIQUE (replaces_id),
    ADD FOREIGN KEY (replaces_id, operator_id) REFERENCES payment (id, operator_id);
  -- Of what stands each number is there once; the names are those of the constraints that they follow.
  CREATE UNIQUE INDEX payment_operator_id_channel_merchant_order_no_key
    ON payment (operator_id, channel, merchant_order_no) WHERE voided_at IS NULL;
  CREATE INDEX payment_order_no ON payment (operator_id, merchant_order_no);
  CREATE INDEX payment_voided ON payment (voided_at) WHERE voided_at IS NOT NULL;

  ALTER TABLE refund
    DROP CONSTRAINT refund_operator_id_channel_merchant_refund_no_key,
    ADD COLUMN voided_at timestamptz,
    ADD COLUMN voided_by uuid,
    ADD COLUMN void_reason text,
    ADD CONSTRAINT refund_voided_how CHECK (num_nonnulls(voided_at, voided_by, void_reason) IN (0, 3));
  CREATE UNIQUE INDEX refund_operator_id_channel_merchant_refund_no_key
    ON refund (operator_id, channel, merchant_refund_no) WHERE voided_at IS NULL;
  CREATE INDEX refund_voided ON refund (voided_at) WHERE voided_at IS NOT NULL;

  CREATE INDEX exception_expected ON reconciliation_exception (expected_id) WHERE expected_id IS NOT NULL;
  ALTER TABLE expected_movement
    -- It comes from what was recorded wrongly: nothing will be seen, and nothing of it was.
    ADD COLUMN withdrawn boolean NOT NULL DEFAULT false,
    ADD CONSTRAINT expected_withdrawn_whole CHECK (NOT withdrawn OR (matched_fen = 0 AND written_off_fen = amount_fen));
`;

/** The last line of defence: the service refuses these in words. */
const GUARDS = `
  CREATE FUNCTION voided_stays() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    RAISE EXCEPTION 'what is voided stays as it is'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'voided_stays', TABLE = TG_TABLE_NAME;
  END $$;
  CREATE TRIGGER payment_voided_stays BEFORE UPDATE ON payment FOR EACH ROW
    WHEN (OLD.voided_at IS NOT NULL OR NEW.replaces_id IS DISTINCT FROM OLD.replaces_id)
    EXECUTE FUNCTION voided_stays();
  CREATE TRIGGER refund_voided_stays BEFORE UPDATE ON refund FOR EACH ROW
    WHEN (OLD.voided_at IS NOT NULL) EXECUTE FUNCTION voided_stays();

  -- Reconciling and voiding wait for each other by the same lock, so nothing settles what is voided afterwards either.
  CREATE FUNCTION payment_void_unsettled() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF EXISTS (SELECT FROM settlement_allocation WHERE payment_id = NEW.id)
      OR EXISTS (SELECT FROM payment_allocation WHERE payment_id = NEW.id AND ended_at IS NULL)
      OR EXISTS (SELECT FROM refund WHERE payment_id = NEW.id AND voided_at IS NULL) THEN
      RAISE EXCEPTION 'only what nothing hangs on is voided'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_void_unsettled', TABLE = 'payment';
    END IF;
    RETURN NEW;
  END $$;
  CREATE TRIGGER payment_void_unsettled BEFORE UPDATE ON payment FOR EACH ROW
    WHEN (OLD.voided_at IS NULL AND NEW.voided_at IS NOT NULL) EXECUTE FUNCTION payment_void_unsettled();
  CREATE FUNCTION refund_void_unsettled() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF EXISTS (SELECT FROM settlement_allocation WHERE refund_id = NEW.id) THEN
      RAISE EXCEPTION 'only what nothing hangs on is voided'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'refund_void_unsettled', TABLE = 'refund';
    END IF;
    RETURN NEW;
  END $$;
  CREATE TRIGGER refund_void_unsettled BEFORE UPDATE ON refund FOR EACH ROW
    WHEN (OLD.voided_at IS NULL AND NEW.voided_at IS NOT NULL) EXECUTE FUNCTION refund_void_unsettled();
`;
