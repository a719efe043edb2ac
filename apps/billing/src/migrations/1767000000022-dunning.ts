import type { MigrationInterface, QueryRunner } from 'typeorm';
import { appendOnlyTable, tenantTable } from '@doorstep/platform';
import { undeletableTable } from './policies';

export class Dunning1767000000022 implements MigrationInterface {
  name = 'Dunning1767000000022';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(DUNNING);
    await runner.query(FAPIAO);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE fapiao, dunning_reminder, dunning_plan`);
  }
}

const DUNNING = `
  -- In which steps unpaid invoices are reminded of, from a day on. An invoice goes by the plan of its due day.
  CREATE TABLE dunning_plan (
    id uuid PRIMARY KEY,
    operator_id uuid NOT NULL,
    -- Null: for every contract that has no plan of its own.
    contract_id uuid,
    from_day date NOT NULL,
    to_day date CHECK (to_day > from_day),
    -- [{afterDays, tone}], in the order of the steps.
    steps jsonb NOT NULL CHECK (jsonb_typeof(steps) = 'array' AND jsonb_array_length(steps) > 0),
    -- Smaller amounts are not reminded of.
    minimum_fen bigint NOT NULL CHECK (minimum_fen >= 0),
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT dunning_plan_one_at_a_time EXCLUDE USING gist (
      operator_id WITH =, (coalesce(contract_id, '00000000-0000-0000-0000-000000000000'::uuid)) WITH =,
      daterange(from_day, to_day) WITH &&)
  );
  ${tenantTable('dunning_plan')}
  ${undeletableTable('dunning_plan')}

  -- Each step of an invoice once.
  CREATE TABLE dunning_reminder (
    invoice_id uuid NOT NULL,
    step int NOT NULL CHECK (step > 0),
    operator_id uuid NOT NULL,
    plan_id uuid NOT NULL REFERENCES dunning_plan,
    tone text NOT NULL,
    open_fen bigint NOT NULL CHECK (open_fen > 0),
    reminded_on date NOT NULL,
    reminded_at timestamptz NOT NULL,
    PRIMARY KEY (invoice_id, step),
    FOREIGN KEY (invoice_id, operator_id) REFERENCES invoice (id, operator_id)
  );
  ${tenantTable('dunning_reminder')}
  ${appendOnlyTable('dunning_reminder')}
`;

const FAPIAO = `
  -- Data for the tax platform: blue for an invoice's self-paid part, red to take back some or all of a blue one.
  CREATE TABLE fapiao (
    id uuid PRIMARY KEY,
    operator_id uuid NOT NULL,
    invoice_id uuid NOT NULL,
    colour text NOT NULL CHECK (colour IN ('blue', 'red')),
    -- Of a red one: the blue one that it takes back.
    reverses_id uuid REFERENCES fapiao,
    status text NOT NULL CHECK (status IN ('requested', 'handed_over', 'issued', 'rejected', 'reversed')),
    amount_fen bigint NOT NULL CHECK (amount_fen > 0),
    -- Of a blue one: taken back by red ones, requested or issued.
    reversed_fen bigint NOT NULL DEFAULT 0,
    -- An organisation's title, or 个人 for a person: no personal data.
    buyer_title text NOT NULL,
    buyer_tax_no text,
    content text NOT NULL,
    fapiao_number text,
    issued_on date,
    reason text,
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    FOREIGN KEY (invoice_id, operator_id) REFERENCES invoice (id, operator_id),
    CONSTRAINT fapiao_red_reverses CHECK ((colour = 'red') = (reverses_id IS NOT NULL)),
    CONSTRAINT fapiao_reversed_within CHECK (reversed_fen BETWEEN 0 AND amount_fen),
    CONSTRAINT fapiao_issued_numbered CHECK (status NOT IN ('issued', 'reversed') OR
      (fapiao_number IS NOT NULL AND issued_on IS NOT NULL)),
    CONSTRAINT fapiao_number_once UNIQUE (operator_id, fapiao_number)
  );
  ${tenantTable('fapiao')}
  ${undeletableTable('fapiao')}
  -- One blue one at a time for an invoice.
  CREATE UNIQUE INDEX fapiao_one_blue ON fapiao (invoice_id)
    WHERE colour = 'blue' AND status IN ('requested', 'handed_over', 'issued');
  CREATE INDEX fapiao_list ON fapiao (operator_id, id);
  CREATE INDEX fapiao_to_hand_over ON fapiao (id) WHERE status = 'requested';
`;
