import type { MigrationInterface, QueryRunner } from 'typeorm';
import { appendOnlyTable, tenantTable } from '@doorstep/platform';
import { undeletableTable } from './policies';

/** What should be seen on the accounts, what of it was, and the queue of everything that does not fit. */
export class Matches1767000000031 implements MigrationInterface {
  name = 'Matches1767000000031';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(EXPECTED);
    await runner.query(QUEUE);
    await runner.query(ALLOCATIONS);
    await runner.query(SUGGESTIONS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE reconciliation_terms, match_pattern, match_suggestion, statement_allocation,
        statement_match, exception_event, expected_movement CASCADE;
      DROP FUNCTION statement_allocation_counts, statement_allocation_undone, exception_placed, exception_noted`);
  }
}

const EXPECTED = `
  -- Money that should come to a bank account or leave it, by what we know: a channel's day, a claim, a transfer.
  CREATE TABLE expected_movement (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    operator_id uuid NOT NULL,
    contract_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('channel_settlement', 'channel_remainder', 'claim', 'payment', 'refund')),
    channel text,
    funder_id uuid,
    source_id uuid NOT NULL,
    -- The number that the other side gives back.
    reference text,
    -- Who appears on the statement: the merchant account, the funder's name.
    party text,
    day date NOT NULL,
    amount_fen bigint NOT NULL CHECK (amount_fen <> 0),
    -- Kept with the allocations.
    matched_fen bigint NOT NULL DEFAULT 0,
    written_off_fen bigint NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT expected_within CHECK (
      sign(amount_fen) * matched_fen >= 0 AND sign(amount_fen) * written_off_fen >= 0
      AND abs(matched_fen + written_off_fen) <= abs(amount_fen)),
    CONSTRAINT expected_once UNIQUE (kind, source_id, contract_id)
  ) WITH (fillfactor = 85);
  ${tenantTable('expected_movement')}
  ${undeletableTable('expected_movement')}
  CREATE INDEX expected_open ON expected_movement (operator_id, day) WHERE matched_fen + written_off_fen <> amount_fen;
  CREATE INDEX expected_list ON expected_movement (operator_id, id);
`;

const QUEUE = `
  -- Bills of days on which nothing happened are alike to the byte: those are told apart by their day.
  ALTER TABLE settlement_file DROP CONSTRAINT settlement_file_once;
  CREATE UNIQUE INDEX settlement_file_once ON settlement_file (operator_id, sha256) WHERE lines > 0;
  CREATE INDEX settlement_file_sha ON settlement_file (operator_id, sha256);

  ALTER TABLE reconciliation_exception
    ALTER COLUMN reconciliation_id DROP NOT NULL,
    ALTER COLUMN merchant_order_no DROP NOT NULL,
    ADD COLUMN contract_id uuid,
    ADD COLUMN day date,
    ADD COLUMN statement_line_id bigint REFERENCES statement_line,
    ADD COLUMN expected_id uuid REFERENCES expected_movement,
    -- Split off from this one.
    ADD COLUMN parent_id uuid REFERENCES reconciliation_exception,
    -- A write-off that waits for a second person: {resolution, comment, by}
    ADD COLUMN proposal jsonb,
    DROP CONSTRAINT reconciliation_exception_type_check,
    ADD CONSTRAINT exception_type CHECK (type IN ('missing_in_bill', 'unknown_in_bill', 'amount_mismatch',
      'duplicate_in_bill', 'refund_mismatch', 'unknown_refund', 'fee_mismatch', 'unknown_in_statement',
      'missing_in_statement', 'amount_difference')),
    DROP CONSTRAINT reconciliation_exception_status_check,
    ADD CONSTRAINT exception_status CHECK (status IN ('open', 'disputed', 'proposed', 'resolved', 'split')),
    DROP CONSTRAINT exception_about_something,
    ADD CONSTRAINT exception_about_something CHECK (
      num_nonnulls(line_id, payment_id, refund_id, statement_line_id, expected_id) > 0),
    ADD CONSTRAINT exception_proposed CHECK ((status = 'proposed') = (proposal IS NOT NULL));
  DO $$ BEGIN
    EXECUTE (SELECT format('ALTER TABLE reconciliation_exception DROP CONSTRAINT %I', conname) FROM pg_constraint
             WHERE conrelid = 'reconciliation_exception'::regclass AND contype = 'u');
  END $$;
  -- A difference is named once; what is split off from it is named by its parent.
  CREATE UNIQUE INDEX exception_of_bill_once ON reconciliation_exception
    (reconciliation_id, type, line_id, payment_id, refund_id) NULLS NOT DISTINCT
    WHERE parent_id IS NULL AND reconciliation_id IS NOT NULL;
  CREATE UNIQUE INDEX exception_of_line_once ON reconciliation_exception (statement_line_id, type)
    WHERE parent_id IS NULL AND statement_line_id IS NOT NULL AND type = 'unknown_in_statement';
  CREATE UNIQUE INDEX exception_of_expected_once ON reconciliation_exception (expected_id)
    WHERE parent_id IS NULL AND type = 'missing_in_statement';
  CREATE INDEX exception_line ON reconciliation_exception (line_id) WHERE line_id IS NOT NULL;
  CREATE INDEX exception_contract ON reconciliation_exception (operator_id, contract_id, day);

