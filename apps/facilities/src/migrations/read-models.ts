import { OPERATORS_CONTRACT } from '@doorstep/contracts';
import { readModelOf } from '@doorstep/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What snapshots alone fill, and a rebuild refreshes where it stands. */
export class ReadModels1763900000120 implements MigrationInterface {
  name = 'ReadModels1763900000120';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ${readModelOf('known_contract', OPERATORS_CONTRACT, 'contract_id')}
      ${readModelOf('known_contract_site', OPERATORS_CONTRACT, 'contract_site_id')}
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `DELETE FROM read_model WHERE table_name IN ('known_contract', 'known_contract_site')`,
    );
  }
}
