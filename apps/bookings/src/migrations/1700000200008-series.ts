import { tenantTable } from '@doorstep/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Bookings that recur: the rule as it was given, and every occurrence by its original start. */
export class Series1700000200008 implements MigrationInterface {
  name = 'Series1700000200008';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE series (
        id uuid PRIMARY KEY,
        operator_id uuid NOT NULL,
        site_id uuid NOT NULL,
        offering_id uuid NOT NULL,
        resident_id uuid NOT NULL REFERENCES resident,
        party_size int NOT NULL CHECK (party_size > 0),
        time_zone text NOT NULL,
        -- Local wall-clock times, YYYY-MM-DDTHH:MM; the rule is RFC 5545's.
        first_start text NOT NULL,
        rule text NOT NULL,
        except_starts text[] NOT NULL,
        besides_starts text[] NOT NULL,
        version bigint NOT NULL,
        created_at timestamptz NOT NULL
      );
      CREATE INDEX series_operator ON series (operator_id, id);
      CREATE INDEX series_resident ON series (resident_id, id);
      ${tenantTable('series')}

      CREATE TABLE occurrence (
        series_id uuid NOT NULL REFERENCES series,
        -- As the rule made it: the key of an occurrence, whenever it takes place in the end.
        original_start timestamptz NOT NULL,
        operator_id uuid NOT NULL,
        offering_id uuid NOT NULL,
        starts_at timestamptz NOT NULL,
        -- planned: its session isn't there yet, because it lies beyond the horizon.
        status text NOT NULL CHECK (status IN ('planned', 'booked', 'skipped', 'cancelled')),
        booking_id uuid REFERENCES booking,
        reasons text[] NOT NULL DEFAULT '{}',
        PRIMARY KEY (series_id, original_start),
        CHECK ((booking_id IS NOT NULL) = (status = 'booked')),
        CHECK ((status = 'skipped') = (cardinality(reasons) > 0))
      );
      CREATE INDEX occurrence_planned ON occurrence (offering_id, starts_at) WHERE status = 'planned';
      CREATE INDEX occurrence_booking ON occurrence (booking_id) WHERE booking_id IS NOT NULL;
      ${tenantTable('occurrence')}
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE occurrence, series`);
  }
}
