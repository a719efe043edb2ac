import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantTable } from '@doorstep/platform';
import { undeletableTable } from './policies';

/** Above the operator's limit a void is proposed by one person and takes effect when another one approves. */
export class ProposedVoids1767000000350 implements MigrationInterface {
  name = 'ProposedVoids1767000000350';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(PROPOSALS);
    await runner.query(GUARDS);
    await runner.query(TOLD);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TRIGGER refund_void_by_two ON refund;
      DROP TRIGGER payment_void_by_two ON payment;
      DROP FUNCTION refund_void_by_two, payment_void_by_two, void_by_one_max_fen;
      DROP TABLE payment_void;
      DROP FUNCTION payment_void_stays;
      ALTER TABLE receipt DROP COLUMN issued_to`);
  }
}

const PROPOSALS = `
  CREATE TABLE payment_void (
    id uuid PRIMARY KEY,
    operator_id uuid NOT NULL,
    payment_id uuid NOT NULL,
    -- Null: the payment itself.
    refund_id uuid,
    -- What is recorded instead, as far as it differs; null: nothing.
    correction jsonb,
    amount_fen bigint NOT NULL CHECK (amount_fen > 0),
    -- Its own day, or the one on which it is booked because that month is closed.
    books_on date NOT NULL,
    reason text NOT NULL,
    proposed_by uuid NOT NULL,
    proposed_at timestamptz NOT NULL,
    status text NOT NULL DEFAULT 'proposed' CHECK (status IN ('proposed', 'approved', 'rejected', 'withdrawn')),
    decided_by uuid,
    decided_at timestamptz,
    comment text,
    CONSTRAINT payment_void_decided CHECK (num_nonnulls(decided_by, decided_at) = CASE status WHEN 'proposed' THEN 0 ELSE 2 END),
    -- Two approve or reject; whoever proposed it takes it back.
    CONSTRAINT payment_void_four_eyes CHECK ((status = 'withdrawn') = (decided_by = proposed_by)),
    CONSTRAINT payment_void_corrects_payments CHECK (correction IS NULL OR refund_id IS NULL),
    FOREIGN KEY (payment_id, operator_id) REFERENCES payment (id, operator_id),
    FOREIGN KEY (refund_id) REFERENCES refund (id)
  );
  ${tenantTable('payment_void')}
  ${undeletableTable('payment_void')}
  CREATE UNIQUE INDEX payment_void_once ON payment_void (payment_id, refund_id) NULLS NOT DISTINCT WHERE status = 'proposed';
  CREATE INDEX payment_void_of ON payment_void (payment_id);
  CREATE INDEX payment_void_waiting ON payment_void (operator_id, books_on) WHERE status = 'proposed';

  -- What is proposed is what is decided, once.
  CREATE FUNCTION payment_void_stays() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF OLD.status <> 'proposed' OR (to_jsonb(OLD) - '{status,decided_by,decided_at,comment}'::text[])
         IS DISTINCT FROM (to_jsonb(NEW) - '{status,decided_by,decided_at,comment}'::text[]) THEN
      RAISE EXCEPTION 'what was proposed stays as it is'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_void_stays', TABLE = 'payment_void';
    END IF;
    RETURN NEW;
  END $$;
  CREATE TRIGGER payment_void_stays BEFORE UPDATE ON payment_void FOR EACH ROW EXECUTE FUNCTION payment_void_stays();
`;

/** The last line of defence: nothing above the limit is voided that two people have not decided. */
const GUARDS = `
  -- As closing a difference; 1000 until the operator has set its own.
  CREATE FUNCTION void_by_one_max_fen(operator uuid, at timestamptz) RETURNS bigint LANGUAGE plpgsql STABLE AS $$
  BEGIN
    RETURN coalesce((SELECT four_eyes_above_fen FROM reconciliation_terms
                     WHERE operator_id = operator AND from_day <= (at AT TIME ZONE 'Asia/Shanghai')::date
                     ORDER BY from_day DESC LIMIT 1), 1000);
  END $$;
  ${byTwo('payment', 'NEW.id', 'NULL')}
  ${byTwo('refund', 'NEW.payment_id', 'NEW.id')}
`;

function byTwo(what: 'payment' | 'refund', paymentId: string, refundId: string): string {
  return `
  CREATE FUNCTION ${what}_void_by_two() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF NEW.amount_fen > void_by_one_max_fen(NEW.operator_id, NEW.voided_at) AND NOT EXISTS (
         SELECT FROM payment_void AS v WHERE v.payment_id = ${paymentId} AND v.refund_id IS NOT DISTINCT FROM ${refundId}
           AND v.status = 'approved') THEN
      RAISE EXCEPTION 'two people void what is above the limit'
        USING ERRCODE = 'check_violation', CONSTRAINT = '${what}_void_by_two', TABLE = '${what}';
    END IF;
    RETURN NEW;
  END $$;
  CREATE TRIGGER ${what}_void_by_two BEFORE UPDATE ON ${what} FOR EACH ROW
    WHEN (OLD.voided_at IS NULL AND NEW.voided_at IS NOT NULL) EXECUTE FUNCTION ${what}_void_by_two();`;
}

const TOLD = `
  -- Who is told of it, also when it is void; null: the money was several people’s, or nobody’s yet.
  ALTER TABLE receipt ADD COLUMN issued_to uuid;
  UPDATE receipt SET issued_to = (
    SELECT CASE WHEN count(DISTINCT of.id) = 1 THEN (array_agg(of.id))[1] END
    FROM (SELECT c.resident_id AS id FROM payment_allocation a JOIN charge c ON c.id = a.charge_id
          WHERE a.payment_id = receipt.payment_id
          UNION ALL
          SELECT i.resident_id FROM invoice_payment p JOIN invoice i ON i.id = p.invoice_id
          WHERE p.payment_id = receipt.payment_id) AS of);
`;
