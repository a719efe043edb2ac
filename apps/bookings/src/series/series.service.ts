import { Injectable } from '@nestjs/common';
import { packageWishOf } from '@doorstep/contracts';
import { type Day, DomainError, newId, notFound } from '@doorstep/kernel';
import { Clock, currentActor, Database, decodeCursor, type Page, pageOf, type Tx } from '@doorstep/platform';
import { reasonsAgainst } from '../availability/availability';
import { factsFor } from '../availability/slot.facts';
import { type BookingStatus, statusNow } from '../bookings/booking';
import { HoldOwners } from '../bookings/hold-owners.service';
import { askingClient, type HoldCommand, Holds } from '../bookings/holds.service';
import { maySee } from '../bookings/may-see.context';
import { isRaced } from '../bookings/raced';
import { BookingsConfig } from '../config';
import { localDay } from '../sessions/calendar';
import { linesOf, startsOf } from './recurrence';
import type { BookSeriesDto, CancelSeriesDto, OccurrenceDto, SeriesDto, SeriesQuery } from './series.dto';
import {
  CANCEL_PLANNED,
  INSERT_OCCURRENCES,
  INSERT_SERIES,
  LIST_SERIES,
  type OccurrenceRow,
  OCCURRENCES,
  PLACE,
  SERIES_BY_ID,
  SERIES_FOR_UPDATE,
  type SeriesRow,
  SESSIONS_AT,
  STANDING_FROM,
  TOUCH_SERIES,
} from './series.queries';

interface Place {
  operatorId: string;
  siteId: string;
  timeZone: string;
  until: Day | null;
}

/** What a try at one session comes to. */
interface Attempt {
  bookingId: string | null;
  reasons: string[];
}

/** What becomes of one occurrence when a series is booked. */
interface Outcome extends Attempt {
  start: Date;
  status: 'planned' | 'booked' | 'skipped';
}

