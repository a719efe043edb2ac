import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The rent of contracts among what premises cost, apart from what is entered by hand; and how large sites are. */
export class RentCosts1763900000140 implements MigrationInterface {
  name = 'RentCosts1763900000140';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE known_site ADD COLUMN area_m2 float8;

      ALTER TABLE site_cost
        -- The contract whose rent it is a part of; null: entered by hand or from a file.
        ADD COLUMN contract_id uuid REFERENCES contract,
        DROP CONSTRAINT site_cost_pkey,
        ADD CONSTRAINT site_cost_once
          UNIQUE NULLS NOT DISTINCT (operator_id, site_id, month, kind, cost_class, contract_id),
        ADD CONSTRAINT site_cost_rent CHECK (contract_id IS NULL OR (cost_class = 'premises' AND kind = ''));
      CREATE INDEX site_cost_rents ON site_cost (operator_id, month) WHERE contract_id IS NOT NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DELETE FROM site_cost WHERE contract_id IS NOT NULL;
      ALTER TABLE site_cost
        DROP CONSTRAINT site_cost_once,
        DROP COLUMN contract_id,
        ADD PRIMARY KEY (operator_id, site_id, month, kind, cost_class);
      ALTER TABLE known_site DROP COLUMN area_m2;
    `);
  }
}
