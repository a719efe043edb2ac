import { tenantTable } from '@doorstep/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Links to calendar feeds: who has the link reads the feed, so only its hash is kept, and it can be revoked. */
export class CalendarFeeds1700000200009 implements MigrationInterface {
  name = 'CalendarFeeds1700000200009';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE calendar_feed (
        id uuid PRIMARY KEY,
        operator_id uuid NOT NULL,
        subject text NOT NULL CHECK (subject IN ('resident', 'site', 'caregiver')),
        subject_id uuid NOT NULL,
        token_hash text NOT NULL UNIQUE,
        created_by uuid NOT NULL,
        created_at timestamptz NOT NULL,
        revoked_at timestamptz
      );
      CREATE INDEX calendar_feed_operator ON calendar_feed (operator_id, id);
      ${tenantTable('calendar_feed')}
      CREATE INDEX booking_caregiver ON booking (caregiver_id, starts_at) WHERE caregiver_id IS NOT NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX booking_caregiver; DROP TABLE calendar_feed`);
  }
}
