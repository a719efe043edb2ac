import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A remittance may be what was paid back to a funder, or nothing: lines that make up for each other. */
export class PaidBackToFunders1767000000170 implements MigrationInterface {
  name = 'PaidBackToFunders1767000000170';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE remittance DROP CONSTRAINT remittance_amount_fen_check, DROP CONSTRAINT remittance_not_overspent,
        ADD CONSTRAINT remittance_not_overspent CHECK (
          allocated_fen BETWEEN least(0, amount_fen) AND greatest(0, amount_fen))`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE remittance DROP CONSTRAINT remittance_not_overspent,
        ADD CONSTRAINT remittance_amount_fen_check CHECK (amount_fen > 0),
        ADD CONSTRAINT remittance_not_overspent CHECK (allocated_fen BETWEEN 0 AND amount_fen)`);
  }
}
