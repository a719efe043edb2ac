import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A visit that was decided on is on review once more when another one contradicts it: who decided before is kept. */
export class ContradictedVisits1700000200101 implements MigrationInterface {
  name = 'ContradictedVisits1700000200101';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE visit ADD COLUMN former_decisions jsonb NOT NULL DEFAULT '[]'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE visit DROP COLUMN former_decisions`);
  }
}
