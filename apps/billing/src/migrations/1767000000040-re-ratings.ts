import type { MigrationInterface, QueryRunner } from 'typeorm';
import { appendOnlyTable, tenantTable } from '@doorstep/platform';
import { undeletableTable } from './policies';

/** Past charges rated again: what was asked, what it would change, and by what each charge is rated since. */
export class ReRatings1767000000040 implements MigrationInterface {
  name = 'ReRatings1767000000040';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(RE_RATINGS);
    await runner.query(RATINGS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE charge_rating, re_rating_line, re_rating_budget, re_rating;
      DROP INDEX charge_rated;
      ALTER TABLE charge_correction ADD CONSTRAINT charge_correction_changes
        CHECK (NOT (gross_fen = 0 AND resident_fen = 0 AND funders_fen = 0 AND operator_fen = 0)) NOT VALID`);
  }
}

const RE_RATINGS = `
  CREATE TABLE re_rating (
    id uuid PRIMARY KEY,
    operator_id uuid NOT NULL,
    contract_id uuid NOT NULL,
    reason text NOT NULL CHECK (reason IN ('price_changed', 'programme_changed', 'eligibility_changed',
      'attendance_changed')),
    -- Services of these days; half-open.
    from_day date NOT NULL,
    to_day date NOT NULL CHECK (to_day > from_day),
    site_id uuid,
    kind text,
    mode text,
    resident_id uuid,
    -- [{bookingId, minutes}], minutes null: nobody came. For changed attendance alone.
    attendance jsonb,
    comment text,
    status text NOT NULL CHECK (status IN ('previewing', 'ready', 'applying', 'applied', 'outdated', 'discarded')),
    -- The last resident that is done, in the preview and then again in the application.
    cursor_resident uuid,
    charges_total int NOT NULL CHECK (charges_total >= 0),
    charges_seen int NOT NULL DEFAULT 0,
    -- Lines that change something, those that can't be rated, and what the changes come to.
    changed int NOT NULL DEFAULT 0,
    skipped int NOT NULL DEFAULT 0,
    applied int NOT NULL DEFAULT 0,
    gross_fen bigint NOT NULL DEFAULT 0,
    resident_fen bigint NOT NULL DEFAULT 0,
    funders_fen bigint NOT NULL DEFAULT 0,
    operator_fen bigint NOT NULL DEFAULT 0,
    -- Some of it belongs to a closed month: another person applies it.
    touches_closed boolean NOT NULL DEFAULT false,
    outdated_why text,
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    applied_by uuid,
    applied_at timestamptz,
    finished_at timestamptz,
    version bigint NOT NULL DEFAULT 1,
    UNIQUE (id, operator_id),
    CONSTRAINT re_rating_attendance CHECK ((reason = 'attendance_changed') = (attendance IS NOT NULL)),
    CONSTRAINT re_rating_whole CHECK (gross_fen = resident_fen + funders_fen + operator_fen),
    CONSTRAINT re_rating_applied CHECK ((status IN ('applying', 'applied', 'outdated')) = (applied_by IS NOT NULL)),
    CONSTRAINT re_rating_by_two CHECK (NOT touches_closed OR applied_by <> created_by),
    CONSTRAINT re_rating_outdated_why CHECK ((status = 'outdated') = (outdated_why IS NOT NULL))
  );
  ${tenantTable('re_rating')}
  ${undeletableTable('re_rating')}
  CREATE INDEX re_rating_list ON re_rating (operator_id, id);
  CREATE INDEX re_rating_working ON re_rating (id) WHERE status IN ('previewing', 'applying');

  -- One affected charge each: differences, below zero is less.
  CREATE TABLE re_rating_line (
    re_rating_id uuid NOT NULL,
    operator_id uuid NOT NULL,
    charge_id uuid NOT NULL REFERENCES charge,
    booking_id uuid NOT NULL,
    resident_id uuid NOT NULL,
    site_id uuid NOT NULL,
    kind text NOT NULL,
    service_day date NOT NULL,
    -- Where the ledger would book it.
    booked_on date NOT NULL,
    -- same: rated by something else now, with the same result.
    outcome text NOT NULL CHECK (outcome IN ('changed', 'same', 'skipped')),
    code text,
    reason text,
    owed_before_fen bigint NOT NULL,
    gross_fen bigint NOT NULL DEFAULT 0,
    resident_fen bigint NOT NULL DEFAULT 0,
    funders_fen bigint NOT NULL DEFAULT 0,
    operator_fen bigint NOT NULL DEFAULT 0,
    -- [{programmeId, funderId, payer, amountFen}]
    shares jsonb NOT NULL DEFAULT '[]',
    trace jsonb NOT NULL DEFAULT '[]',
    applied boolean NOT NULL DEFAULT false,
    PRIMARY KEY (re_rating_id, charge_id),
    FOREIGN KEY (re_rating_id, operator_id) REFERENCES re_rating (id, operator_id),
    CONSTRAINT re_rating_line_whole CHECK (gross_fen = resident_fen + funders_fen + operator_fen),
    CONSTRAINT re_rating_line_skipped CHECK ((outcome = 'skipped') = (code IS NOT NULL))
  );
  ${tenantTable('re_rating_line')}
  ${undeletableTable('re_rating_line')}
  CREATE INDEX re_rating_line_resident ON re_rating_line (re_rating_id, resident_id, charge_id);

  -- What a preview has taken from budgets so far, because nothing is taken from the budgets themselves yet.
  CREATE TABLE re_rating_budget (
    re_rating_id uuid NOT NULL,
    operator_id uuid NOT NULL,
    budget_id uuid NOT NULL REFERENCES programme_budget,
    spent_fen bigint NOT NULL,
    PRIMARY KEY (re_rating_id, budget_id),
    FOREIGN KEY (re_rating_id, operator_id) REFERENCES re_rating (id, operator_id)
  );
  ${tenantTable('re_rating_budget')}
  CREATE INDEX charge_rated ON charge (contract_id, resident_id, service_day) WHERE status = 'captured';
`;

const RATINGS = `
  -- One programme may come to give what another gave: nothing changes in sum, and yet it is to be entered.
  ALTER TABLE charge_correction DROP CONSTRAINT charge_correction_changes;

  -- By what a charge is rated since it was corrected; the latest counts. The charge itself stays as it was posted.
  CREATE TABLE charge_rating (
    charge_id uuid NOT NULL REFERENCES charge,
    sequence int NOT NULL CHECK (sequence > 0),
    operator_id uuid NOT NULL,
    source_id uuid NOT NULL,
    price_id uuid NOT NULL REFERENCES price,
    unit text NOT NULL,
    unit_fen bigint NOT NULL CHECK (unit_fen >= 0),
    step_minutes int NOT NULL,
    -- Null: nobody came after all.
    delivered_minutes int CHECK (delivered_minutes >= 0),
    trace jsonb NOT NULL,
    -- All that programmes give now: [{programmeId, termsId, funderId, payer, budgetId, amountFen}]
    shares jsonb NOT NULL,
    rated_by uuid NOT NULL,
    rated_at timestamptz NOT NULL,
    PRIMARY KEY (charge_id, sequence)
  );
  ${tenantTable('charge_rating')}
  CREATE TRIGGER unchangeable BEFORE UPDATE OR DELETE ON charge_rating
    FOR EACH ROW EXECUTE FUNCTION ledger_unchangeable();
  CREATE TRIGGER untruncatable BEFORE TRUNCATE ON charge_rating
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_unchangeable();
  ${appendOnlyTable('charge_rating')}
`;
