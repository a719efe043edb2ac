import { Injectable } from '@nestjs/common';
import { Clock, Database, Periodic } from '@doorstep/platform';
import { MOVE_BOOKINGS_ALONG } from './reference.queries';

export const HANDOVER_SWEEPER = 'handover-sweeper';

/**
 * A booking that was being made while its site passed to another contract may have read the former one a moment before the
 * news was written here. Once a minute such bookings are moved along, too.
 */
@Injectable()
export class HandoversSweeper {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  @Periodic({ name: HANDOVER_SWEEPER, everyMs: 60_000 })
  async sweep(): Promise<void> {
    await this.db.write(async (tx) => {
      const standings = await tx.sql<{ id: string }>(
        `SELECT id FROM contract_site WHERE continues IS NOT NULL AND upper(period) > $1::timestamptz::date ORDER BY id`,
        [this.clock.now()],
      );
      if (standings.length > 0) await tx.sql(MOVE_BOOKINGS_ALONG, [standings.map(({ id }) => id)]);
    });
  }
}
