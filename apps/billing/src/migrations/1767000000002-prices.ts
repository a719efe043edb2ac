import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantTable } from '@doorstep/platform';

export class Prices1767000000002 implements MigrationInterface {
  name = 'Prices1767000000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE price (
        id uuid PRIMARY KEY,
        operator_id uuid NOT NULL,
        contract_id uuid NOT NULL,
        site_id uuid,
        kind text NOT NULL,
        mode text,
        unit text NOT NULL CHECK (unit IN ('use', 'hour', 'half_day', 'day')),
        amount_fen bigint NOT NULL CHECK (amount_fen >= 0),
        step_minutes int NOT NULL DEFAULT 1 CHECK (step_minutes BETWEEN 1 AND 60),
        from_day date NOT NULL,
        to_day date CHECK (to_day > from_day),
        created_by uuid NOT NULL,
        created_at timestamptz NOT NULL,
        version bigint NOT NULL DEFAULT 1,
        -- At most one price holds for the same contract, site, kind and mode on a day, whatever its unit.
        CONSTRAINT price_one_at_a_time EXCLUDE USING gist (
          contract_id WITH =,
          (coalesce(site_id, '00000000-0000-0000-0000-000000000000'::uuid)) WITH =,
          kind WITH =,
          (coalesce(mode, '')) WITH =,
          daterange(from_day, to_day) WITH &&)
      );
      ${tenantTable('price')}
      -- Whoever signed the contract sees its prices.
      CREATE POLICY authority ON price FOR SELECT USING (EXISTS (
        SELECT FROM known_contract WHERE known_contract.id = price.contract_id
          AND known_contract.authority_id::text = (SELECT current_setting('app.organisation_id', true))));
      CREATE INDEX price_operator ON price (operator_id, id);
      CREATE INDEX price_lookup ON price (contract_id, kind);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE price`);
  }
}
