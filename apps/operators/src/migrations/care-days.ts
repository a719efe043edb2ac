import { BOOKINGS_PLACEMENT } from '@doorstep/contracts';
import { readModelOf, tenantTable } from '@doorstep/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Hours of the groups that children have a place in, and what was said of single days. */
export class CareDays1763900000130 implements MigrationInterface {
  name = 'CareDays1763900000130';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE known_placement
        -- Wall clock, HH:MM; the morning ends and the afternoon begins at noon_at. Null: told before they were told.
        ADD COLUMN opens_at text,
        ADD COLUMN noon_at text,
        ADD COLUMN closes_at text,
        ADD CONSTRAINT known_placement_hours CHECK (num_nonnulls(opens_at, noon_at, closes_at) IN (0, 3));

      CREATE TABLE known_care_day (
        placement_id uuid NOT NULL,
        day date NOT NULL,
        operator_id uuid NOT NULL,
        region_code text NOT NULL,
        comes boolean NOT NULL,
        -- Wall clock, HH:MM; null: as the weekday is planned.
        from_at text,
        to_at text,
        version bigint NOT NULL,
        PRIMARY KEY (placement_id, day),
        CHECK (num_nonnulls(from_at, to_at) IN (0, 2))
      );
      ${tenantTable('known_care_day', { regionColumn: 'region_code' })}
      ${readModelOf('known_care_day', BOOKINGS_PLACEMENT)}
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DELETE FROM read_model WHERE table_name = 'known_care_day';
      DROP TABLE known_care_day;
      ALTER TABLE known_placement DROP COLUMN opens_at, DROP COLUMN noon_at, DROP COLUMN closes_at;
    `);
  }
}
