import { Injectable } from '@nestjs/common';
import { DomainError, newId, notFound } from '@doorstep/kernel';
import { Clock, currentActor, Database, decodeCursor, type Page, pageOf, type Tx } from '@doorstep/platform';
import { Holds } from '../bookings/holds.service';
import { maySee } from '../bookings/may-see.context';
import { SESSIONS_DUE_AT_SITES } from '../reference/reference.queries';
import { tenant } from '../residents/tenant.context';
import { SessionsMaker } from '../sessions/sessions.maker';
import type { CloseDto, ClosureCountsDto, ClosureDto, ClosuresQuery } from './closures.dto';
import {
  CLOSURE_FOR_UPDATE,
  type ClosureCounts,
  type ClosureRow,
  EXPECTED,
  INSERT_CLOSURE,
  LEAVE_ALL,
  LIFT,
  LIST_CLOSURES,
  LOCK_GROUPS_AT,
  LOCK_STANDING,
  SHUT,
  STANDING_IDS,
  UNSHUT,
} from './closures.queries';

/** One transaction cancels at most so many; a longer closure is given in parts. */
const BOOKINGS_MAX = 5_000;
const DAYS_MAX = 62;

/** What was closed, told inside the transaction that closes. */
export interface ClosedSpan {
  siteId: string;
  /** Null: all that the site offers. */
  offeringId: string | null;
  from: Date;
  to: Date;
}
export type OnClosed = (tx: Tx, closed: ClosedSpan) => Promise<void>;

/** A site closes for a time: its sessions take nobody, and what was booked is cancelled, all at once. */
@Injectable()
export class Closures {
  private closed: OnClosed = () => Promise.resolve();

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly holds: Holds,
    private readonly maker: SessionsMaker,
  ) {}

  /** Whoever else plans days at sites registers here. */
  onClosed(listener: OnClosed): void {
    this.closed = listener;
  }

  /** Counts what a closure would do. */
  preview(command: CloseDto): Promise<ClosureDto> {
    return this.db.read(async (tx) => {
      const params = await this.paramsOf(tx, command);
      const [counts] = await tx.sql<ClosureCounts>(EXPECTED, params);
      return shown(command, counts as ClosureCounts);
    });
  }

  /** Closes, cancels, and answers with what really happened. */
  close(command: CloseDto): Promise<ClosureDto> {
    return this.db.write(async (tx) => {
      const params = await this.paramsOf(tx, command);
      const now = this.clock.now();
      await tx.sql(LOCK_GROUPS_AT, [command.siteId, command.offeringId ?? null]);
      await tx.sql(LOCK_STANDING, params);
      const shut = (await tx.sql<{ id: string }>(SHUT, params)).map(({ id }) => id);
      const left = await tx.sql(LEAVE_ALL, [shut, now]);
      const standing = await tx.sql<{ id: string }>(STANDING_IDS, [...params, BOOKINGS_MAX + 1]);
      if (standing.length > BOOKINGS_MAX) throw tooMany();
      const { reason, siteId, offeringId = null } = command;
      const endings = standing.map(({ id }) => ({
        id,
        status: 'cancelled' as const,
        reason,
        by: 'operator' as const,
      }));
      const ended = await this.holds.end(tx, endings, ['offered', 'held', 'confirmed']);
      const cancelled = ended.filter(({ statusBefore }) => statusBefore !== 'offered');
      if (command.bookingsExpected !== undefined && cancelled.length > command.bookingsExpected) {
        throw moreThanExpected(cancelled.length);
      }
      const counts = {
        sessions: shut.length,
        bookings: cancelled.length,
        people: cancelled.reduce((sum, { partySize }) => sum + partySize, 0),
        waiting: left.length + ended.length - cancelled.length,
      };
      const [from, to] = [new Date(command.from), new Date(command.to)];
      await this.closed(tx, { siteId, offeringId, from, to });
      const id = newId(now.getTime());
      await tx.sql(INSERT_CLOSURE, [
        id,
        tenant(),
        siteId,
        offeringId,
        from,
        to,
        reason,
        counts.bookings,
        counts.people,
        counts.sessions,
        counts.waiting,
        currentActor().id,
        now,
      ]);
      return { id, ...shown(command, counts) };
    });
  }

  /** The calendar takes over again; cancelled bookings stay cancelled. */
  lift(id: string): Promise<ClosureDto> {
    return this.db.write(async (tx) => {
      const [row] = await tx.sql<ClosureRow>(CLOSURE_FOR_UPDATE, [id]);
      if (!row || !maySee(row.siteId)) throw notFound('closure', id);
      if (row.liftedAt) {
        throw new DomainError('conflict', 'closure_lifted', 'The closure has been lifted already.', {
          mend: 'Nothing is left to do.',
        });
      }
      const now = this.clock.now();
      await tx.sql(LIFT, [id, now]);
      await tx.sql(UNSHUT, [row.siteId]);
      await tx.sql(`UPDATE offering SET calendar_digest = NULL WHERE site_id = $1`, [row.siteId]);
      await tx.sql(SESSIONS_DUE_AT_SITES, [[row.siteId]]);
      tx.afterCommit(() => this.maker.nudge());
      return showRow({ ...row, liftedAt: now });
    });
  }

  list({ siteId, limit, cursor }: ClosuresQuery): Promise<Page<ClosureDto>> {
    const [after] = decodeCursor(cursor, 1) ?? [null];
    return this.db.read(async (tx) => {
      const { siteIds = null } = currentActor();
      const rows = await tx.sql<ClosureRow>(LIST_CLOSURES, [siteId ?? null, after, limit + 1, siteIds]);
      return pageOf(rows, limit, (row) => [row.id], showRow);
    });
  }

  private async paramsOf(tx: Tx, command: CloseDto): Promise<unknown[]> {
    const { siteId, offeringId = null } = command;
    const [from, to] = [new Date(command.from), new Date(command.to)];
    if (to <= from || to.getTime() - from.getTime() > DAYS_MAX * 86_400_000) throw badSpan();
    const [site] = await tx.sql(`SELECT FROM site WHERE id = $1`, [siteId]);
    if (!site || !maySee(siteId)) throw notFound('site', siteId);
    const known =
      offeringId === null ||
      (await tx.sql(`SELECT FROM offering WHERE id = $1 AND site_id = $2`, [offeringId, siteId]))[0];
    if (!known) throw notFound('offering', String(offeringId));
    return [tenant(), siteId, offeringId, from, to, this.clock.now()];
  }
}