  -- Under which contract and of which day it is, as far as what it is about says so.
  CREATE FUNCTION exception_placed() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF NEW.payment_id IS NOT NULL THEN
      SELECT coalesce(NEW.contract_id, contract_id), coalesce(NEW.day, paid_day) INTO NEW.contract_id, NEW.day
        FROM payment WHERE id = NEW.payment_id;
    ELSIF NEW.refund_id IS NOT NULL THEN
      SELECT coalesce(NEW.contract_id, p.contract_id), coalesce(NEW.day, r.refunded_day) INTO NEW.contract_id, NEW.day
        FROM refund r JOIN payment p ON p.id = r.payment_id WHERE r.id = NEW.refund_id;
    END IF;
    IF NEW.line_id IS NOT NULL THEN
      SELECT f.bill_day INTO NEW.day FROM settlement_line l JOIN settlement_file f ON f.id = l.file_id WHERE l.id = NEW.line_id;
    END IF;
    IF NEW.statement_line_id IS NOT NULL THEN
      SELECT booked_on INTO NEW.day FROM statement_line WHERE id = NEW.statement_line_id;
    END IF;
    IF NEW.expected_id IS NOT NULL THEN
      SELECT coalesce(NEW.contract_id, contract_id), coalesce(NEW.day, day) INTO NEW.contract_id, NEW.day
        FROM expected_movement WHERE id = NEW.expected_id;
    END IF;
    RETURN NEW;
  END $$;
  CREATE TRIGGER exception_placed BEFORE INSERT ON reconciliation_exception
    FOR EACH ROW EXECUTE FUNCTION exception_placed();

  -- Nothing vanishes: every word about an exception, whoever wrote it and by whichever statement.
  CREATE TABLE exception_event (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    operator_id uuid NOT NULL,
    exception_id uuid NOT NULL,
    at timestamptz NOT NULL,
    by uuid NOT NULL,
    version bigint NOT NULL,
    status text NOT NULL,
    owner_id uuid,
    resolution text,
    comment text,
    UNIQUE (exception_id, version)
  );
  ${tenantTable('exception_event')}
  ${appendOnlyTable('exception_event')}
  CREATE FUNCTION exception_noted() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    INSERT INTO exception_event (operator_id, exception_id, at, by, version, status, owner_id, resolution, comment)
      VALUES (NEW.operator_id, NEW.id, NEW.changed_at, NEW.changed_by, NEW.version, NEW.status, NEW.owner_id, NEW.resolution,
        NEW.comment);
    RETURN NULL;
  END $$;
  CREATE TRIGGER exception_noted AFTER INSERT ON reconciliation_exception
    FOR EACH ROW EXECUTE FUNCTION exception_noted();
  CREATE TRIGGER exception_noted_again AFTER UPDATE ON reconciliation_exception
    FOR EACH ROW WHEN (OLD.version <> NEW.version) EXECUTE FUNCTION exception_noted();
  ${undeletableTable('reconciliation_exception')}

