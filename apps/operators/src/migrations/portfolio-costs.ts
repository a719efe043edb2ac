import { tenantTable } from '@doorstep/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What each place bears of the costs, whoever pays. The tenant's alone: no authority reads it by its region. */
export class PortfolioCosts1763900000060 implements MigrationInterface {
  name = 'PortfolioCosts1763900000060';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE portfolio_cost (
        operator_id uuid NOT NULL,
        site_id uuid NOT NULL,
        month date NOT NULL,
        contract_id uuid,
        region_code text NOT NULL,
        kind text NOT NULL,
        base_labour_fen bigint NOT NULL,
        service_labour_fen bigint NOT NULL,
        materials_fen bigint NOT NULL,
        premises_fen bigint NOT NULL,
        CONSTRAINT portfolio_cost_once UNIQUE NULLS NOT DISTINCT (site_id, month, contract_id, region_code, kind)
      );
      CREATE INDEX portfolio_cost_operator ON portfolio_cost (operator_id, month);
      ${tenantTable('portfolio_cost')}

      -- Months with costs are made again.
      INSERT INTO portfolio_due (operator_id, site_id, day) SELECT DISTINCT operator_id, site_id, month FROM site_cost;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE portfolio_cost`);
  }
}