function shown(command: CloseDto, counts: ClosureCountsDto): ClosureDto {
  const { preview, siteId, offeringId, from, to, reason } = command;
  return { preview, siteId, ...(offeringId && { offeringId }), from, to, reason, counts };
}

function showRow(row: ClosureRow): ClosureDto {
  return {
    id: row.id,
    preview: false,
    siteId: row.siteId,
    ...(row.offeringId !== null && { offeringId: row.offeringId }),
    from: row.from.toISOString(),
    to: row.to.toISOString(),
    reason: row.reason,
    counts: {
      sessions: row.sessionsShut,
      bookings: row.bookingsCancelled,
      people: row.peopleCancelled,
      waiting: row.waitingEnded,
    },
    ...(row.liftedAt !== null && { liftedAt: row.liftedAt.toISOString() }),
  };
}

function badSpan(): DomainError {
  return new DomainError('invalid', 'period_out_of_bounds', 'The time is empty, or too long.', {
    field: 'to',
    mend: `Give an end after the beginning, ${DAYS_MAX} days later at most.`,
  });
}

function tooMany(): DomainError {
  return new DomainError(
    'too_large',
    'too_many_bookings',
    `More than ${BOOKINGS_MAX} bookings would be cancelled.`,
    {
      mend: 'Close in parts: a shorter time, or one offering after the other.',
    },
  );
}

function moreThanExpected(bookings: number): DomainError {
  return new DomainError('conflict', 'more_than_expected', `There are ${bookings} bookings now.`, {
    field: 'bookingsExpected',
    mend: 'Look at the preview again.',
    bookings,
  });
}
