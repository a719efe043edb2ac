import { tenantTable } from '@doorstep/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Waiting lists. A place that is offered is a booking in state `offered`: it takes capacity like any other, so nobody
 * else can have it while the offer stands.
 */
export class Waiting1700000200005 implements MigrationInterface {
  name = 'Waiting1700000200005';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE booking DROP CONSTRAINT booking_status_check;
      ALTER TABLE booking ADD CONSTRAINT booking_status_check
        CHECK (status IN ('offered', 'held', 'confirmed', 'checked_in', 'delivered', 'declined', 'expired', 'cancelled',
                          'no_show'));

      CREATE TABLE waiting_entry (
        id uuid PRIMARY KEY,
        operator_id uuid NOT NULL,
        site_id uuid NOT NULL,
        offering_id uuid NOT NULL,
        session_id uuid NOT NULL REFERENCES session,
        resident_id uuid NOT NULL REFERENCES resident,
        party_size int NOT NULL CHECK (party_size > 0),
        -- Higher goes first; among equals who came first.
        priority int NOT NULL CHECK (priority BETWEEN 0 AND 9),
        status text NOT NULL CHECK (status IN ('waiting', 'offered', 'accepted', 'declined', 'expired', 'left')),
        -- The one offer that this entry ever gets.
        booking_id uuid UNIQUE REFERENCES booking,
        -- Order of joining; finer than any clock.
        place bigint GENERATED ALWAYS AS IDENTITY,
        joined_at timestamptz NOT NULL,
        ended_at timestamptz,
        CHECK ((booking_id IS NULL) = (status IN ('waiting', 'left'))),
        CHECK ((ended_at IS NULL) = (status IN ('waiting', 'offered')))
      );
      CREATE UNIQUE INDEX waiting_entry_once ON waiting_entry (session_id, resident_id)
        WHERE status IN ('waiting', 'offered');
      CREATE INDEX waiting_entry_queue ON waiting_entry (session_id, priority DESC, place)
        WHERE status = 'waiting';
      CREATE INDEX waiting_entry_site ON waiting_entry (site_id) WHERE status = 'waiting';
      CREATE INDEX waiting_entry_session ON waiting_entry (session_id, place);
      CREATE INDEX waiting_entry_resident ON waiting_entry (resident_id);
      ${tenantTable('waiting_entry')}
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE waiting_entry`);
  }
}
