import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantTable } from '@doorstep/platform';
import { undeletableTable } from './policies';

/** What banks, channels' own accounts and funders say about money that moved, before it is matched with anything. */
export class Statements1767000000030 implements MigrationInterface {
  name = 'Statements1767000000030';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(PROGRESS);
    await runner.query(ACCOUNTS);
    await runner.query(STATEMENTS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE statement_staging, statement_line, statement, statement_file, statement_account,
      settlement_progress`);
  }
}

const PROGRESS = `
  -- How far long work is, for whoever waits. Nothing is lost with it.
  CREATE UNLOGGED TABLE settlement_progress (
    id uuid PRIMARY KEY,
    operator_id uuid NOT NULL,
    stage text NOT NULL,
    done bigint NOT NULL,
    total bigint,
    changed_at timestamptz NOT NULL
  );
  ${tenantTable('settlement_progress')}
`;

const ACCOUNTS = `
  -- An account whose statements come in: at a bank, at a payment channel, or a funder's list of what it paid.
  CREATE TABLE statement_account (
    id uuid PRIMARY KEY,
    operator_id uuid NOT NULL,
    -- Names the account in the ledger.
    code text NOT NULL,
    name text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('bank', 'channel', 'funder')),
    channel text CHECK (channel IN ('wechat', 'alipay')),
    funder_id uuid,
    account_no text NOT NULL,
    layout text NOT NULL CHECK (layout IN ('camt053', 'wechat_fund_flow', 'mapped')),
    -- Which column holds what, when no standard says it.
    mapping jsonb,
    -- As whom channels and funders appear on the statement: {wechat: ['财付通支付科技有限公司']}
    payer_names jsonb NOT NULL,
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    CONSTRAINT statement_account_code_once UNIQUE (operator_id, code),
    CONSTRAINT statement_account_no_once UNIQUE (operator_id, account_no),
    UNIQUE (id, operator_id),
    CONSTRAINT statement_account_of CHECK ((kind = 'channel') = (channel IS NOT NULL) AND (kind = 'funder') = (funder_id IS NOT NULL)),
    CONSTRAINT statement_account_mapped CHECK ((layout = 'mapped') = (mapping IS NOT NULL))
  );
  ${tenantTable('statement_account')}
  ${undeletableTable('statement_account')}
`;

const LINE = `
  -- Line of the file, the first being 1.
  line_no int NOT NULL,
  booked_on date NOT NULL,
  -- Money in above zero.
  amount_fen bigint NOT NULL CHECK (amount_fen <> 0),
  balance_fen bigint,
  -- At a channel's account: what moved the money; else 'entry'.
  kind text NOT NULL CHECK (kind IN ('entry', 'trade', 'refund', 'fee', 'payout', 'other')),
  -- The number by which the other side knows it: a channel's order, a bank's end-to-end id, a claim.
  reference_no text,
  text text NOT NULL,
  counterparty text,
  -- The bank's own number of the entry.
  bank_ref text
`;

const STATEMENTS = `
  CREATE TABLE statement_file (
    id uuid PRIMARY KEY,
    operator_id uuid NOT NULL,
    account_id uuid NOT NULL,
    layout text NOT NULL,
    mapping jsonb,
    sha256 text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    bytes bigint NOT NULL,
    statements int NOT NULL,
    lines int NOT NULL,
    uploaded_by uuid NOT NULL,
    uploaded_at timestamptz NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    CONSTRAINT statement_file_once UNIQUE (operator_id, sha256),
    UNIQUE (id, operator_id),
    FOREIGN KEY (account_id, operator_id) REFERENCES statement_account (id, operator_id)
  );
  ${tenantTable('statement_file')}
  ${undeletableTable('statement_file')}

  CREATE TABLE statement (
    id uuid PRIMARY KEY,
    operator_id uuid NOT NULL,
    file_id uuid NOT NULL,
    account_id uuid NOT NULL,
    number text,
    from_day date NOT NULL,
    to_day date NOT NULL CHECK (to_day >= from_day),
    opening_fen bigint,
    closing_fen bigint,
    credits_fen bigint NOT NULL CHECK (credits_fen >= 0),
    debits_fen bigint NOT NULL CHECK (debits_fen >= 0),
    lines int NOT NULL,
    -- Funders may send several lists of a day.
    exclusive boolean NOT NULL,
    CONSTRAINT statement_adds_up CHECK (opening_fen + credits_fen - debits_fen = closing_fen),
    -- A day of an account comes once: the same movements in a second file would count twice.
    CONSTRAINT statement_days_once EXCLUDE USING gist (account_id WITH =, daterange(from_day, to_day, '[]') WITH &&) WHERE (exclusive),
    UNIQUE (id, operator_id),
    FOREIGN KEY (file_id, operator_id) REFERENCES statement_file (id, operator_id),
    FOREIGN KEY (account_id, operator_id) REFERENCES statement_account (id, operator_id)
  );
  ${tenantTable('statement')}
  ${undeletableTable('statement')}
  CREATE INDEX statement_file_of ON statement (file_id);

  CREATE TABLE statement_line (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    operator_id uuid NOT NULL,
    statement_id uuid NOT NULL,
    account_id uuid NOT NULL,
    ${LINE},
    -- Kept with the allocations: nothing or all of the line.
    matched_fen bigint NOT NULL DEFAULT 0,
    CONSTRAINT statement_line_whole CHECK (matched_fen IN (0, amount_fen)),
    UNIQUE (statement_id, line_no)
  ) WITH (fillfactor = 90);
  ${tenantTable('statement_line')}
  ${undeletableTable('statement_line')}
  CREATE INDEX statement_line_open ON statement_line (account_id, booked_on) WHERE matched_fen = 0;
  CREATE INDEX statement_line_day ON statement_line (account_id, booked_on, id);

  -- Where COPY writes before the lines are taken over; reached by upload id only, swept, lost in a crash.
  CREATE UNLOGGED TABLE statement_staging (
    upload_id uuid NOT NULL,
    staged_at timestamptz NOT NULL DEFAULT now(),
    statement_no int NOT NULL,
    ${LINE}
  );
`;
