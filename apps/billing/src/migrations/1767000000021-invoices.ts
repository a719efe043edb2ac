import type { MigrationInterface, QueryRunner } from 'typeorm';
import { appendOnlyTable, tenantTable } from '@doorstep/platform';
import { undeletableTable } from './policies';

/** Residents' invoices, credit notes and receipts. No name and no address: a resident is a pseudonym here. */
export class Invoices1767000000021 implements MigrationInterface {
  name = 'Invoices1767000000021';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(NUMBERS);
    await runner.query(INVOICES);
    await runner.query(ISSUED_STAYS);
    await runner.query(CREDIT_NOTES);
    await runner.query(RECEIPTS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP VIEW invoice_line_state;
      DROP INDEX charge_resident;
      DROP TABLE receipt, invoice_payment, credit_note_line, credit_note, invoice_line, invoice, document_number;
      DROP FUNCTION next_document_numbers, invoice_issued_stays, invoice_line_issued_stays, document_stays`);
  }
}

const NUMBERS = `
  -- The last number given out. Its row is locked until the commit of the document that took the number, so a rollback
  -- gives the number back: no gaps and nothing twice.
  CREATE TABLE document_number (
    operator_id uuid NOT NULL,
    series text NOT NULL CHECK (series IN ('invoice', 'credit_note', 'receipt')),
    year int NOT NULL,
    last int NOT NULL CHECK (last > 0),
    PRIMARY KEY (operator_id, series, year)
  );
  ${tenantTable('document_number')}
  ${undeletableTable('document_number')}

  -- The first of so many numbers in a row.
  CREATE FUNCTION next_document_numbers(operator uuid, kind text, in_year int, many int) RETURNS int LANGUAGE sql AS $$
    INSERT INTO document_number AS n (operator_id, series, year, last) VALUES (operator, kind, in_year, many)
    ON CONFLICT (operator_id, series, year) DO UPDATE SET last = n.last + many
    RETURNING last - many + 1
  $$;
`;

const INVOICES = `
  -- A resident's statement follows the charges.
  CREATE INDEX charge_resident ON charge (resident_id) WHERE status = 'captured';

  CREATE TABLE invoice (
    id uuid PRIMARY KEY,
    operator_id uuid NOT NULL,
    contract_id uuid NOT NULL,
    resident_id uuid NOT NULL,
    -- Null when its services were given at several sites.
    site_id uuid,
    -- The month that it is drawn up for, YYYY-MM; what was booked earlier and is on no invoice yet comes along.
    period text NOT NULL CHECK (period ~ '^\\d{4}-(0[1-9]|1[0-2])$'),
    status text NOT NULL CHECK (status IN ('draft', 'issued', 'void')),
    -- Gapless per operator and year, given at issue.
    year int,
    number int,
    issued_on date,
    due_on date,
    lines int NOT NULL CHECK (lines > 0),
    amount_fen bigint NOT NULL CHECK (amount_fen > 0),
    credited_fen bigint NOT NULL DEFAULT 0,
    -- When it was found to be paid; null while something is open.
    settled_at timestamptz,
    void_reason text,
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    UNIQUE (id, operator_id),
    CONSTRAINT invoice_number_once UNIQUE (operator_id, year, number),
    CONSTRAINT invoice_credited_within CHECK (credited_fen BETWEEN 0 AND amount_fen),
    CONSTRAINT invoice_issued_numbered CHECK (
      (status = 'draft' AND num_nonnulls(year, number, issued_on, due_on) = 0) OR
      (status = 'issued' AND num_nulls(year, number, issued_on, due_on) = 0) OR
      (status = 'void' AND num_nonnulls(year, number, issued_on, due_on) IN (0, 4))),
    CONSTRAINT invoice_void_says_why CHECK ((status = 'void') = (void_reason IS NOT NULL))
  );
  ${tenantTable('invoice')}
  CREATE UNIQUE INDEX invoice_one_draft ON invoice (operator_id, contract_id, resident_id) WHERE status = 'draft';
  CREATE INDEX invoice_list ON invoice (operator_id, id);
  CREATE INDEX invoice_resident ON invoice (resident_id, id);
  CREATE INDEX invoice_open ON invoice (due_on, id) WHERE status = 'issued' AND settled_at IS NULL;

  -- The self-paid part of one charge, or what a correction has added to it.
  CREATE TABLE invoice_line (
    id uuid PRIMARY KEY,
    operator_id uuid NOT NULL,
    invoice_id uuid NOT NULL,
    charge_id uuid NOT NULL REFERENCES charge,
    -- 0: the charge itself. 1, 2, …: added by corrections after the charge was on an invoice.
    sequence int NOT NULL CHECK (sequence >= 0),
    site_id uuid NOT NULL,
    kind text NOT NULL,
    mode text NOT NULL,
    service_day date NOT NULL,
    minutes int NOT NULL,
    quantity int NOT NULL,
    -- Of the charge with its corrections, for people to see who paid the rest.
    gross_fen bigint NOT NULL,
    funders_fen bigint NOT NULL,
    operator_fen bigint NOT NULL,
    amount_fen bigint NOT NULL CHECK (amount_fen > 0),
    credited_fen bigint NOT NULL DEFAULT 0,
    -- Not live: its invoice is void, and the charge may go on another.
    live boolean NOT NULL DEFAULT true,
    FOREIGN KEY (invoice_id, operator_id) REFERENCES invoice (id, operator_id) ON DELETE CASCADE,
    CONSTRAINT invoice_line_credited_within CHECK (credited_fen BETWEEN 0 AND amount_fen)
  );
  ${tenantTable('invoice_line')}
  -- A charge's share is on one live invoice.
  CREATE UNIQUE INDEX invoice_line_once ON invoice_line (charge_id, sequence) WHERE live;
  CREATE INDEX invoice_line_invoice ON invoice_line (invoice_id, service_day, id);

  -- What of each live line is paid: payments meet charges, and a charge's earlier line first.
  CREATE VIEW invoice_line_state WITH (security_invoker = true) AS
    SELECT line.id, line.invoice_id, line.charge_id, line.amount_fen - line.credited_fen AS net_fen,
           greatest(0, least(line.amount_fen - line.credited_fen, charge.paid_fen - coalesce((
             SELECT sum(former.amount_fen - former.credited_fen) FROM invoice_line AS former
             WHERE former.charge_id = line.charge_id AND former.live AND former.sequence < line.sequence), 0)))::bigint
             AS paid_fen
    FROM invoice_line AS line JOIN charge ON charge.id = line.charge_id WHERE line.live;
`;

const ISSUED_STAYS = `
  CREATE FUNCTION document_stays() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    RAISE EXCEPTION 'an issued document is never changed: write a credit note'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'document_stays', TABLE = TG_TABLE_NAME;
  END $$;

  CREATE TRIGGER invoice_issued_stays BEFORE UPDATE ON invoice FOR EACH ROW
    WHEN (OLD.status <> 'draft' AND (NEW.status = 'draft' OR (OLD.status = 'void' AND NEW.status <> 'void') OR
      (NEW.operator_id, NEW.contract_id, NEW.resident_id, NEW.period, NEW.year, NEW.number, NEW.issued_on, NEW.due_on,
        NEW.lines, NEW.amount_fen) IS DISTINCT FROM
      (OLD.operator_id, OLD.contract_id, OLD.resident_id, OLD.period, OLD.year, OLD.number, OLD.issued_on, OLD.due_on,
        OLD.lines, OLD.amount_fen) OR NEW.credited_fen < OLD.credited_fen))
    EXECUTE FUNCTION document_stays();
  CREATE TRIGGER invoice_undeletable BEFORE DELETE ON invoice FOR EACH ROW
    WHEN (OLD.status <> 'draft') EXECUTE FUNCTION document_stays();

  CREATE FUNCTION invoice_line_issued_stays() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF EXISTS (SELECT FROM invoice WHERE id = OLD.invoice_id AND status <> 'draft') THEN
      RAISE EXCEPTION 'an issued document is never changed: write a credit note'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'document_stays', TABLE = 'invoice_line';
    END IF;
    RETURN coalesce(NEW, OLD);
  END $$;
  CREATE TRIGGER invoice_line_issued_stays BEFORE UPDATE ON invoice_line FOR EACH ROW
    WHEN ((NEW.invoice_id, NEW.charge_id, NEW.sequence, NEW.amount_fen, NEW.service_day) IS DISTINCT FROM
      (OLD.invoice_id, OLD.charge_id, OLD.sequence, OLD.amount_fen, OLD.service_day)
      OR NEW.credited_fen < OLD.credited_fen OR (NEW.live AND NOT OLD.live))
    EXECUTE FUNCTION invoice_line_issued_stays();
  CREATE TRIGGER invoice_line_undeletable BEFORE DELETE ON invoice_line FOR EACH ROW
    EXECUTE FUNCTION invoice_line_issued_stays();
`;

const CREDIT_NOTES = `
  CREATE TABLE credit_note (
    id uuid PRIMARY KEY,
    operator_id uuid NOT NULL,
    invoice_id uuid NOT NULL,
    year int NOT NULL,
    number int NOT NULL,
    issued_on date NOT NULL,
    -- goodwill: the operator carries it · charge_corrected: the charge was corrected · void: the invoice is withdrawn.
    reason text NOT NULL CHECK (reason IN ('goodwill', 'charge_corrected', 'void')),
    comment text,
    amount_fen bigint NOT NULL CHECK (amount_fen > 0),
    issued_by uuid NOT NULL,
    issued_at timestamptz NOT NULL,
    UNIQUE (operator_id, year, number),
    UNIQUE (id, operator_id),
    FOREIGN KEY (invoice_id, operator_id) REFERENCES invoice (id, operator_id)
  );
  ${tenantTable('credit_note')}
  ${appendOnlyTable('credit_note')}
  CREATE INDEX credit_note_invoice ON credit_note (invoice_id);

  CREATE TABLE credit_note_line (
    credit_note_id uuid NOT NULL,
    operator_id uuid NOT NULL,
    invoice_line_id uuid NOT NULL REFERENCES invoice_line,
    amount_fen bigint NOT NULL CHECK (amount_fen > 0),
    PRIMARY KEY (credit_note_id, invoice_line_id),
    FOREIGN KEY (credit_note_id, operator_id) REFERENCES credit_note (id, operator_id)
  );
  ${tenantTable('credit_note_line')}
  ${appendOnlyTable('credit_note_line')}
`;

const RECEIPTS = `
  -- Payments that were made on an invoice; what they leave over is that resident's credit.
  CREATE TABLE invoice_payment (
    payment_id uuid PRIMARY KEY REFERENCES payment,
    operator_id uuid NOT NULL,
    invoice_id uuid NOT NULL,
    FOREIGN KEY (invoice_id, operator_id) REFERENCES invoice (id, operator_id)
  );
  ${tenantTable('invoice_payment')}
  ${appendOnlyTable('invoice_payment')}
  CREATE INDEX invoice_payment_invoice ON invoice_payment (invoice_id);

  CREATE TABLE receipt (
    id uuid PRIMARY KEY,
    operator_id uuid NOT NULL,
    payment_id uuid NOT NULL UNIQUE,
    year int NOT NULL,
    number int NOT NULL,
    issued_on date NOT NULL,
    amount_fen bigint NOT NULL CHECK (amount_fen > 0),
    issued_by uuid NOT NULL,
    issued_at timestamptz NOT NULL,
    UNIQUE (operator_id, year, number),
    FOREIGN KEY (payment_id, operator_id) REFERENCES payment (id, operator_id)
  );
  ${tenantTable('receipt')}
  ${appendOnlyTable('receipt')}
`;
