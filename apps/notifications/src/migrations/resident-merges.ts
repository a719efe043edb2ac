import { BOOKINGS_RESIDENT } from '@doorstep/contracts';
import { readModelOf } from '@doorstep/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Ids of residents that lead on to another, because both are one person: who is written to is who is there now. */
export class ResidentMerges1790000000020 implements MigrationInterface {
  name = 'ResidentMerges1790000000020';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Never more than one step: a survivor that is merged takes along who was merged into it.
      CREATE TABLE resident_merge (
        merged_id uuid PRIMARY KEY,
        operator_id uuid NOT NULL,
        survivor_id uuid NOT NULL CHECK (survivor_id <> merged_id),
        version bigint NOT NULL
      );
      CREATE INDEX resident_merge_survivor ON resident_merge (survivor_id);
      ${readModelOf('resident_merge', BOOKINGS_RESIDENT, 'merged_id')}
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `DELETE FROM read_model WHERE table_name = 'resident_merge'; DROP TABLE resident_merge;`,
    );
  }
}
