import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DomainError, newId, notFound, sha256Hex } from '@doorstep/kernel';
import {
  type Actor,
  Clock,
  currentActor,
  Database,
  decodeCursor,
  type Page,
  type PageQuery,
  pageOf,
  SYSTEM_ACTOR,
} from '@doorstep/platform';
import { tenant } from '../residents/tenant.context';
import type { CreateFeedDto, FeedDto } from './calendars.dto';
import {
  ENTRIES,
  type EntryRow,
  FEED_BY_TOKEN,
  type FeedRow,
  INSERT_FEED,
  LIST_FEEDS,
  REVOKE_FEED,
  SUBJECT_EXISTS,
} from './calendars.queries';
import { type CalendarEvent, calendarOf } from './ical';

const TOKEN_BYTES = 32;
const DAY_MS = 86_400_000;
const PAST_DAYS = 31;
const FUTURE_DAYS = 190;
const ENTRIES_MAX = 2_000;

/** iCalendar feeds of residents, sites and caregivers, for the calendar programs that people use anyway. */
@Injectable()
export class Calendars {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** Gives out a link. The token is not part of what the write remembers, so a repeat makes another link. */
  async create({ subject, subjectId }: CreateFeedDto): Promise<FeedDto> {
    const token = randomBytes(TOKEN_BYTES).toString('base64url');
    const { siteIds = null, id: actorId } = currentActor();
    const now = this.clock.now();
    const id = newId(now.getTime());
    const row = await this.db.write(async (tx): Promise<FeedRow> => {
      const [known] = await tx.sql(SUBJECT_EXISTS[subject], [subjectId, siteIds]);
      if (!known) throw notFound(subject, subjectId);
      const operatorId = tenant();
      await tx.sql(INSERT_FEED, [id, operatorId, subject, subjectId, sha256Hex(token), actorId, now]);
      return { id, operatorId, subject, subjectId, createdAt: now, revokedAt: null };
    });
    if (row.id !== id) throw shownOnce(row.id);
    return { ...show(row), path: `/v1/calendars/${token}.ics` };
  }

  list({ limit, cursor }: PageQuery): Promise<Page<FeedDto>> {
    const [after] = decodeCursor(cursor, 1) ?? [null];
    return this.db.read(async (tx) => {
      const rows = await tx.sql<FeedRow>(LIST_FEEDS, [after, limit + 1]);
      return pageOf(rows, limit, (row) => [row.id], show);
    });
  }

  revoke(id: string): Promise<FeedDto> {
    return this.db.write(async (tx) => {
      const [row] = await tx.sql<FeedRow>(REVOKE_FEED, [id, this.clock.now()]);
      if (!row) throw notFound('calendar', id);
      return show(row);
    });
  }

  /** The feed behind a link, as text/calendar. A wrong or revoked link is like one that never was. */
  async feed(token: string): Promise<string> {
    const feed = await this.db.readAs(SYSTEM_ACTOR, async (tx) => {
      const [row] = await tx.prepared<FeedRow>(FEED_BY_TOKEN, [sha256Hex(token)]);
      return row;
    });
    if (!feed) throw linkUnknown();
    const now = this.clock.now();
    const [from, to] = [now.getTime() - PAST_DAYS * DAY_MS, now.getTime() + FUTURE_DAYS * DAY_MS];
    const params = [feed.subjectId, new Date(from), new Date(to), ENTRIES_MAX, now];
    const entries = await this.db.readAs(readerOf(feed), (tx) =>
      tx.sql<EntryRow>(ENTRIES[feed.subject], params),
    );
    return calendarOf('Doorstep', entries.map(eventOf), now);
  }
}

/** Whoever has the link sees the one tenant's rows that the link is about, and nothing else. */
function readerOf({ id, operatorId }: FeedRow): Actor {
  return { id, kind: 'client', organisationId: operatorId, operatorId, regionPrefix: null, roles: [] };
}

function eventOf(entry: EntryRow): CalendarEvent {
  const { id, start, end, nameZh, siteName, status, sequence, taken, capacity } = entry;
  const ended = status === 'cancelled' || status === 'expired';
  return {
    uid: `${id}@doorstep`,
    start,
    end,
    summary: taken === null ? nameZh : `${nameZh} ${taken}/${capacity}`,
    location: siteName,
    status: ended ? 'CANCELLED' : status === 'held' ? 'TENTATIVE' : 'CONFIRMED',
    sequence,
  };
}

function show({ id, subject, subjectId, createdAt, revokedAt }: FeedRow): FeedDto {
  return {
    id,
    subject,
    subjectId,
    createdAt: createdAt.toISOString(),
    ...(revokedAt !== null && { revokedAt: revokedAt.toISOString() }),
  };
}

function shownOnce(id: string): DomainError {
  return new DomainError('conflict', 'link_shown_once', 'This link was given out before, and is not kept.', {
    mend: 'Revoke it and give out another one with a new Idempotency-Key.',
    id,
  });
}

function linkUnknown(): DomainError {
  return new DomainError('not_found', 'calendar_not_found', 'There is no such calendar.', {
    mend: 'Ask for a new link; this one is wrong or was revoked.',
  });
}
