import { Injectable } from '@nestjs/common';
import { Clock, Database, Periodic } from '@doorstep/platform';
import { MOVE_BOOKINGS_ALONG } from './reference.queries';

export const HANDOVER_SWEEPER = 'handover-sweeper';
/** Nobody makes a booking of a day that is long over. */
const DAYS_BACK = 2;
const DAY_MS = 86_400_000;

/**
 * A booking that was being made while its site passed to another contract may have read the former one a moment before the
 * news was written here, and standings that are told at once don't see each other. Once a minute what was missed is moved
 * along, too.
 */
@Injectable()
export class HandoversSweeper {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  @Periodic({ name: HANDOVER_SWEEPER, everyMs: 60_000 })
  async sweep(): Promise<void> {
    const now = this.clock.now();
    await this.db.write(async (tx) => {
      const standings = await tx.sql<{ id: string }>(
        `SELECT id FROM contract_site WHERE continues IS NOT NULL AND upper(period) > $1::timestamptz::date ORDER BY id`,
        [now],
      );
      if (standings.length === 0) return;
      const lately = new Date(now.getTime() - DAYS_BACK * DAY_MS);
      await tx.sql(MOVE_BOOKINGS_ALONG, [standings.map(({ id }) => id), lately]);
    });
  }
}
