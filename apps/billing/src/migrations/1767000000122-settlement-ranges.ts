import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Blocks of allocations are summed up when the table is vacuumed, as it is after many were added; until then they are read.
 * Asked for block by block while a million came, Postgres declined and logged it hundreds of times.
 */
export class SettlementRanges1767000000122 implements MigrationInterface {
  name = 'SettlementRanges1767000000122';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER INDEX settlement_allocation_reconciliation SET (autosummarize = off)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER INDEX settlement_allocation_reconciliation SET (autosummarize = on)`);
  }
}
