import { tenantTable } from '@doorstep/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Days of care that are counted again because their attendance was corrected, however old they are. */
export class CapacityDue1700000200120 implements MigrationInterface {
  name = 'CapacityDue1700000200120';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Only ever added to and taken from, so nobody waits for anybody.
      CREATE TABLE capacity_due (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        operator_id uuid NOT NULL,
        offering_id uuid NOT NULL,
        day date NOT NULL
      );
      CREATE INDEX capacity_due_offering ON capacity_due (offering_id, id);
      -- What was recorded and corrected while nobody counted it.
      INSERT INTO capacity_due (operator_id, offering_id, day)
        SELECT DISTINCT a.operator_id, g.offering_id, a.day FROM attendance a JOIN care_group g ON g.id = a.group_id;
      ${tenantTable('capacity_due')}
      -- Who waited for a place on a day that is counted again.
      CREATE INDEX care_application_offering ON care_application (offering_id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX care_application_offering; DROP TABLE capacity_due`);
  }
}