  -- What somebody may decide alone, and from when on a pattern is applied by itself.
  CREATE TABLE reconciliation_terms (
    id uuid PRIMARY KEY,
    operator_id uuid NOT NULL,
    from_day date NOT NULL,
    tolerance_fen bigint NOT NULL CHECK (tolerance_fen >= 0),
    write_off_max_fen bigint NOT NULL CHECK (write_off_max_fen >= 0),
    four_eyes_above_fen bigint NOT NULL CHECK (four_eyes_above_fen >= 0),
    confirmations_needed int NOT NULL CHECK (confirmations_needed > 0),
    overdue_days int NOT NULL CHECK (overdue_days BETWEEN 0 AND 366),
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT reconciliation_terms_once UNIQUE (operator_id, from_day)
  );
  ${tenantTable('reconciliation_terms')}
`;

const ALLOCATIONS = `
  -- One matching of one account's open lines.
  CREATE TABLE statement_match (
    id uuid PRIMARY KEY,
    operator_id uuid NOT NULL,
    account_id uuid NOT NULL,
    lines int NOT NULL,
    -- Lines matched, by step.
    matched jsonb NOT NULL,
    suggested int NOT NULL,
    exceptions int NOT NULL,
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    FOREIGN KEY (account_id, operator_id) REFERENCES statement_account (id, operator_id)
  );
  ${tenantTable('statement_match')}

  -- What a line is for. All of a line's allocations are written by one statement and sum to the line.
  CREATE TABLE statement_allocation (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    operator_id uuid NOT NULL,
    match_id uuid NOT NULL,
    line_id bigint NOT NULL,
    expected_id uuid,
    -- A funder's list: the claim that it speaks of.
    advised_id uuid,
    -- A channel's own account: the bill's line, its amount or its fee.
    bill_line_id bigint,
    bill_part text CHECK (bill_part IN ('amount', 'fee')),
    -- A channel's payout: the line on the bank account.
    transfer_line_id bigint,
    -- A difference that has a name of its own.
    exception_id uuid,
    amount_fen bigint NOT NULL CHECK (amount_fen <> 0),
    step text NOT NULL CHECK (step IN ('reference', 'channel_id', 'payout', 'one_to_many', 'many_to_one', 'tolerance',
      'learnt', 'suggestion', 'hand', 'write_off')),
    undone_at timestamptz,
    undone_by uuid,
    CONSTRAINT allocation_of_one_thing CHECK (
      num_nonnulls(expected_id, advised_id, bill_line_id, transfer_line_id, exception_id) = 1),
    CHECK ((bill_line_id IS NULL) = (bill_part IS NULL)),
    CHECK ((undone_at IS NULL) = (undone_by IS NULL))
  );
  ${tenantTable('statement_allocation')}
  ${undeletableTable('statement_allocation')}
  CREATE INDEX statement_allocation_line ON statement_allocation (line_id);
  CREATE INDEX statement_allocation_match ON statement_allocation (match_id);
  CREATE UNIQUE INDEX allocation_expected_once ON statement_allocation (expected_id, line_id)
    WHERE undone_at IS NULL AND expected_id IS NOT NULL;
  CREATE UNIQUE INDEX allocation_advised_once ON statement_allocation (advised_id)
    WHERE undone_at IS NULL AND advised_id IS NOT NULL;
  CREATE UNIQUE INDEX allocation_bill_once ON statement_allocation (bill_line_id, bill_part)
    WHERE undone_at IS NULL AND bill_line_id IS NOT NULL;
  CREATE UNIQUE INDEX allocation_transfer_once ON statement_allocation (transfer_line_id)
    WHERE undone_at IS NULL AND transfer_line_id IS NOT NULL;

