import { BOOKINGS_PLACEMENT } from '@doorstep/contracts';
import { readModelOf, tenantTable } from '@doorstep/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Children with a place in a group: staff are counted against them as against those who are booked. */
export class Placements1763900000090 implements MigrationInterface {
  name = 'Placements1763900000090';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE known_placement (
        placement_id uuid PRIMARY KEY,
        operator_id uuid NOT NULL,
        site_id uuid NOT NULL,
        offering_id uuid NOT NULL,
        region_code text NOT NULL,
        from_day date NOT NULL,
        -- First day that is out.
        to_day date NOT NULL,
        -- [{weekday, part}]; none: reserved day by day.
        pattern jsonb NOT NULL,
        version bigint NOT NULL
      );
      CREATE INDEX known_placement_offering ON known_placement (offering_id, to_day);
      ${tenantTable('known_placement', { regionColumn: 'region_code' })}
      ${readModelOf('known_placement', BOOKINGS_PLACEMENT)}
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `DELETE FROM read_model WHERE table_name = 'known_placement'; DROP TABLE known_placement`,
    );
  }
}
