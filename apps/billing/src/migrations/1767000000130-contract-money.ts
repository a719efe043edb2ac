import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the parties of a contract owe each other, as its snapshots tell it; the rows that are there are told again. */
export class ContractMoney1767000000130 implements MigrationInterface {
  name = 'ContractMoney1767000000130';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE known_contract
        -- [{revision, from, to, services, money?}]; null: not told.
        ADD COLUMN revisions jsonb,
        -- Whether it is or was in force; null: not told.
        ADD COLUMN begun boolean`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE known_contract DROP COLUMN revisions, DROP COLUMN begun');
  }
}
