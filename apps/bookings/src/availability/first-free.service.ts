import { Injectable } from '@nestjs/common';
import {
  cellsAround,
  locate,
  notFound,
  reachM,
  type Walk,
  walkBetween,
  type WalkingPace,
} from '@doorstep/kernel';
import { Clock, currentActor, Database, decodeCursor, type Page, pageOf, type Tx } from '@doorstep/platform';
import { BookingsConfig } from '../config';
import { type Asker, reasonsAgainst } from './availability';
import { showSlot } from './availability.service';
import type { FirstFreeDto, FirstFreeQuery } from './first-free.dto';
import { nextSessions, type SiteAround, SITES_AROUND } from './first-free.queries';
import { residentFor, type SessionFacts, withPresence } from './slot.facts';

type Reached = SiteAround & Walk;

const DAY_MS = 86_400_000;
/** More sites than this don't lie within an hour's walk of anywhere. */
const SITES_MAX = 2_000;
/** Sessions looked at of each site, round by round: most sites have room in the very first ones. */
const ROUNDS = [2, 16, 128, 512];
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/** The first session that can be booked at each site within a walk: the same facts and the same decision as everywhere. */
@Injectable()
export class FirstFree {
  private readonly pace: WalkingPace;

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly config: BookingsConfig,
  ) {
    this.pace = {
      metresPerMinute: config.walkingMetresPerMinute,
      detourPercent: config.walkingDetourPercent,
    };
  }

  find(query: FirstFreeQuery): Promise<Page<FirstFreeDto>> {
    const after = decodeCursor(query.cursor, 2);
    const now = this.clock.now();
    const from = new Date(Math.max(now.getTime(), query.from ? Date.parse(query.from) : 0));
    const until = new Date(from.getTime() + query.days * DAY_MS);
    return this.db.read(async (tx) => {
      const [sites, resident] = await Promise.all([
        this.within(tx, query),
        query.residentId
          ? residentFor(tx, now, query.residentId, from, new Date(until.getTime() + DAY_MS))
          : undefined,
      ]);
      if (query.residentId && !resident) throw notFound('resident', query.residentId);
      const further = after
        ? sites.filter((site) => isBehind(site, Number(after[0]), String(after[1])))
        : sites;
      const asker = { now, partySize: query.partySize, resident };
      const found = await this.firstOf(tx, further, { from, until, query, asker });
      const free = further.filter(({ id }) => found.has(id));
      return pageOf(
        free,
        query.limit,
        ({ seconds, id }) => [seconds, id],
        (site) => show(site, found),
      );
    });
  }

  /** Sites inside the walking circle, nearest first. */
  private async within(tx: Tx, query: FirstFreeQuery): Promise<Reached[]> {
    const centre = locate(query, '');
    const cells = cellsAround(centre, reachM(query.minutes, this.pace));
    const around = await tx.prepared<SiteAround>(SITES_AROUND, [
      cells,
      currentActor().siteIds ?? null,
      query.kind ?? null,
      query.mode ?? null,
    ]);
    return around
      .map((site) => ({ ...site, ...walkBetween(centre, site, this.pace) }))
      .filter(({ seconds }) => seconds <= query.minutes * 60)
      .sort((a, b) => a.seconds - b.seconds || (a.id < b.id ? -1 : 1))
      .slice(0, SITES_MAX);
  }

  /** The first bookable session of each site; sites without one are left out. */
  private async firstOf(
    tx: Tx,
    sites: readonly Reached[],
    { from, until, query, asker }: { from: Date; until: Date; query: FirstFreeQuery; asker: Asker },
  ): Promise<Map<string, SessionFacts & { needsPresence: boolean }>> {
    const found = new Map<string, SessionFacts & { needsPresence: boolean }>();
    let open = sites.map(({ id }) => ({ id, start: from, sessionId: FIRST_ID }));
    for (const each of ROUNDS) {
      if (open.length === 0) break;
      const rows = await tx.prepared<SessionFacts>(nextSessions(query), [
        asker.now,
        open.map(({ id }) => id),
        open.map(({ start }) => start),
        open.map(({ sessionId }) => sessionId),
        until,
        query.kind ?? null,
        query.mode ?? null,
        each,
        query.residentId ?? null,
      ]);
      const bySite = groupBySite(rows);
      open = open.flatMap(({ id }) => {
        const slots = bySite.get(id) ?? [];
        const first = slots
          .map((row) => withPresence(row, this.config.overlappingKinds))
          .find((slot) => reasonsAgainst(slot, asker).length === 0);
        if (first) found.set(id, first);
        const last = slots.at(-1);
        if (first || !last || slots.length < each) return [];
        return [{ id, start: last.start, sessionId: last.sessionId }];
      });
    }
    return found;
  }
}

function groupBySite(rows: readonly SessionFacts[]): Map<string, SessionFacts[]> {
  const bySite = new Map<string, SessionFacts[]>();
  for (const row of rows) {
    const slots = bySite.get(row.siteId);
    if (slots) slots.push(row);
    else bySite.set(row.siteId, [row]);
  }
  return bySite;
}

function show(
  { id, nameZh, nameEn, distanceM, seconds }: Reached,
  found: ReadonlyMap<string, SessionFacts & { needsPresence: boolean }>,
): FirstFreeDto {
  return {
    siteId: id,
    name: { zh: nameZh, ...(nameEn !== null && { en: nameEn }) },
    distanceM: Math.round(distanceM),
    walkMinutes: Math.ceil(seconds / 60),
    first: showSlot(found.get(id) as SessionFacts & { needsPresence: boolean }, []),
  };
}

/** Whether a site comes after the last one of the page before. */
function isBehind({ seconds, id }: Reached, lastSeconds: number, lastId: string): boolean {
  return seconds > lastSeconds || (seconds === lastSeconds && id > lastId);
}
