import { BOOKINGS_RESIDENT } from '@doorstep/contracts';
import { readModelOf } from '@doorstep/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Pseudonyms that lead on to another, because both are one person: people are counted once. */
export class ResidentMerges1763900000050 implements MigrationInterface {
  name = 'ResidentMerges1763900000050';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- all tenants: pairs of pseudonyms for counting, shown to nobody; authorities count people of every operator.
      CREATE TABLE resident_merge (
        merged_id uuid PRIMARY KEY,
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
