import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Children with a place count in the figures, as those who are booked do. */
export class PlacedCapacity1763900000100 implements MigrationInterface {
  name = 'PlacedCapacity1763900000100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE known_capacity
        ADD COLUMN placed int NOT NULL DEFAULT 0,
        ADD COLUMN came int NOT NULL DEFAULT 0,
        ADD COLUMN missing int NOT NULL DEFAULT 0`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE known_capacity DROP COLUMN placed, DROP COLUMN came, DROP COLUMN missing`,
    );
  }
}
