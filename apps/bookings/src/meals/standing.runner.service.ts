import { Injectable } from '@nestjs/common';
import { event, OccurrenceSkipped } from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import { Clock, Database, EachAlone, Periodic, type Tx } from '@doorstep/platform';
import { Holds } from '../bookings/holds.service';
import { isRaced } from '../bookings/raced';
import { refusable } from '../series/series.service';
import {
  CLAIM_DAY,
  DUE_DAYS,
  type DueRow,
  NOTE_SAID,
  ORDER_FOR_UPDATE,
  SETTLE_DAY,
  type StandingRow,
} from './standing.queries';

/** Comes by every quarter of a minute, and at once when an order is placed or changed. */
export const BOOK_STANDING = 'standing-orders';
const DAYS_PER_LOOK = 200;
const LOOKS_MAX = 20;

/** Books standing orders as their days come up; each day in a transaction of its own, each once, and never in silence. */
@Injectable()
export class StandingRunner {
  private readonly alone = new EachAlone();

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly holds: Holds,
  ) {}

  @Periodic({ everyMs: 15_000, name: BOOK_STANDING })
  async bookDue(): Promise<void> {
    for (let look = 0; look < LOOKS_MAX; look++) {
      const due = await this.db.read((tx) => tx.sql<DueRow>(DUE_DAYS, [this.clock.now(), DAYS_PER_LOOK]));
      await this.alone.run(
        due,
        ({ id, day }) => `order ${id} on ${day}`,
        (row) => this.day(row),
        this.clock.now(),
      );
      if (due.length < DAYS_PER_LOOK) break;
    }
    await this.db.write((tx) => tx.sql(NOTE_SAID, [this.clock.now()]));
  }

  private async day(due: DueRow): Promise<void> {
    try {
      await this.db.write((tx) => this.settle(tx, due));
    } catch (error) {
      // Somebody was faster: the next look at it sees what they did.
      if (!isRaced(error)) throw error;
    }
  }

  private async settle(tx: Tx, { id, day, sessionId }: DueRow): Promise<void> {
    // Under lock, because a pause may have come since.
    const [order] = await tx.sql<StandingRow>(ORDER_FOR_UPDATE, [id]);
    if (!order || order.status !== 'active') return;
    const claimed = await tx.sql(CLAIM_DAY, [id, day, order.operatorId]);
    if (claimed.length === 0) return;
    const paused = order.pauseFrom !== null && order.pauseFrom <= day && day < (order.pauseTo ?? '');
    const { bookingId, reasons } = paused
      ? { bookingId: null, reasons: ['paused'] }
      : await this.book(tx, order, sessionId);
    await tx.sql(SETTLE_DAY, [id, day, bookingId === null ? 'skipped' : 'booked', bookingId, reasons]);
    if (bookingId === null && !paused) this.tell(tx, order, day, reasons);
  }

  private async book(
    tx: Tx,
    { offeringId, residentId, partySize, ownerId }: StandingRow,
    sessionId: string | null,
  ): Promise<{ bookingId: string | null; reasons: string[] }> {
    if (sessionId === null) return { bookingId: null, reasons: ['no_session'] };
    return refusable(async () => {
      const bookingId = newId(this.clock.now().getTime());
      const what = { offeringId, sessionId, residentId, partySize, noteSealed: null, replaces: null };
      await this.holds.hold(tx, { ...what, ownerId, bookingId });
      return { bookingId, reasons: [] as string[] };
    });
  }

  private tell(tx: Tx, order: StandingRow, day: string, reasons: string[]): void {
    const { id, operatorId, siteId, offeringId, residentId } = order;
    tx.tell(
      event(OccurrenceSkipped, {
        ...{ operatorId, seriesId: id, siteId, offeringId, residentId },
        originalStart: `${day}T00:00:00.000Z`,
        reasons,
        version: 1,
        at: this.clock.now().toISOString(),
      }),
    );
  }
}
