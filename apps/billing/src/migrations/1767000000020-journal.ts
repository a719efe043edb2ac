import type { MigrationInterface, QueryRunner } from 'typeorm';
import { appendOnlyTable, tenantTable } from '@doorstep/platform';

/** What is posted stays within what was reserved and is never overwritten; entries are chained by hash afterwards. */
export class Journal1767000000020 implements MigrationInterface {
  name = 'Journal1767000000020';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(CHAIN);
    await runner.query(CORRECTIONS);
    await runner.query(POSTED_ONCE);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TRIGGER charge_posted_once ON charge;
      DROP TRIGGER charge_share_posted_once ON charge_share;
      DROP FUNCTION charge_posted_once, charge_share_posted_once;
      DROP TABLE share_correction, charge_correction, ledger_chain, ledger_chain_horizon;
      DROP INDEX ledger_entry_made_by;
      ALTER TABLE charge DROP CONSTRAINT charge_paid_within, DROP COLUMN resident_correction_fen,
        ADD CONSTRAINT charge_paid_within CHECK (paid_fen BETWEEN 0 AND resident_fen)`);
  }
}

const unchangeable = (table: string) => `
  CREATE TRIGGER unchangeable BEFORE UPDATE OR DELETE ON ${table}
    FOR EACH ROW EXECUTE FUNCTION ledger_unchangeable();
  CREATE TRIGGER untruncatable BEFORE TRUNCATE ON ${table}
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_unchangeable();
  ${appendOnlyTable(table)}`;

const CHAIN = `
  CREATE INDEX ledger_entry_made_by ON ledger_entry (made_by);

  -- Each entry's hash covers the entry, its lines and the hash before it, so nothing behind the head can be changed
  -- without breaking the chain. Written by a runner after the commit: posting doesn't wait for it.
  CREATE TABLE ledger_chain (
    operator_id uuid NOT NULL,
    position bigint NOT NULL CHECK (position > 0),
    entry_id uuid NOT NULL UNIQUE,
    hash text NOT NULL CHECK (hash ~ '^[0-9a-f]{64}$'),
    chained_at timestamptz NOT NULL,
    PRIMARY KEY (operator_id, position),
    FOREIGN KEY (entry_id, operator_id) REFERENCES ledger_entry (id, operator_id)
  );
  ${tenantTable('ledger_chain')}
  ${unchangeable('ledger_chain')}

  -- all tenants: up to which transaction the runner has seen everything
  CREATE TABLE ledger_chain_horizon (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    horizon xid8 NOT NULL
  );
  INSERT INTO ledger_chain_horizon (horizon) VALUES ('0');
`;

const CORRECTIONS = `
  -- What is added to a captured charge afterwards: differences, which may be below zero. The charge itself stays as it
  -- was posted, so a closed month never moves; what is owed now is the charge and its corrections.
  CREATE TABLE charge_correction (
    id uuid PRIMARY KEY,
    operator_id uuid NOT NULL,
    contract_id uuid NOT NULL,
    charge_id uuid NOT NULL REFERENCES charge,
    reason text NOT NULL CHECK (reason IN ('credited', 'price_changed', 'programme_changed', 'eligibility_changed',
      'attendance_changed')),
    -- What made it, and once: a credit note, a re-rating.
    source_type text NOT NULL,
    source_id uuid NOT NULL,
    gross_fen bigint NOT NULL,
    resident_fen bigint NOT NULL,
    funders_fen bigint NOT NULL,
    operator_fen bigint NOT NULL,
    booked_on date NOT NULL,
    made_by uuid NOT NULL,
    made_at timestamptz NOT NULL,
    CONSTRAINT charge_correction_whole CHECK (gross_fen = resident_fen + funders_fen + operator_fen),
    CONSTRAINT charge_correction_changes CHECK (NOT (gross_fen = 0 AND resident_fen = 0 AND funders_fen = 0
      AND operator_fen = 0)),
    CONSTRAINT charge_correction_once UNIQUE (source_type, source_id, charge_id),
    UNIQUE (id, operator_id)
  );
  ${tenantTable('charge_correction')}
  ${unchangeable('charge_correction')}
  CREATE INDEX charge_correction_charge ON charge_correction (charge_id);
  CREATE INDEX charge_correction_booked ON charge_correction (operator_id, contract_id, booked_on);

  -- The correction's part of one programme: what claims ask for, or give back, later.
  CREATE TABLE share_correction (
    correction_id uuid NOT NULL,
    operator_id uuid NOT NULL,
    charge_id uuid NOT NULL REFERENCES charge,
    programme_id uuid NOT NULL REFERENCES programme,
    funder_id uuid NOT NULL,
    payer text NOT NULL CHECK (payer IN ('funder', 'operator')),
    amount_fen bigint NOT NULL CHECK (amount_fen <> 0),
    PRIMARY KEY (correction_id, programme_id),
    FOREIGN KEY (correction_id, operator_id) REFERENCES charge_correction (id, operator_id)
  );
  ${tenantTable('share_correction')}
  ${unchangeable('share_correction')}
  CREATE INDEX share_correction_charge ON share_correction (charge_id, programme_id);

  ALTER TABLE charge
    -- Sum of the corrections' resident_fen; what the resident owes is resident_fen + resident_correction_fen.
    ADD COLUMN resident_correction_fen bigint NOT NULL DEFAULT 0,
    DROP CONSTRAINT charge_paid_within,
    ADD CONSTRAINT charge_paid_within CHECK (paid_fen BETWEEN 0 AND resident_fen + resident_correction_fen);
`;

const POSTED_ONCE = `
  -- Pending and posted apart: capture posts at most what the authorisation reserved, and once.
  CREATE FUNCTION charge_posted_once() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF OLD.status = 'captured' THEN
      RAISE EXCEPTION 'charge % is posted: correct it by a further entry', OLD.id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'charge_posted_once', TABLE = 'charge';
    END IF;
    IF NEW.status = 'captured' AND (OLD.status <> 'authorised' OR NEW.gross_fen > OLD.gross_fen
         OR NEW.resident_fen > OLD.resident_fen OR NEW.operator_fen > OLD.operator_fen) THEN
      RAISE EXCEPTION 'charge % would post more than was authorised', OLD.id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'charge_posted_within_reservation', TABLE = 'charge';
    END IF;
    RETURN NEW;
  END $$;
  CREATE TRIGGER charge_posted_once BEFORE UPDATE ON charge FOR EACH ROW
    WHEN (NEW.status IS DISTINCT FROM OLD.status OR (OLD.status = 'captured' AND
      (NEW.gross_fen, NEW.resident_fen, NEW.funders_fen, NEW.operator_fen, NEW.booked_on)
        IS DISTINCT FROM (OLD.gross_fen, OLD.resident_fen, OLD.funders_fen, OLD.operator_fen, OLD.booked_on)))
    EXECUTE FUNCTION charge_posted_once();

  CREATE FUNCTION charge_share_posted_once() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    RAISE EXCEPTION 'share % is posted: correct it by a further entry', OLD.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'charge_share_posted_once', TABLE = 'charge_share';
  END $$;
  CREATE TRIGGER charge_share_posted_once BEFORE UPDATE ON charge_share FOR EACH ROW
    WHEN (OLD.captured_fen IS NOT NULL AND (NEW.captured_fen, NEW.reserved_fen, NEW.funder_id, NEW.programme_id)
      IS DISTINCT FROM (OLD.captured_fen, OLD.reserved_fen, OLD.funder_id, OLD.programme_id))
    EXECUTE FUNCTION charge_share_posted_once();
`;
