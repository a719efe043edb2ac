import { policiesCompareIds } from '@doorstep/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Row-level security compares ids as ids, on tables too that were made when it compared them as text. */
export class PoliciesById1790000000030 implements MigrationInterface {
  name = 'PoliciesById1790000000030';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(policiesCompareIds());
  }

  /** Both forms let the same rows through. */
  async down(): Promise<void> {}
}
