import type { MigrationInterface, QueryRunner } from 'typeorm';
import { appendOnlyTable, tenantTable } from '@doorstep/platform';
import { partOfProgramme, undeletableTable } from './policies';

/** What becomes of a claim: answers, later differences, objections, write-offs and the funder's money. */
export class ClaimAnswers1767000000023 implements MigrationInterface {
  name = 'ClaimAnswers1767000000023';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(LINES);
    await runner.query(RULES);
    await runner.query(WRITE_OFFS);
    await runner.query(REMITTANCES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE remittance_line, remittance, claim_write_off, claim_rule;
      DROP POLICY funder_answers ON claim;
      DROP POLICY funder_answers ON claim_line`);
  }
}

/** A funder may change what it answers; what else of a row it can't reach, because the service doesn't let it. */
const funderAnswers = (table: string) => `
  CREATE POLICY funder_answers ON ${table} FOR UPDATE
    USING (funder_id::text = (SELECT current_setting('app.organisation_id', true)))
    WITH CHECK (funder_id::text = (SELECT current_setting('app.organisation_id', true)));`;

const LINES = `
  ALTER TABLE claim DROP CONSTRAINT claim_status_check, DROP CONSTRAINT claim_amount_fen_check,
    -- Later differences alone may make a claim of nothing, or of less.
    ADD CONSTRAINT claim_status_check CHECK (status IN ('draft', 'submitted', 'answered', 'settled')),
    ADD COLUMN answered_at timestamptz,
    ADD COLUMN settled_at timestamptz;
  ${funderAnswers('claim')}

  ALTER TABLE claim_line DROP CONSTRAINT claim_line_share_id_key, DROP CONSTRAINT claim_line_amount_fen_check,
    ALTER COLUMN share_id DROP NOT NULL,
    -- share: as captured · correction: what corrections have added since, below zero too · resubmission: what a funder has
    -- cut, asked for again with a reply.
    ADD COLUMN basis text NOT NULL DEFAULT 'share' CHECK (basis IN ('share', 'correction', 'resubmission')),
    ADD COLUMN sequence int NOT NULL DEFAULT 0 CHECK (sequence >= 0),
    ADD COLUMN resubmits_id uuid REFERENCES claim_line,
    ADD COLUMN reply text,
    -- What would be sent back: [{code, reason}].
    ADD COLUMN problems jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN answer text CHECK (answer IN ('accepted', 'cut', 'rejected')),
    ADD COLUMN accepted_fen bigint,
    ADD COLUMN answer_code text,
    ADD COLUMN answer_reason text,
    ADD COLUMN answered_by uuid,
    ADD COLUMN answered_at timestamptz,
    ADD COLUMN remitted_fen bigint NOT NULL DEFAULT 0,
    -- How what was cut ended: null while open.
    ADD COLUMN cut_end text CHECK (cut_end IN ('objected', 'resubmitted', 'written_off')),
    ADD CONSTRAINT claim_line_amount CHECK (amount_fen <> 0),
    ADD CONSTRAINT claim_line_answered CHECK (num_nulls(answer, accepted_fen, answered_by, answered_at) IN (0, 4)),
    ADD CONSTRAINT claim_line_answer_fits CHECK (answer IS NULL OR
      (answer = 'accepted' AND accepted_fen = amount_fen) OR
      (answer = 'cut' AND accepted_fen > 0 AND accepted_fen < amount_fen AND answer_code IS NOT NULL) OR
      (answer = 'rejected' AND accepted_fen = 0 AND amount_fen > 0 AND answer_code IS NOT NULL)),
    ADD CONSTRAINT claim_line_remitted_within CHECK (
      remitted_fen BETWEEN least(0, coalesce(accepted_fen, 0)) AND greatest(0, coalesce(accepted_fen, 0))),
    ADD CONSTRAINT claim_line_cut_ends CHECK (cut_end IS NULL OR answer IN ('cut', 'rejected')),
    ADD CONSTRAINT claim_line_basis_fits CHECK ((basis = 'resubmission') = (resubmits_id IS NOT NULL));
  -- A share is claimed once, each later difference once, and what was cut is asked for again once.
  CREATE UNIQUE INDEX claim_line_once ON claim_line (charge_id, programme_id, sequence) WHERE basis <> 'resubmission';
  CREATE UNIQUE INDEX claim_line_resubmits_once ON claim_line (resubmits_id) WHERE resubmits_id IS NOT NULL;
  CREATE INDEX claim_line_objected ON claim_line (operator_id, funder_id) WHERE cut_end = 'objected';
  CREATE INDEX claim_line_resident ON claim_line (resident_id, programme_id, service_day);
  CREATE UNIQUE INDEX claim_line_share ON claim_line (share_id) WHERE basis = 'share';
  ${funderAnswers('claim_line')}
`;

const RULES = `
  -- What a funder wants proven beyond the delivery, from a day on.
  -- all tenants: part of the programme
  CREATE TABLE claim_rule (
    id uuid PRIMARY KEY,
    programme_id uuid NOT NULL REFERENCES programme,
    from_day date NOT NULL,
    to_day date CHECK (to_day > from_day),
    -- Days attended in the month must be at least this share of its workdays, in basis points.
    attendance_bp int CHECK (attendance_bp BETWEEN 1 AND 10000),
    -- The resident's own part must be paid.
    payment_required boolean NOT NULL,
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT claim_rule_one_at_a_time EXCLUDE USING gist (programme_id WITH =, daterange(from_day, to_day) WITH &&)
  );
  ${partOfProgramme('claim_rule')}
`;

const WRITE_OFFS = `
  -- Giving up what a funder has cut takes two people.
  CREATE TABLE claim_write_off (
    id uuid PRIMARY KEY,
    operator_id uuid NOT NULL,
    claim_line_id uuid NOT NULL REFERENCES claim_line,
    amount_fen bigint NOT NULL CHECK (amount_fen > 0),
    reason text NOT NULL,
    status text NOT NULL CHECK (status IN ('requested', 'approved', 'refused')),
    requested_by uuid NOT NULL,
    requested_at timestamptz NOT NULL,
    decided_by uuid,
    decided_at timestamptz,
    CONSTRAINT write_off_by_two CHECK (decided_by <> requested_by),
    CONSTRAINT write_off_decided CHECK ((status = 'requested') = (decided_by IS NULL))
  );
  ${tenantTable('claim_write_off')}
  ${undeletableTable('claim_write_off')}
  CREATE UNIQUE INDEX claim_write_off_once ON claim_write_off (claim_line_id) WHERE status IN ('requested', 'approved');
`;

const REMITTANCES = `
  CREATE TABLE remittance (
    id uuid PRIMARY KEY,
    operator_id uuid NOT NULL,
    funder_id uuid NOT NULL,
    contract_id uuid NOT NULL,
    -- The funder's own number of it.
    reference text NOT NULL,
    amount_fen bigint NOT NULL CHECK (amount_fen > 0),
    allocated_fen bigint NOT NULL DEFAULT 0,
    received_on date NOT NULL,
    recorded_by uuid NOT NULL,
    recorded_at timestamptz NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    CONSTRAINT remittance_once UNIQUE (operator_id, funder_id, reference),
    UNIQUE (id, operator_id),
    CONSTRAINT remittance_not_overspent CHECK (allocated_fen BETWEEN 0 AND amount_fen)
  );
  ${tenantTable('remittance', { organisationColumn: 'funder_id' })}
  ${undeletableTable('remittance')}
  CREATE INDEX remittance_list ON remittance (operator_id, id);

  CREATE TABLE remittance_line (
    remittance_id uuid NOT NULL,
    claim_line_id uuid NOT NULL REFERENCES claim_line,
    operator_id uuid NOT NULL,
    funder_id uuid NOT NULL,
    -- Below zero where a difference is given back.
    amount_fen bigint NOT NULL CHECK (amount_fen <> 0),
    PRIMARY KEY (remittance_id, claim_line_id),
    FOREIGN KEY (remittance_id, operator_id) REFERENCES remittance (id, operator_id)
  );
  ${tenantTable('remittance_line', { organisationColumn: 'funder_id' })}
  ${appendOnlyTable('remittance_line')}
  CREATE INDEX remittance_line_line ON remittance_line (claim_line_id);
`;
