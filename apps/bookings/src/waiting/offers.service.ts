import { Injectable } from '@nestjs/common';
import { event, PlaceOffered, PlaceOfferEnded, WaitingLapsed } from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import { Clock, Database, EachAlone, Periodic, type Tx } from '@doorstep/platform';
import { freeUnits, reasonsAgainst } from '../availability/availability';
import { factsFor } from '../availability/slot.facts';
import { factOf } from '../bookings/booking.events';
import type { EndedRow } from '../bookings/bookings.queries';
import { Holds } from '../bookings/holds.service';
import { BookingsConfig } from '../config';
import { acceptBy, QUEUE_LENGTH_MAX, stopsQueue } from './waiting';
import {
  CLAIM,
  LAPSE,
  LOCK_SESSION,
  OFFERED,
  OFFERS_ENDED,
  QUEUE,
  SESSIONS_WAITED_FOR,
  SESSIONS_WITH_ROOM,
  type WaitingRow,
} from './waiting.queries';

const ENTRIES_PER_PAGE = 50;
/** Some may have joined at the same moment as the last who could. */
const PAGES_MAX = (2 * QUEUE_LENGTH_MAX) / ENTRIES_PER_PAGE;
const SESSIONS_PER_ROUND = 50;
const LAPSED_PER_ROUND = 500;

/**
 * Gives freed places to who waits, in the very transaction that frees them, so that nobody can come between: by priority,
 * then by who came first, passing over those for whom it isn't enough.
 */
@Injectable()
export class Offers {
  /** Sessions in which nobody fits stand in nobody's way: the next round goes on behind this one. */
  private lookedAt: string | null = null;
  private readonly alone = new EachAlone();

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly holds: Holds,
    private readonly config: BookingsConfig,
  ) {
    holds.onReleased((tx, ended) => this.afterRelease(tx, ended));
  }

  @Periodic({ everyMs: 5_000, name: 'offer-places' })
  async offerWhatIsLeft(): Promise<void> {
    const now = this.clock.now();
    const params = [now, SESSIONS_PER_ROUND, this.lookedAt];
    const sessions = await this.db.read((tx) => tx.sql<{ id: string }>(SESSIONS_WITH_ROOM, params));
    this.lookedAt = sessions.length === SESSIONS_PER_ROUND ? (sessions.at(-1)?.id ?? null) : null;
    await this.alone.run(
      sessions,
      ({ id }) => `session ${id}`,
      ({ id }) => this.db.write((tx) => this.offer(tx, id)),
      now,
    );
  }

  /** Nobody gets a place any more in what has begun. */
  @Periodic({ everyMs: 60_000, name: 'lapse-waiting' })
  async lapseOverdue(): Promise<void> {
    let lapsed: number;
    do lapsed = await this.db.write((tx) => this.lapse(tx));
    while (lapsed === LAPSED_PER_ROUND);
  }

  private async lapse(tx: Tx): Promise<number> {
    const now = this.clock.now();
    const rows = await tx.sql<WaitingRow>(LAPSE, [now, LAPSED_PER_ROUND]);
    for (const { id, operatorId, siteId, offeringId, sessionId, residentId, start, partySize } of rows) {
      tx.tell(
        event(WaitingLapsed, {
          ...{ operatorId, waitingEntryId: id, siteId, offeringId, sessionId, residentId, partySize },
          ...{ start: start.toISOString(), version: 1, at: now.toISOString() },
        }),
      );
    }
    return rows.length;
  }

  private async afterRelease(tx: Tx, ended: readonly EndedRow[]): Promise<void> {
    await this.closeOffers(tx, ended);
    const freed = ended
      .filter(({ freesShared }) => freesShared)
      .map(({ siteId, start, end }) => ({ siteId, start, end }));
    const sessionIds = [...new Set(ended.map(({ sessionId }) => sessionId))];
    const waitedFor = await tx.prepared<{ id: string }>(SESSIONS_WAITED_FOR, [
      sessionIds,
      JSON.stringify(freed),
    ]);
    for (const { id } of waitedFor) await this.offer(tx, id);
  }

  /** Entries whose offer ended go with it: none ever comes back to life. */
  private async closeOffers(tx: Tx, ended: readonly EndedRow[]): Promise<void> {
    const offers = new Map(
      ended.filter(({ statusBefore }) => statusBefore === 'offered').map((row) => [row.id, row]),
    );
    if (offers.size === 0) return;
    const now = this.clock.now();
    const outcomeOf = (row: EndedRow): 'declined' | 'expired' =>
      row.status === 'expired' ? 'expired' : 'declined';
    const outcomes = [...offers.values()].map((row) => ({ bookingId: row.id, status: outcomeOf(row) }));
    const closed = await tx.sql<{ id: string; bookingId: string }>(OFFERS_ENDED, [
      JSON.stringify(outcomes),
      now,
    ]);
    for (const { id, bookingId } of closed) {
      const row = offers.get(bookingId) as EndedRow;
      tx.tell(event(PlaceOfferEnded, { ...factOf(row, now), waitingEntryId: id, outcome: outcomeOf(row) }));
    }
  }

  /** Offers what a session has left, until nothing is left or all who wait have been looked at. */
  private async offer(tx: Tx, sessionId: string): Promise<void> {
    await tx.prepared(LOCK_SESSION, [sessionId]);
    let last: WaitingRow | undefined;
    for (let n = 0; n < PAGES_MAX; n++) {
      const after = [last?.priority ?? null, last?.place ?? null];
      const page = await tx.prepared<WaitingRow>(QUEUE, [sessionId, ...after, ENTRIES_PER_PAGE]);
      for (const entry of page) {
        if ((await this.offerTo(tx, entry)) === 'nobody_else') return;
      }
      last = page.at(-1);
      if (!last) return;
    }
  }

  private async offerTo(tx: Tx, entry: WaitingRow): Promise<'next' | 'nobody_else'> {
    const now = this.clock.now();
    const { slot, resident } = await factsFor(tx, now, entry, this.config.overlappingKinds);
    // The units of a lapsed hold are counted as taken here; whoever ends that hold comes by again.
    if (!slot || freeUnits(slot) === 0) return 'nobody_else';
    const reasons = reasonsAgainst(slot, { now, partySize: entry.partySize, resident });
    if (stopsQueue(reasons)) return 'nobody_else';
    if (reasons.length > 0) return 'next';
    const claimed = await tx.prepared(CLAIM, [entry.id]);
    if (claimed.length === 0) return 'next';
    const until = acceptBy(now, this.config.offerMinutes, slot.start, slot.cutoffMinutes);
    const command = { ...entry, bookingId: newId(now.getTime()), noteSealed: null, replaces: null };
    const offered = await this.holds.take(tx, command, slot, now, until, 'offered');
    if (!offered) return 'nobody_else';
    await tx.sql(OFFERED, [entry.id, offered.id]);
    tx.tell(
      event(PlaceOffered, {
        ...factOf(offered, now),
        waitingEntryId: entry.id,
        acceptBy: until.toISOString(),
      }),
    );
    return 'next';
  }
}
