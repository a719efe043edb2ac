import { Injectable } from '@nestjs/common';
import { Clock, Database, Periodic, type Tx } from '@doorstep/platform';
import { localDay } from '../sessions/calendar';
import { LEGAL_ZONE } from '../standards/standards.service';
import { placementEnded, placementEnding } from './placement.events';
import { type PlacementRow, TO_END, TO_WARN } from './placements.queries';

const PLACEMENTS_PER_ROUND = 200;

/** Tells in time that a child will be too old, and when a place has ended; that nobody stays longer is the days' doing. */
@Injectable()
export class Ageing {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  @Periodic({ everyMs: 10_000, name: 'warn-and-end-placements' })
  async round(): Promise<void> {
    while ((await this.db.write((tx) => this.warn(tx))) === PLACEMENTS_PER_ROUND);
    while ((await this.db.write((tx) => this.end(tx))) === PLACEMENTS_PER_ROUND);
  }

  private async warn(tx: Tx): Promise<number> {
    const now = this.clock.now();
    const rows = await tx.sql<PlacementRow>(TO_WARN, [localDay(now, LEGAL_ZONE), PLACEMENTS_PER_ROUND, now]);
    for (const row of rows) tx.tell(placementEnding(row, now));
    return rows.length;
  }

  private async end(tx: Tx): Promise<number> {
    const now = this.clock.now();
    const rows = await tx.sql<PlacementRow>(TO_END, [localDay(now, LEGAL_ZONE), PLACEMENTS_PER_ROUND]);
    for (const row of rows) tx.tell(placementEnded(row, now));
    return rows.length;
  }
}
