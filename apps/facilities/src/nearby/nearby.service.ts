import { Inject, Injectable } from '@nestjs/common';
import { Clock, currentActor, Database, decodeCursor, page, type Page, type Tx } from '@doorstep/platform';
import { locate } from '../geo/coordinates';
import { showName } from '../name.dto';
import { hoursWithHolidays } from '../sites/holidays';
import { isOpenAt } from '../sites/opening-hours';
import { addDays, localTimeOf } from '../sites/wall-clock';
import { cellsAround } from './cells';
import type { NearbyDto, NearbyQuery } from './nearby.dto';
import {
  type Candidate,
  findCandidates,
  findDetails,
  findHours,
  type HoursRow,
  type NearbyOfferingRow,
} from './nearby.queries';
import { WALKING_ROUTER, type Walk, type WalkingRouter } from './walking-router';

type Reached = Candidate & Walk;

@Injectable()
export class NearbyService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    @Inject(WALKING_ROUTER) private readonly router: WalkingRouter,
  ) {}

  /** Sites inside the walking circle, nearest first. */
  search(query: NearbyQuery): Promise<Page<NearbyDto>> {
    const after = decodeCursor(query.cursor, 2);
    return this.db.read(async (tx) => {
      const reached = await this.reached(tx, query);
      const further = after
        ? reached.filter((site) => isBehind(site, [Number(after[0]), String(after[1])]))
        : reached;
      const open = query.at ? await this.openAt(tx, further, new Date(query.at)) : further;
      const shown = page(open.slice(0, query.limit + 1), query.limit, ({ seconds, id }) => [seconds, id]);
      return { ...shown, items: await this.show(tx, shown.items, query) };
    });
  }

  private async reached(tx: Tx, query: NearbyQuery): Promise<Reached[]> {
    const centre = locate(query, '');
    const candidates = await findCandidates(tx, {
      cells: cellsAround(centre, this.router.reachM(query.minutes)),
      kind: query.kind,
      mode: query.mode,
      actor: currentActor(),
    });
    const walks = await this.router.walk(centre, candidates);
    return candidates
      .flatMap((candidate, i) => {
        const walk = walks[i];
        return walk && walk.seconds <= query.minutes * 60 ? [{ ...candidate, ...walk }] : [];
      })
      .sort((a, b) => a.seconds - b.seconds || (a.id < b.id ? -1 : 1));
  }

  private async openAt(tx: Tx, sites: Reached[], at: Date): Promise<Reached[]> {
    const hours = await findHours(
      tx,
      sites.map(({ id }) => id),
    );
    const open = new Set(hours.filter((row) => isOpenThen(row, at)).map(({ id }) => id));
    return sites.filter(({ id }) => open.has(id));
  }

  private async show(tx: Tx, reached: Reached[], query: NearbyQuery): Promise<NearbyDto[]> {
    const ids = reached.map(({ id }) => id);
    const at = query.at ? new Date(query.at) : this.clock.now();
    const [{ sites, offerings }, open] = await Promise.all([
      findDetails(tx, ids, query),
      this.openAt(tx, reached, at),
    ]);
    const byId = new Map(sites.map((site) => [site.id, site]));
    return reached.flatMap(({ id, distanceM, seconds }) => {
      const row = byId.get(id);
      if (!row) return [];
      const { nameZh, nameEn, lng, lat, ...site } = row;
      return {
        site: { ...site, name: showName({ nameZh, nameEn }), location: { lng, lat } },
        distanceM: Math.round(distanceM),
        walkMinutes: Math.ceil(seconds / 60),
        open: open.some((one) => one.id === id),
        offerings: offerings.filter((offering) => offering.siteId === id).map(showOffering),
      };
    });
  }
}

function isOpenThen(site: HoursRow, at: Date): boolean {
  const { day } = localTimeOf(at, site.timeZone);
  // The day before may reach over midnight.
  return isOpenAt(hoursWithHolidays(site, addDays(day, -1), 2), at);
}

/** Whether a site comes after the last one of the page before. */
function isBehind({ seconds, id }: Reached, [lastSeconds, lastId]: [number, string]): boolean {
  return seconds > lastSeconds || (seconds === lastSeconds && id > lastId);
}

function showOffering({ siteId: _site, nameZh, nameEn, ...offering }: NearbyOfferingRow) {
  return { ...offering, name: showName({ nameZh, nameEn }) };
}
