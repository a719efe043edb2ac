import { BOOKINGS_PLACEMENT } from '@doorstep/contracts';
import { readModelOf, tenantTable } from '@doorstep/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which child was in care on which day: people are counted once, whether they were booked or had a place. */
export class CareAttendance1763900000120 implements MigrationInterface {
  name = 'CareAttendance1763900000120';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- What was recorded last of a day. The pseudonym alone, as in known_booking.
      CREATE TABLE known_attendance (
        placement_id uuid NOT NULL,
        day date NOT NULL,
        operator_id uuid NOT NULL,
        site_id uuid NOT NULL,
        region_code text NOT NULL,
        resident_id uuid NOT NULL,
        came boolean NOT NULL,
        version bigint NOT NULL,
        PRIMARY KEY (placement_id, day)
      );
      CREATE INDEX known_attendance_came ON known_attendance (day, region_code) INCLUDE (site_id, resident_id)
        WHERE came;
      ${tenantTable('known_attendance', { regionColumn: 'region_code' })}
      ${readModelOf('known_attendance', BOOKINGS_PLACEMENT)}
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `DELETE FROM read_model WHERE table_name = 'known_attendance'; DROP TABLE known_attendance`,
    );
  }
}
