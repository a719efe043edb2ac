import { tenantTable } from '@doorstep/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What was last told of each day of an offering: a day that is over keeps it, also when its unused sessions are gone. */
export class Capacity1700000200040 implements MigrationInterface {
  name = 'Capacity1700000200040';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE capacity_day (
        offering_id uuid NOT NULL,
        -- Site-local.
        day date NOT NULL,
        operator_id uuid NOT NULL,
        site_id uuid NOT NULL,
        kind text NOT NULL,
        region_code text NOT NULL,
        sessions int NOT NULL CHECK (sessions >= 0),
        capacity int NOT NULL CHECK (capacity >= 0),
        waiting int NOT NULL CHECK (waiting >= 0),
        -- Grows with each change; a month's is the sum of its days'.
        version int NOT NULL CHECK (version >= 1),
        PRIMARY KEY (offering_id, day)
      );
      ${tenantTable('capacity_day', { regionColumn: 'region_code' })}
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE capacity_day`);
  }
}
