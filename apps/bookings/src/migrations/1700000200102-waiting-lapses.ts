import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who waited until the session began waits no more. */
export class WaitingLapses1700000200102 implements MigrationInterface {
  name = 'WaitingLapses1700000200102';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(checks(`'waiting', 'offered', 'accepted', 'declined', 'expired', 'left', 'lapsed'`));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`UPDATE waiting_entry SET status = 'left' WHERE status = 'lapsed'`);
    await runner.query(checks(`'waiting', 'offered', 'accepted', 'declined', 'expired', 'left'`));
  }
}

function checks(statuses: string): string {
  return `
    ALTER TABLE waiting_entry
      DROP CONSTRAINT waiting_entry_status_check,
      DROP CONSTRAINT waiting_entry_check,
      ADD CONSTRAINT waiting_entry_status_check CHECK (status IN (${statuses})),
      ADD CONSTRAINT waiting_entry_check CHECK ((booking_id IS NULL) = (status IN ('waiting', 'left', 'lapsed')))`;
}
