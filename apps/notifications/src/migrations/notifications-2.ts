import { tenantTable } from '@doorstep/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who writes to residents about money: operators by their names. */
export class Notifications1790000000002 implements MigrationInterface {
  name = 'Notifications1790000000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE operator_name (
        operator_id uuid PRIMARY KEY,
        version bigint NOT NULL,
        name text NOT NULL
      );
      ${tenantTable('operator_name')}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE operator_name');
  }
}
