import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A booking may replace another, which is kept until the new one is confirmed. Both may be at overlapping times, so what
 * they occupy becomes sets of spans: the new booking occupies its own time less the old one's until it takes over.
 */
export class Reschedule1700000200004 implements MigrationInterface {
  name = 'Reschedule1700000200004';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE booking
        DROP CONSTRAINT booking_resident_once,
        DROP CONSTRAINT booking_space_once,
        DROP CONSTRAINT booking_caregiver_once;
      ALTER TABLE booking
        ALTER COLUMN busy TYPE tstzmultirange USING tstzmultirange(busy),
        ALTER COLUMN occupies TYPE tstzmultirange USING tstzmultirange(occupies),
        ADD COLUMN replaces uuid REFERENCES booking;
      ALTER TABLE booking
        ADD CONSTRAINT booking_resident_once
          EXCLUDE USING gist (resident_id WITH =, busy WITH &&) WHERE (busy IS NOT NULL),
        ADD CONSTRAINT booking_space_once
          EXCLUDE USING gist (space_id WITH =, occupies WITH &&) WHERE (space_id IS NOT NULL AND occupies IS NOT NULL),
        ADD CONSTRAINT booking_caregiver_once
          EXCLUDE USING gist (caregiver_id WITH =, occupies WITH &&)
          WHERE (caregiver_id IS NOT NULL AND occupies IS NOT NULL);
      CREATE INDEX booking_replaces ON booking (replaces) WHERE replaces IS NOT NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE booking
        DROP CONSTRAINT booking_resident_once,
        DROP CONSTRAINT booking_space_once,
        DROP CONSTRAINT booking_caregiver_once;
      ALTER TABLE booking
        DROP COLUMN replaces,
        ALTER COLUMN busy TYPE tstzrange USING nullif(range_merge(busy), 'empty'),
        ALTER COLUMN occupies TYPE tstzrange USING nullif(range_merge(occupies), 'empty');
      ALTER TABLE booking
        ADD CONSTRAINT booking_resident_once
          EXCLUDE USING gist (resident_id WITH =, busy WITH &&) WHERE (busy IS NOT NULL),
        ADD CONSTRAINT booking_space_once
          EXCLUDE USING gist (space_id WITH =, occupies WITH &&) WHERE (space_id IS NOT NULL AND occupies IS NOT NULL),
        ADD CONSTRAINT booking_caregiver_once
          EXCLUDE USING gist (caregiver_id WITH =, occupies WITH &&)
          WHERE (caregiver_id IS NOT NULL AND occupies IS NOT NULL);
    `);
  }
}
