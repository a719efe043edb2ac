import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Contracts say whether they were ever in force, and tell what their parties owe each other. */
export class ContractMoney1763900000130 implements MigrationInterface {
  name = 'ContractMoney1763900000130';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE contract
        -- It is or was in force: one that was called off before that never stood.
        ADD COLUMN begun boolean NOT NULL DEFAULT false;
      UPDATE contract SET
        -- Only what is in force ends on a day; of what has expired the log says whether it ever was.
        begun = status IN ('active', 'suspended') OR ends_on IS NOT NULL OR (status = 'expired' AND EXISTS (
          SELECT FROM audit_entry AS entry WHERE entry.entity_id = contract.id AND entry.action = 'contracts:activate')),
        -- No revision: the calendar tells them again, with what was not told before.
        told_revision = 0;
      CREATE INDEX contract_to_tell ON contract (id) WHERE told_revision = 0;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX contract_to_tell;
      UPDATE contract SET told_revision = 1 WHERE told_revision = 0;
      ALTER TABLE contract DROP COLUMN begun`);
  }
}
