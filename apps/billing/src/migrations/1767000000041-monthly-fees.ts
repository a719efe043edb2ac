import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantTable } from '@doorstep/platform';
import { undeletableTable } from './policies';

/** Fees by the month: prices by age class, what becomes of them when a child is away, and the months as they were closed. */
export class MonthlyFees1767000000041 implements MigrationInterface {
  name = 'MonthlyFees1767000000041';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(PRICES);
    await runner.query(RULES);
    await runner.query(MONTHS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE attendance_month, absence_rule;
      ALTER TABLE charge DROP COLUMN month;
      ALTER TABLE charge_rating DROP COLUMN month`);
  }
}

const PRICES = `
  ALTER TABLE price
    DROP CONSTRAINT price_unit_check,
    ADD CONSTRAINT price_unit_check CHECK (unit IN ('use', 'hour', 'half_day', 'day', 'month')),
    -- Null: every class that has no price of its own.
    ADD COLUMN age_class text CHECK (age_class IN ('infant', 'toddler', 'older', 'mixed')),
    DROP CONSTRAINT price_one_at_a_time,
    ADD CONSTRAINT price_one_at_a_time EXCLUDE USING gist (
      contract_id WITH =,
      (coalesce(site_id, '00000000-0000-0000-0000-000000000000'::uuid)) WITH =,
      kind WITH =,
      (coalesce(mode, '')) WITH =,
      (coalesce(age_class, '')) WITH =,
      daterange(from_day, to_day) WITH &&);
`;

const RULES = `
  -- What a monthly fee becomes when a child was away, while the period lasts; basis points.
  CREATE TABLE absence_rule (
    id uuid PRIMARY KEY,
    operator_id uuid NOT NULL,
    contract_id uuid NOT NULL,
    kind text NOT NULL,
    from_day date NOT NULL,
    to_day date CHECK (to_day > from_day),
    sick_month_bp int NOT NULL CHECK (sick_month_bp BETWEEN 0 AND 10000),
    sick_days_min int CHECK (sick_days_min BETWEEN 1 AND 31),
    sick_days_bp int NOT NULL CHECK (sick_days_bp BETWEEN 0 AND 10000),
    absent_month_bp int NOT NULL CHECK (absent_month_bp BETWEEN 0 AND 10000),
    closed_day_back_bp int NOT NULL CHECK (closed_day_back_bp BETWEEN 0 AND 10000),
    force_majeure_day_back_bp int NOT NULL CHECK (force_majeure_day_back_bp BETWEEN 0 AND 10000),
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT absence_rule_one_at_a_time EXCLUDE USING gist (
      contract_id WITH =, kind WITH =, daterange(from_day, to_day) WITH &&)
  );
  ${tenantTable('absence_rule')}
  ${undeletableTable('absence_rule')}
  CREATE INDEX absence_rule_list ON absence_rule (operator_id, id);
`;

const MONTHS = `
  -- For a charge by the month: {facts, rule}, what the fee was reckoned by.
  ALTER TABLE charge ADD COLUMN month jsonb;
  ALTER TABLE charge_rating ADD COLUMN month jsonb;

  -- A child's month of one place, as its sheet stands; the newest revision.
  CREATE TABLE attendance_month (
    -- Made of place and month; the charge has it where others have their booking.
    id uuid PRIMARY KEY,
    operator_id uuid NOT NULL,
    placement_id uuid NOT NULL,
    month date NOT NULL CHECK (extract(day FROM month) = 1),
    contract_id uuid NOT NULL,
    site_id uuid NOT NULL,
    offering_id uuid NOT NULL,
    resident_id uuid NOT NULL,
    kind text NOT NULL,
    mode text NOT NULL,
    age_class text NOT NULL,
    region_code text NOT NULL,
    -- First day of the place in the month.
    service_day date NOT NULL,
    facts jsonb NOT NULL,
    minutes int NOT NULL CHECK (minutes >= 0),
    revision int NOT NULL CHECK (revision > 0),
    event_id uuid NOT NULL,
    told_at timestamptz NOT NULL,
    -- waiting: not charged, or not corrected, by this revision yet; says why.
    status text NOT NULL CHECK (status IN ('waiting', 'charged')),
    code text,
    reason text,
    looked_at timestamptz,
    UNIQUE (placement_id, month)
  );
  ${tenantTable('attendance_month')}
  ${undeletableTable('attendance_month')}
  CREATE INDEX attendance_month_list ON attendance_month (operator_id, id);
  CREATE INDEX attendance_month_waiting ON attendance_month (id) WHERE status = 'waiting';
`;
