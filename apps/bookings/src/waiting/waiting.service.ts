import { Injectable } from '@nestjs/common';
import { packageWishOf } from '@doorstep/contracts';
import { DomainError, newId, notFound } from '@doorstep/kernel';
import {
  Clock,
  currentActor,
  Database,
  decodeCursor,
  type Page,
  type PageQuery,
  pageOf,
} from '@doorstep/platform';
import { reasonsAgainst } from '../availability/availability';
import { factsFor } from '../availability/slot.facts';
import { bookingLife, needsPresence, statusNow } from '../bookings/booking';
import { bookingHeld } from '../bookings/booking.events';
import { ACCEPT, type BookingRow } from '../bookings/bookings.queries';
import { Bookings, stateOf } from '../bookings/bookings.service';
import { HoldOwners } from '../bookings/hold-owners.service';
import { askingClient, Holds } from '../bookings/holds.service';
import { maySee } from '../bookings/may-see.context';
import { racedBy } from '../bookings/raced';
import { BookingsConfig } from '../config';
import { assertMayWait, assertNotTooLong, waitingNow, type WaitingStatus } from './waiting';
import type { JoinWaitingDto, WaitingEntryDto } from './waiting.dto';
import {
  ENTRIES_OF_SESSION,
  ENTRY_BY_ID,
  ENTRY_FOR_UPDATE,
  JOIN,
  LEAVE,
  OFFERS_ENDED,
  QUEUE_LENGTH,
  type WaitingRow,
} from './waiting.queries';

/** Waiting for a place, and answering the offer of one. */
@Injectable()
export class Waiting {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly bookings: Bookings,
    private readonly holds: Holds,
    private readonly owners: HoldOwners,
    private readonly config: BookingsConfig,
  ) {}

  async join(
    sessionId: string,
    { residentId, partySize, priority, packageId }: JoinWaitingDto,
  ): Promise<WaitingEntryDto> {
    const actor = currentActor();
    if (priority > 0 && actor.kind === 'client') throw priorityNotYours();
    const waits = await this.db.write(async (tx) => {
      const now = this.clock.now();
      const { slot, resident } = await factsFor(
        tx,
        now,
        { sessionId, residentId },
        this.config.overlappingKinds,
      );
      if (!slot || !maySee(slot.siteId)) throw notFound('session', sessionId);
      if (!resident) throw notFound('resident', residentId);
      assertMayWait(reasonsAgainst(slot, { now, partySize, resident }));
      const [queue] = await tx.sql<{ length: number }>(QUEUE_LENGTH, [sessionId]);
      assertNotTooLong(queue?.length ?? 0);
      const id = newId(now.getTime());
      const { operatorId, siteId, offeringId } = slot;
      const row = [
        id,
        operatorId,
        siteId,
        offeringId,
        sessionId,
        residentId,
        partySize,
        priority,
        now,
        askingClient(),
        packageWishOf(packageId),
      ];
      const joined = await tx.sql(JOIN, row);
      if (joined.length === 0) throw waitsAlready();
      const [entry] = await tx.sql<WaitingRow>(ENTRY_BY_ID, [id]);
      return show(entry as WaitingRow, now);
    });
    // Outside of what the write remembers: a token stands in no table.
    return { ...waits, holdToken: this.owners.tokenOf(waits.id) };
  }

  list(sessionId: string, { limit, cursor }: PageQuery): Promise<Page<WaitingEntryDto>> {
    const [after] = decodeCursor(cursor, 1) ?? [null];
    return this.db.read(async (tx) => {
      const rows = await tx.sql<WaitingRow>(ENTRIES_OF_SESSION, [sessionId, after, limit + 1]);
      const seen = rows.filter(({ siteId }) => maySee(siteId));
      const now = this.clock.now();
      return pageOf(
        seen,
        limit,
        (row) => [row.place],
        (row) => show(row, now),
      );
    });
  }

  /** Waits no more; an offer that stands is declined with it. */
  async leave(sessionId: string, entryId: string, token?: string): Promise<WaitingEntryDto> {
    return this.db.write(async (tx) => {
      const [seen] = await tx.sql<WaitingRow>(ENTRY_BY_ID, [entryId]);
      // Bookings are locked before turns in queues, everywhere.
      if (seen?.bookingId && maySee(seen.siteId)) await this.bookings.lock(tx, seen.bookingId);
      const [entry] = await tx.sql<WaitingRow>(ENTRY_FOR_UPDATE, [entryId]);
      if (!entry || entry.sessionId !== sessionId || !maySee(entry.siteId))
        throw notFound('waiting entry', entryId);
      this.owners.assertOwner(entryId, entry.ownerId, token);
      const now = this.clock.now();
      const status = waitingNow(entry, now);
      if (status === 'waiting') await tx.sql(LEAVE, [entryId, now]);
      else if (status === 'offered' && entry.bookingId) {
        const id = entry.bookingId;
        await this.holds.end(
          tx,
          [{ id, status: 'cancelled', reason: 'offer_declined', by: 'resident' }],
          ['offered'],
        );
      } else throw notWaiting(status);
      const [left] = await tx.sql<WaitingRow>(ENTRY_BY_ID, [entryId]);
      return show(left as WaitingRow, now);
    });
  }

  /** Takes the offered place: from here on it is a held booking like any other. */
  accept(bookingId: string, waitSeconds: number, token?: string): Promise<BookingRow> {
    return this.bookings.settledAs(bookingId, waitSeconds, async (tx) => {
      const row = await this.bookings.lock(tx, bookingId);
      const now = this.clock.now();
      bookingLife.next(statusNow(stateOf(row), now), 'accept');
      await this.owners.assertOwnerOf(tx, row, token);
      await this.holds.expireOf(tx, row.residentId);
      const expiresAt = new Date(now.getTime() + this.config.holdSeconds * 1000);
      const presence = needsPresence(row.kind, row.mode, this.config.overlappingKinds);
      try {
        const [held] = await tx.prepared<BookingRow>(ACCEPT, [
          bookingId,
          presence,
          expiresAt,
          this.holds.unpricedAt(now),
        ]);
        const accepted = [{ bookingId, status: 'accepted' }];
        await tx.sql(OFFERS_ENDED, [JSON.stringify(accepted), now]);
        tx.tell(bookingHeld(held as BookingRow, expiresAt, now));
        return held as BookingRow;
      } catch (error) {
        throw racedBy(error) ?? error;
      }
    });
  }

  /** Doesn't want the offered place: it goes to the next in the same transaction. */
  async decline(bookingId: string, token?: string): Promise<BookingRow> {
    return this.db.write(async (tx) => {
      const row = await this.bookings.lock(tx, bookingId);
      if (row.status !== 'offered') throw notOffered(row);
      await this.owners.assertOwnerOf(tx, row, token);
      bookingLife.next(statusNow(stateOf(row), this.clock.now()), 'cancel');
      const ending = {
        id: bookingId,
        status: 'cancelled' as const,
        reason: 'offer_declined',
        by: 'resident' as const,
      };
      const [ended] = await this.holds.end(tx, [ending], ['offered']);
      return ended as BookingRow;
    });
  }
}

