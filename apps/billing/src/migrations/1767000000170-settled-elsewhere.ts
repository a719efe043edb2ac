import type { MigrationInterface, QueryRunner } from 'typeorm';
import { keptFunction } from './1767000000160-contract-settlements';

/** The first settlement of a contract may take off what was settled elsewhere before. */
export class SettledElsewhere1767000000170 implements MigrationInterface {
  name = 'SettledElsewhere1767000000170';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE contract_settlement_line
        -- Of earlier_fen of the first settlement: as it was said.
        ADD COLUMN elsewhere_fen bigint NOT NULL DEFAULT 0,
        ADD CONSTRAINT contract_settlement_line_elsewhere CHECK (elsewhere_fen IN (0, earlier_fen));
      ${replaced(keptFunction('l.earlier_fen - l.elsewhere_fen', 'o.amount_fen + o.elsewhere_fen'))}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ${replaced(keptFunction('l.earlier_fen', 'o.amount_fen'))}
      ALTER TABLE contract_settlement_line DROP COLUMN elsewhere_fen`);
  }
}

const replaced = (sql: string): string => sql.replace('CREATE FUNCTION', 'CREATE OR REPLACE FUNCTION');
