import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A million allocations are written by one statement, each into every index of their table. Payments' need none on refunds
 * and the other way round; and those of one reconciliation stand side by side, so that the blocks are all that an index has
 * to know of them.
 */
export class SettlementPlans1767000000120 implements MigrationInterface {
  name = 'SettlementPlans1767000000120';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE settlement_allocation DROP CONSTRAINT settlement_allocation_payment_id_key,
        DROP CONSTRAINT settlement_allocation_refund_id_key;
      CREATE UNIQUE INDEX settlement_allocation_payment ON settlement_allocation (payment_id) WHERE payment_id IS NOT NULL;
      CREATE UNIQUE INDEX settlement_allocation_refund ON settlement_allocation (refund_id) WHERE refund_id IS NOT NULL;
      DROP INDEX settlement_allocation_reconciliation;
      CREATE INDEX settlement_allocation_reconciliation ON settlement_allocation USING brin (reconciliation_id)
        WITH (pages_per_range = 16, autosummarize = on);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX settlement_allocation_payment, settlement_allocation_refund, settlement_allocation_reconciliation;
      ALTER TABLE settlement_allocation ADD UNIQUE (payment_id), ADD UNIQUE (refund_id);
      CREATE INDEX settlement_allocation_reconciliation ON settlement_allocation (reconciliation_id);
    `);
  }
}