/** Bookings that recur: what has a session now is booked now, the rest when its session comes up. */
@Injectable()
export class Series {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly holds: Holds,
    private readonly owners: HoldOwners,
    private readonly config: BookingsConfig,
  ) {}

  /** Shows what would become of each occurrence; nothing is written. */
  preview(command: BookSeriesDto): Promise<SeriesDto> {
    return this.db.read(async (tx) => {
      const place = await placeOf(tx, command.offeringId);
      const { residentId, partySize } = command;
      const now = this.clock.now();
      const outcomes = await this.eachOccurrence(tx, command, place, (sessionIds) =>
        Promise.all(
          sessionIds.map(async (sessionId) => {
            const asked = { sessionId, residentId };
            const { slot, resident } = await factsFor(tx, now, asked, this.config.overlappingKinds);
            if (!slot) throw notFound('session', sessionId);
            if (!resident) throw notFound('resident', residentId);
            return { bookingId: null, reasons: reasonsAgainst(slot, { now, partySize, resident }) };
          }),
        ),
      );
      const recurrence = linesOf({ ...command, timeZone: place.timeZone });
      const { offeringId } = command;
      const occurrences = outcomes.map(({ start, status, reasons }): OccurrenceDto => {
        const at = start.toISOString();
        return { originalStart: at, start: at, status, ...(reasons.length > 0 && { reasons }) };
      });
      return { preview: true, offeringId, residentId, partySize, recurrence, occurrences, version: 0 };
    });
  }

  /** Books all that has a session, or nothing; with onConflict skip, what can be booked. */
  async book(command: BookSeriesDto): Promise<SeriesDto> {
    const write = async (tx: Tx): Promise<string> => {
      const place = await placeOf(tx, command.offeringId);
      const { offeringId, residentId, partySize, packageId } = command;
      const outcomes = await this.eachOccurrence(tx, command, place, (sessionIds) => {
        const ask = { offeringId, residentId, partySize, packageId, noteSealed: null, replaces: null };
        const now = this.clock.now().getTime();
        return this.holdEach(
          tx,
          sessionIds.map((sessionId) => ({ ...ask, sessionId, bookingId: newId(now) })),
        );
      });
      const refused = outcomes.filter(({ status }) => status === 'skipped');
      if (refused.length > 0 && command.onConflict === 'fail') throw conflicts(refused, outcomes.length);
      const now = this.clock.now();
      const id = newId(now.getTime());
      const { start, rule, except, besides } = command;
      const row = [
        id,
        place.operatorId,
        place.siteId,
        offeringId,
        residentId,
        partySize,
        place.timeZone,
        start,
        rule,
      ];
      await tx.sql(INSERT_SERIES, [...row, except, besides, now, askingClient(), packageWishOf(packageId)]);
      await tx.sql(INSERT_OCCURRENCES, [id, place.operatorId, offeringId, JSON.stringify(outcomes)]);
      return id;
    };
    const id = await this.db.write(write, isRaced);
    return { ...(await this.find(id)), holdToken: this.owners.tokenOf(id) };
  }

  /** Cancels an occurrence and all that follow, or all to come. */
  async cancel(id: string, { from, reason }: CancelSeriesDto, token?: string): Promise<SeriesDto> {
    await this.db.write(async (tx) => {
      const series = await this.lock(tx, id);
      const now = this.clock.now();
      const first = from ? new Date(from) : new Date(0);
      await tx.sql(CANCEL_PLANNED, [id, first]);
      const standing = await tx.sql<{ id: string; status: string }>(STANDING_FROM, [id, first, now]);
      const held = standing.some(({ status }) => status === 'held');
      this.owners.assertOwner(id, held ? series.ownerId : null, token);
      const by = currentActor().kind === 'client' ? ('resident' as const) : ('operator' as const);
      const endings = standing.map((row) => ({ id: row.id, status: 'cancelled' as const, reason, by }));
      await this.holds.end(tx, endings, ['held', 'confirmed']);
      await tx.sql(TOUCH_SERIES, [id]);
    });
    return this.find(id);
  }

  find(id: string): Promise<SeriesDto> {
    return this.db.read(async (tx) => {
      const [row] = await tx.sql<SeriesRow>(SERIES_BY_ID, [id]);
      if (!row || !maySee(row.siteId)) throw notFound('series', id);
      return this.show(row, await tx.sql<OccurrenceRow>(OCCURRENCES, [[id]]));
    });
  }

  list({ residentId, limit, cursor }: SeriesQuery): Promise<Page<SeriesDto>> {
    const [after] = decodeCursor(cursor, 1) ?? [null];
    return this.db.read(async (tx) => {
      const { siteIds = null } = currentActor();
      const rows = await tx.sql<SeriesRow>(LIST_SERIES, [residentId ?? null, after, limit + 1, siteIds]);
      const occurrences = await tx.sql<OccurrenceRow>(OCCURRENCES, [rows.map(({ id }) => id)]);
      const of = (id: string): OccurrenceRow[] => occurrences.filter(({ seriesId }) => seriesId === id);
      return pageOf(
        rows,
        limit,
        (row) => [row.id],
        (row) => this.show(row, of(row.id)),
      );
    });
  }

  /** Locks a series that the actor may see. */
  async lock(tx: Tx, id: string): Promise<SeriesRow> {
    const [row] = await tx.sql<SeriesRow>(SERIES_FOR_UPDATE, [id]);
    if (!row || !maySee(row.siteId)) throw notFound('series', id);
    return row;
  }

  private async holdEach(tx: Tx, asks: readonly HoldCommand[]): Promise<Attempt[]> {
    const answers = await this.holds.holdAll(tx, asks);
    const attempts: Attempt[] = [];
    for (const [n, ask] of asks.entries()) {
      const answer = answers[n];
      if (Array.isArray(answer)) attempts.push({ bookingId: null, reasons: answer });
      else if (answer) attempts.push({ bookingId: answer.id, reasons: [] });
      else {
        attempts.push(
          await refusable(async () => ({ bookingId: (await this.holds.hold(tx, ask)).id, reasons: [] })),
        );
      }
    }
    return attempts;
  }

  private async eachOccurrence(
    tx: Tx,
    command: BookSeriesDto,
    place: Place,
    tryAll: (sessionIds: string[]) => Promise<Attempt[]>,
  ): Promise<Outcome[]> {
    const { start, rule, except, besides, offeringId } = command;
    const starts = startsOf({ start, rule, except, besides, timeZone: place.timeZone });
    const sessions = await tx.sql<{ id: string; start: Date }>(SESSIONS_AT, [offeringId, starts]);
    const sessionAt = new Map(sessions.map((session) => [session.start.getTime(), session.id]));
    const standing = starts.flatMap((at) => sessionAt.get(at.getTime()) ?? []);
    const attempts = await tryAll(standing);
    const attemptOf = new Map(standing.map((sessionId, n) => [sessionId, attempts[n] as Attempt]));
    return starts.map((at): Outcome => {
      const attempt = attemptOf.get(sessionAt.get(at.getTime()) ?? '');
      if (attempt)
        return { start: at, status: attempt.reasons.length > 0 ? 'skipped' : 'booked', ...attempt };
      const beyond = place.until === null || localDay(at, place.timeZone) >= place.until;
      if (beyond) return { start: at, status: 'planned', bookingId: null, reasons: [] };
      return { start: at, status: 'skipped', bookingId: null, reasons: ['no_session'] };
    });
  }

  private show(row: SeriesRow, occurrences: readonly OccurrenceRow[]): SeriesDto {
    const { id, offeringId, residentId, partySize, packageId, version } = row;
    const now = this.clock.now();
    return {
      id,
      preview: false,
      offeringId,
      residentId,
      partySize,
      ...(packageId !== null && { packageId }),
      recurrence: linesOf(row),
      occurrences: occurrences.map((occurrence) => showOccurrence(occurrence, now)),
      version,
    };
  }
}

