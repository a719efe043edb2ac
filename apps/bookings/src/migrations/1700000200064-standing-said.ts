import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Up to which day something was said of each day of a standing order, so that the days behind it aren't gone through again. */
export class StandingSaid1700000200064 implements MigrationInterface {
  name = 'StandingSaid1700000200064';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- First day that nothing may be said of yet; null: look at all of them.
      ALTER TABLE standing_order ADD COLUMN said_until date;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE standing_order DROP COLUMN said_until`);
  }
}
