import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whose a hold, a turn in a waiting list or a series is: the API client that asked for it; null: the operator's own people. */
export class HoldOwners1700000200063 implements MigrationInterface {
  name = 'HoldOwners1700000200063';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE hold ADD COLUMN owner_id uuid;
      ALTER TABLE waiting_entry ADD COLUMN owner_id uuid;
      ALTER TABLE series ADD COLUMN owner_id uuid;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE hold DROP COLUMN owner_id;
      ALTER TABLE waiting_entry DROP COLUMN owner_id;
      ALTER TABLE series DROP COLUMN owner_id;
    `);
  }
}