function show(row: WaitingRow, now: Date): WaitingEntryDto {
  const { id, sessionId, offeringId, residentId, partySize, priority, position, bookingId, joinedAt } = row;
  const { packageId } = row;
  return {
    id,
    sessionId,
    offeringId,
    residentId,
    partySize,
    priority,
    status: waitingNow(row, now),
    ...(typeof position === 'number' && { position }),
    ...(bookingId !== null && { bookingId }),
    ...(packageId !== null && { packageId }),
    joinedAt: joinedAt.toISOString(),
  };
}

function waitsAlready(): DomainError {
  return new DomainError('conflict', 'waits_already', 'The resident waits for this session already.', {
    mend: 'GET /v1/sessions/{id}/waiting shows the entry.',
  });
}

const MENDS: Partial<Record<WaitingStatus, string>> = {
  accepted: 'Cancel the booking instead.',
  lapsed: 'The session has begun: choose another one.',
};

function notWaiting(status: WaitingStatus): DomainError {
  return new DomainError('conflict', `waiting_${status}`, `The entry is ${status}.`, {
    mend: MENDS[status] ?? 'Join again to wait on.',
  });
}

function notOffered({ status }: BookingRow): DomainError {
  return new DomainError('conflict', `booking_${status}`, 'The booking is not an offer.', {
    mend: 'Use POST /v1/bookings/{id}/cancel.',
  });
}

function priorityNotYours(): DomainError {
  return new DomainError('forbidden', 'priority_not_yours', 'A front-end gives no priority.', {
    field: 'priority',
    mend: "Leave priority out; the operator's people may set it.",
  });
}
