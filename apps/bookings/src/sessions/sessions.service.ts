import { Injectable } from '@nestjs/common';
import { Clock, currentActor, Database, decodeCursor, type Page, pageOf } from '@doorstep/platform';
import { addDays, localDay } from './calendar';
import { checkSpan } from './day-span';
import type { SessionDto, SessionsQuery } from './sessions.dto';
import { listSessions } from './sessions.queries';

interface SessionRow extends Omit<SessionDto, 'start' | 'end'> {
  start: Date;
  end: Date;
  lapsed: number;
}

const DEFAULT_DAYS = 7;

/** Rosters: how many come to which session. */
@Injectable()
export class Sessions {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  async list(query: SessionsQuery): Promise<Page<SessionDto>> {
    const { limit, cursor, siteId, offeringId } = query;
    const now = this.clock.now();
    const from = query.from ?? localDay(now, 'UTC');
    const to = query.to ?? addDays(from, DEFAULT_DAYS);
    checkSpan(from, to);
    const after = decodeCursor(cursor, 2) ?? [null, null];
    const { operatorId, siteIds } = currentActor();
    const owner = siteId ? 'site_id' : offeringId ? 'offering_id' : operatorId ? 'operator_id' : undefined;
    const ownerId = siteId ?? offeringId ?? operatorId;
    const params = [from, to, ...after, limit + 1, now, ownerId, siteIds ?? null];
    const rows = await this.db.read((tx) => tx.sql<SessionRow>(listSessions(owner), params));
    return pageOf(rows, limit, (row) => [row.start.toISOString(), row.id], show);
  }
}

/** A hold that lapsed counts no more, whether or not anybody has told of it. */
function show({ lapsed, ...row }: SessionRow): SessionDto {
  return {
    ...row,
    start: row.start.toISOString(),
    end: row.end.toISOString(),
    taken: row.taken - lapsed,
  };
}
