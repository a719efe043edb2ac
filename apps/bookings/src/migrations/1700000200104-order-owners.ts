import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whose a standing order is: the API client that placed it; null: one of the operator's people, or nobody knows any more. */
export class OrderOwners1700000200104 implements MigrationInterface {
  name = 'OrderOwners1700000200104';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE standing_order ADD COLUMN owner_id uuid`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE standing_order DROP COLUMN owner_id`);
  }
}
