import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantTable } from '@doorstep/platform';
import { partOfProgramme, programmeTable } from './policies';

/** Subsidy programmes: shared by all operators of a region, owned by their funder, hence without operator_id. */
export class Programmes1767000000003 implements MigrationInterface {
  name = 'Programmes1767000000003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(PROGRAMMES);
    await runner.query(BUDGETS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE cap_counter, programme_budget, programme_terms, programme`);
  }
}

const PROGRAMMES = `
  -- all tenants: a programme is its funder's, for the operators of a whole region
  CREATE TABLE programme (
    id uuid PRIMARY KEY,
    code text NOT NULL UNIQUE,
    name_zh text NOT NULL,
    name_en text,
    funder_id uuid NOT NULL,
    -- 'operator': the operator's own concession to its own residents.
    payer text NOT NULL CHECK (payer IN ('funder', 'operator')),
    region_prefix text NOT NULL CHECK (region_prefix ~ '^(\\d{2}|\\d{4}|\\d{6}|\\d{9}|\\d{12})$'),
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    version bigint NOT NULL DEFAULT 1
  );
  ${programmeTable()}
  CREATE INDEX programme_funder ON programme (funder_id);

  -- The rules of a programme while they hold. Never changed: new rules are new terms from a later day.
  -- all tenants: part of the programme
  CREATE TABLE programme_terms (
    id uuid PRIMARY KEY,
    programme_id uuid NOT NULL REFERENCES programme,
    from_day date NOT NULL,
    to_day date CHECK (to_day > from_day),
    kinds text[] NOT NULL CHECK (cardinality(kinds) > 0),
    modes text[] CHECK (cardinality(modes) > 0),
    eligibility jsonb NOT NULL,
    base text NOT NULL CHECK (base IN ('gross', 'remaining')),
    rate_bp int CHECK (rate_bp BETWEEN 0 AND 10000),
    fixed_fen bigint CHECK (fixed_fen >= 0),
    minimum_gross_fen bigint CHECK (minimum_gross_fen >= 0),
    -- {perUseFen?, perDayFen?, perDayUses?, perMonthFen?, perYearFen?}
    caps jsonb NOT NULL,
    position int NOT NULL,
    excludes text[] NOT NULL,
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT rate_or_fixed CHECK (num_nonnulls(rate_bp, fixed_fen) = 1),
    CONSTRAINT terms_one_at_a_time EXCLUDE USING gist (
      programme_id WITH =, daterange(from_day, to_day) WITH &&)
  );
  ${partOfProgramme('programme_terms')}
`;

const BUDGETS = `
  -- What a funder has for a programme in a year or a month and a region. Reserved and spent never exceed it.
  -- all tenants: part of the programme
  CREATE TABLE programme_budget (
    id uuid PRIMARY KEY,
    programme_id uuid NOT NULL REFERENCES programme,
    period text NOT NULL CHECK (period ~ '^\\d{4}(-(0[1-9]|1[0-2]))?$'),
    region_prefix text NOT NULL CHECK (region_prefix ~ '^(\\d{2}|\\d{4}|\\d{6}|\\d{9}|\\d{12})$'),
    amount_fen bigint NOT NULL CHECK (amount_fen >= 0),
    reserved_fen bigint NOT NULL DEFAULT 0 CHECK (reserved_fen >= 0),
    spent_fen bigint NOT NULL DEFAULT 0 CHECK (spent_fen >= 0),
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    CONSTRAINT budget_not_exceeded CHECK (reserved_fen + spent_fen <= amount_fen),
    UNIQUE (programme_id, period, region_prefix)
  ) WITH (fillfactor = 20);
  ${partOfProgramme('programme_budget')}

  -- What a resident has had from a programme in a day, month or year. The limit is kept beside it so that no writer,
  -- whatever it believes, can take more than the cap.
  CREATE TABLE cap_counter (
    operator_id uuid NOT NULL,
    programme_id uuid NOT NULL REFERENCES programme,
    resident_id uuid NOT NULL,
    span text NOT NULL CHECK (span IN ('day', 'month', 'year')),
    starts_on date NOT NULL,
    used_fen bigint NOT NULL DEFAULT 0 CHECK (used_fen >= 0),
    uses int NOT NULL DEFAULT 0 CHECK (uses >= 0),
    limit_fen bigint,
    limit_uses int,
    PRIMARY KEY (programme_id, resident_id, span, starts_on),
    CONSTRAINT cap_not_exceeded CHECK (used_fen <= limit_fen),
    CONSTRAINT cap_uses_not_exceeded CHECK (uses <= limit_uses)
  ) WITH (fillfactor = 70);
  ${tenantTable('cap_counter')}
`;
