import { OPERATORS_CONTRACT } from '@doorstep/contracts';
import { readModelOf, tenantTable } from '@doorstep/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What operating contracts say of prices at sites, learnt by events. */
export class PriceCeilings1763900000106 implements MigrationInterface {
  name = 'PriceCeilings1763900000106';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE known_contract (
        contract_id uuid PRIMARY KEY,
        operator_id uuid NOT NULL,
        -- [{kind, mode, regionCode, priceCeilingFen}]
        services jsonb NOT NULL,
        -- [{from, to, services}]; null: the services hold throughout.
        revisions jsonb,
        version int NOT NULL
      );
      CREATE TABLE known_contract_site (
        contract_site_id uuid PRIMARY KEY,
        operator_id uuid NOT NULL,
        contract_id uuid NOT NULL,
        site_id uuid NOT NULL,
        from_day date NOT NULL,
        to_day date NOT NULL,
        kinds jsonb NOT NULL,
        in_force boolean NOT NULL,
        version int NOT NULL
      );
      CREATE INDEX known_contract_site_site ON known_contract_site (site_id);
      CREATE INDEX known_contract_site_contract ON known_contract_site (contract_id);
      ${tenantTable('known_contract')}
      ${tenantTable('known_contract_site')}
      ${readModelOf('known_contract', OPERATORS_CONTRACT)}
      ${readModelOf('known_contract_site', OPERATORS_CONTRACT)}
      -- Ceilings are public: whoever may see a site may see what it may charge.
      CREATE POLICY reader ON known_contract_site FOR SELECT
        USING (EXISTS (SELECT FROM site WHERE site.id = known_contract_site.site_id));
      CREATE POLICY reader ON known_contract FOR SELECT
        USING (EXISTS (SELECT FROM known_contract_site p WHERE p.contract_id = known_contract.contract_id));
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DELETE FROM read_model WHERE table_name IN ('known_contract', 'known_contract_site');
      DROP POLICY reader ON known_contract;
      DROP TABLE known_contract_site, known_contract;
    `);
  }
}