  -- The counters whose CHECKs keep a line whole and an expectation from being met twice.
  CREATE FUNCTION statement_allocation_counts() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    UPDATE statement_line AS l SET matched_fen = l.matched_fen + s.fen
      FROM (SELECT line_id, sum(amount_fen)::bigint AS fen FROM added GROUP BY line_id) AS s WHERE l.id = s.line_id;
    UPDATE expected_movement AS e SET matched_fen = e.matched_fen + s.fen
      FROM (SELECT expected_id, sum(amount_fen)::bigint AS fen FROM added WHERE expected_id IS NOT NULL
            GROUP BY expected_id ORDER BY expected_id) AS s WHERE e.id = s.expected_id;
    RETURN NULL;
  END $$;
  CREATE TRIGGER statement_allocation_counts AFTER INSERT ON statement_allocation
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION statement_allocation_counts();

  CREATE FUNCTION statement_allocation_undone() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF EXISTS (SELECT FROM was JOIN becomes USING (id) WHERE was.undone_at IS NOT NULL OR becomes.undone_at IS NULL
               OR (was.line_id, was.amount_fen, was.match_id) IS DISTINCT FROM (becomes.line_id, becomes.amount_fen, becomes.match_id)
               OR was.expected_id IS DISTINCT FROM becomes.expected_id) THEN
      RAISE EXCEPTION 'an allocation is undone, once, and never changed otherwise'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'statement_allocation_unchangeable', TABLE = 'statement_allocation';
    END IF;
    UPDATE statement_line AS l SET matched_fen = l.matched_fen - s.fen
      FROM (SELECT line_id, sum(amount_fen)::bigint AS fen FROM becomes GROUP BY line_id) AS s WHERE l.id = s.line_id;
    UPDATE expected_movement AS e SET matched_fen = e.matched_fen - s.fen
      FROM (SELECT expected_id, sum(amount_fen)::bigint AS fen FROM becomes WHERE expected_id IS NOT NULL GROUP BY expected_id) AS s
      WHERE e.id = s.expected_id;
    RETURN NULL;
  END $$;
  CREATE TRIGGER statement_allocation_undone AFTER UPDATE ON statement_allocation
    REFERENCING OLD TABLE AS was NEW TABLE AS becomes FOR EACH STATEMENT EXECUTE FUNCTION statement_allocation_undone();
`;

const SUGGESTIONS = `
  -- What might belong together, and why. A declined one is remembered, so it is never made again.
  CREATE TABLE match_suggestion (
    id uuid PRIMARY KEY,
    operator_id uuid NOT NULL,
    account_id uuid NOT NULL,
    line_id bigint NOT NULL REFERENCES statement_line,
    expected_id uuid NOT NULL REFERENCES expected_movement,
    score int NOT NULL CHECK (score BETWEEN 0 AND 100),
    -- [{feature, points, why}]
    reasons jsonb NOT NULL,
    pattern text NOT NULL,
    status text NOT NULL CHECK (status IN ('open', 'accepted', 'declined', 'overtaken')),
    decided_by uuid,
    decided_at timestamptz,
    created_at timestamptz NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    CONSTRAINT suggestion_once UNIQUE (line_id, expected_id),
    CONSTRAINT suggestion_decided CHECK ((status IN ('accepted', 'declined')) = (decided_by IS NOT NULL))
  );
  ${tenantTable('match_suggestion')}
  ${undeletableTable('match_suggestion')}
  CREATE INDEX match_suggestion_queue ON match_suggestion (operator_id, status, id);

  -- How often people confirmed or declined suggestions of the same pattern.
  CREATE TABLE match_pattern (
    operator_id uuid NOT NULL,
    pattern text NOT NULL,
    confirmed int NOT NULL DEFAULT 0,
    declined int NOT NULL DEFAULT 0,
    PRIMARY KEY (operator_id, pattern)
  );
  ${tenantTable('match_pattern')}
`;
