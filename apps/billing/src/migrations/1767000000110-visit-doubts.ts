import { tenantTable } from '@doorstep/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Delivered visits that a later one contradicts: nothing of them is claimed until somebody has decided. */
export class VisitDoubts1767000000110 implements MigrationInterface {
  name = 'VisitDoubts1767000000110';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE visit_doubt (
        booking_id uuid PRIMARY KEY,
        operator_id uuid NOT NULL,
        -- The visit on review that contradicts it; the latest of them.
        contradicted_by uuid NOT NULL,
        signals text[] NOT NULL,
        raised_at timestamptz NOT NULL,
        ended_at timestamptz,
        outcome text CHECK (outcome IN ('cleared', 'refused')),
        CHECK ((ended_at IS NULL) = (outcome IS NULL))
      );
      CREATE INDEX visit_doubt_operator ON visit_doubt (operator_id, booking_id) WHERE ended_at IS NULL;
      ${tenantTable('visit_doubt')}
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE visit_doubt`);
  }
}
