import { OPERATORS_ORGANISATION } from '@doorstep/contracts';
import { readModelOf } from '@doorstep/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Names of operators come from snapshots alone, too. */
export class ReadModels1790000000011 implements MigrationInterface {
  name = 'ReadModels1790000000011';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(readModelOf('operator_name', OPERATORS_ORGANISATION, 'operator_id'));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DELETE FROM read_model WHERE table_name = 'operator_name'`);
  }
}