/** A refusal by the decision becomes its reasons; one by a constraint has lost the transaction and goes on up. */
export async function refusable<T>(
  work: () => Promise<T>,
): Promise<T | { bookingId: null; reasons: string[] }> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof DomainError) || isRaced(error) || error.kind === 'not_found') throw error;
    // An id that leads on is no reason against an occurrence: who looks again finds it under the new one.
    if (error.code === 'resident_merged') throw error;
    return { bookingId: null, reasons: (error.details.reasons as string[] | undefined) ?? [error.code] };
  }
}

async function placeOf(tx: Tx, offeringId: string): Promise<Place> {
  const [place] = await tx.sql<Place>(PLACE, [offeringId]);
  if (!place || !maySee(place.siteId)) throw notFound('offering', offeringId);
  return place;
}

function showOccurrence(row: OccurrenceRow, now: Date): OccurrenceDto {
  const { originalStart, start, status, bookingId, bookingStatus, holdExpiresAt, reasons } = row;
  const standing = bookingStatus && statusNow({ status: bookingStatus as BookingStatus, holdExpiresAt }, now);
  return {
    originalStart: originalStart.toISOString(),
    start: start.toISOString(),
    status,
    ...(bookingId !== null && { bookingId }),
    ...(standing && { bookingStatus: standing }),
    ...(reasons.length > 0 && { reasons }),
  };
}

/** All that stands against a series at once. */
export function conflicts(refused: readonly { start: Date; reasons: string[] }[], all: number): DomainError {
  const occurrences = refused.map(({ start, reasons }) => ({ originalStart: start.toISOString(), reasons }));
  return new DomainError(
    'conflict',
    'series_conflicts',
    `${refused.length} of ${all} occurrences are not possible.`,
    {
      mend: 'Leave these out with except, change the rule, or say onConflict: skip.',
      occurrences,
    },
  );
}
