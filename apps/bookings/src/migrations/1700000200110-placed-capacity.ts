import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What was last told of children with a place, beside what sessions can take. */
export class PlacedCapacity1700000200110 implements MigrationInterface {
  name = 'PlacedCapacity1700000200110';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE capacity_day
        ADD COLUMN placed int NOT NULL DEFAULT 0 CHECK (placed >= 0),
        ADD COLUMN came int NOT NULL DEFAULT 0 CHECK (came >= 0),
        ADD COLUMN missing int NOT NULL DEFAULT 0 CHECK (missing >= 0),
        ADD CONSTRAINT capacity_day_placed CHECK (came + missing <= placed)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE capacity_day DROP COLUMN placed, DROP COLUMN came, DROP COLUMN missing`);
  }
}
