import type { MigrationInterface, QueryRunner } from 'typeorm';
import { appendOnlyTable, tenantTable } from '@doorstep/platform';
import { undeletableTable } from './policies';

export class Settlement1767000000007 implements MigrationInterface {
  name = 'Settlement1767000000007';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(FILES);
    await runner.query(RECONCILIATIONS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE reconciliation_exception, settlement_allocation, reconciliation, settlement_line,
      settlement_file, settlement_staging`);
  }
}

const LINE = `
  -- 'refund': amount_fen went back to the resident.
  kind text NOT NULL CHECK (kind IN ('payment', 'refund')),
  at timestamptz NOT NULL,
  channel_order_no text NOT NULL,
  merchant_order_no text NOT NULL,
  channel_refund_no text,
  merchant_refund_no text,
  -- What the channel settles.
  amount_fen bigint NOT NULL CHECK (amount_fen >= 0),
  -- What was ordered; differs from amount_fen when the channel took off a coupon.
  order_fen bigint NOT NULL CHECK (order_fen >= 0),
  -- Below zero when the channel gives a fee back.
  fee_fen bigint NOT NULL,
  -- Parts per million; null when the file doesn't say.
  rate_ppm int CHECK (rate_ppm >= 0),
  -- Device or shop as the file names it.
  place text
`;

const FILES = `
  CREATE TABLE settlement_file (
    id uuid PRIMARY KEY,
    operator_id uuid NOT NULL,
    channel text NOT NULL,
    site_id uuid,
    layout text NOT NULL,
    -- Which of the channel's lines it holds: payments, refunds or both.
    part text NOT NULL CHECK (part IN ('all', 'payments', 'refunds')),
    merchant_no text NOT NULL,
    bill_day date NOT NULL,
    sha256 text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    bytes bigint NOT NULL,
    lines int NOT NULL CHECK (lines >= 0),
    payments_fen bigint NOT NULL,
    refunds_fen bigint NOT NULL,
    fees_fen bigint NOT NULL,
    -- The summary as the file states it, column by column.
    summary jsonb NOT NULL,
    status text NOT NULL CHECK (status IN ('imported', 'reconciled')),
    uploaded_by uuid NOT NULL,
    uploaded_at timestamptz NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    CONSTRAINT settlement_file_once UNIQUE (operator_id, sha256),
    CONSTRAINT settlement_file_day_once UNIQUE (operator_id, channel, merchant_no, bill_day, part),
    UNIQUE (id, operator_id)
  );
  ${tenantTable('settlement_file')}
  ${undeletableTable('settlement_file')}

  CREATE TABLE settlement_line (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    operator_id uuid NOT NULL,
    file_id uuid NOT NULL,
    -- Line of the file, the header being 1.
    line_no int NOT NULL,
    ${LINE},
    UNIQUE (file_id, line_no)
  );
  -- No foreign keys here and in settlement_allocation: a file has up to millions of lines, and each is written by a
  -- statement that read what it refers to; what is referred to can't be deleted.
  ${tenantTable('settlement_line')}
  ${appendOnlyTable('settlement_line')}

  -- Where COPY writes (it can't where row-level security is forced), before the lines are taken over in one transaction.
  -- Reached by upload id only, and swept; lost in a crash, which is as good as refused.
  CREATE UNLOGGED TABLE settlement_staging (
    upload_id uuid NOT NULL,
    staged_at timestamptz NOT NULL DEFAULT now(),
    line_no int NOT NULL,
    ${LINE}
  );
`;

const RECONCILIATIONS = `
  CREATE TABLE reconciliation (
    id uuid PRIMARY KEY,
    operator_id uuid NOT NULL,
    settlement_file_id uuid NOT NULL UNIQUE,
    channel text NOT NULL,
    bill_day date NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('tied', 'exceptions')),
    lines int NOT NULL,
    matched int NOT NULL,
    exceptions int NOT NULL,
    -- Net of refunds: what the file states, what we recorded for the same day, what was matched of it.
    theirs_fen bigint NOT NULL,
    ours_fen bigint NOT NULL,
    settled_fen bigint NOT NULL,
    fees_fen bigint NOT NULL,
    -- theirs - ours - what exceptions explain. Anything but 0 is a defect, so it can't be stored.
    difference_fen bigint NOT NULL CHECK (difference_fen = 0),
    fee_difference_fen bigint NOT NULL CHECK (fee_difference_fen = 0),
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    FOREIGN KEY (settlement_file_id, operator_id) REFERENCES settlement_file (id, operator_id)
  );
  ${tenantTable('reconciliation')}

  -- A line stands for one payment or refund, and that for one line.
  CREATE TABLE settlement_allocation (
    line_id bigint PRIMARY KEY,
    operator_id uuid NOT NULL,
    reconciliation_id uuid NOT NULL,
    payment_id uuid UNIQUE,
    refund_id uuid UNIQUE,
    amount_fen bigint NOT NULL,
    fee_fen bigint NOT NULL,
    CONSTRAINT settles_one_thing CHECK (num_nonnulls(payment_id, refund_id) = 1)
  );
  ${tenantTable('settlement_allocation')}
  CREATE INDEX settlement_allocation_reconciliation ON settlement_allocation (reconciliation_id);

  CREATE TABLE reconciliation_exception (
    id uuid PRIMARY KEY,
    operator_id uuid NOT NULL,
    reconciliation_id uuid NOT NULL REFERENCES reconciliation DEFERRABLE INITIALLY DEFERRED,
    type text NOT NULL CHECK (type IN ('missing_in_bill', 'unknown_in_bill', 'amount_mismatch', 'duplicate_in_bill',
      'refund_mismatch', 'unknown_refund', 'fee_mismatch')),
    line_id bigint REFERENCES settlement_line,
    payment_id uuid REFERENCES payment,
    refund_id uuid REFERENCES refund,
    merchant_order_no text NOT NULL,
    merchant_refund_no text,
    -- Refunds count below zero.
    ours_fen bigint NOT NULL,
    theirs_fen bigint NOT NULL,
    difference_fen bigint NOT NULL GENERATED ALWAYS AS (theirs_fen - ours_fen) STORED,
    -- What the file charges less what its own rate makes.
    fee_difference_fen bigint NOT NULL DEFAULT 0,
    status text NOT NULL CHECK (status IN ('open', 'resolved')),
    owner_id uuid,
    comment text,
    resolution text,
    created_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    changed_by uuid NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    CONSTRAINT exception_resolved_how CHECK ((status = 'resolved') = (resolution IS NOT NULL)),
    CONSTRAINT exception_about_something CHECK (num_nonnulls(line_id, payment_id, refund_id) > 0),
    UNIQUE NULLS NOT DISTINCT (reconciliation_id, type, line_id, payment_id, refund_id)
  );
  ${tenantTable('reconciliation_exception')}
  CREATE INDEX reconciliation_exception_queue ON reconciliation_exception (operator_id, status, id);
  CREATE INDEX reconciliation_exception_payment ON reconciliation_exception (payment_id) WHERE payment_id IS NOT NULL;
  CREATE INDEX reconciliation_exception_refund ON reconciliation_exception (refund_id) WHERE refund_id IS NOT NULL;
`;
