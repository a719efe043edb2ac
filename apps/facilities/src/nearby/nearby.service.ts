import { Inject, Injectable } from '@nestjs/common';
import { locate } from '@doorstep/kernel';
import { Clock, currentActor, Database, decodeCursor, page, type Page, type Tx } from '@doorstep/platform';
import { ceilingOn } from '../ceilings/ceiling';
import { showName } from '../name.dto';
import { hoursWithHolidays } from '../sites/holidays';
import { isOpenAt } from '../sites/opening-hours';
import { addDays, localTimeOf } from '../sites/wall-clock';
import { cellsAround } from './cells';
import type { NearbyDto, NearbyOfferingDto, NearbyQuery } from './nearby.dto';
import {
  type Candidate,
  findCandidates,
  findDetails,
  findHours,
  findPriced,
  type HoursRow,
  type NearbyOfferingRow,
  type Priced,
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
  async search(query: NearbyQuery): Promise<Page<NearbyDto>> {
    const after = decodeCursor(query.cursor, 2);
    const reached = await this.reached(query);
    const further = after
      ? reached.filter((site) => isBehind(site, [Number(after[0]), String(after[1])]))
      : reached;
    return this.db.read(async (tx) => {
      const fitting = await this.fitting(tx, further, query);
      const shown = page(fitting.slice(0, query.limit + 1), query.limit, ({ seconds, id }) => [seconds, id]);
      return { ...shown, items: await this.show(tx, shown.items, query) };
    });
  }

  /** No transaction is open while the router thinks: a slow engine must not keep connections from others. */
  private async reached(query: NearbyQuery): Promise<Reached[]> {
    const centre = locate(query, '');
    const filter = {
      cells: cellsAround(centre, this.router.reachM(query.minutes)),
      kind: query.kind,
      mode: query.mode,
      actor: currentActor(),
    };
    const candidates = await this.db.read((tx) => findCandidates(tx, filter));
    const walks = await this.router.walk(centre, candidates);
    return candidates
      .flatMap((candidate, i) => {
        const walk = walks[i];
        return walk && walk.seconds <= query.minutes * 60 ? [{ ...candidate, ...walk }] : [];
      })
      .sort((a, b) => a.seconds - b.seconds || (a.id < b.id ? -1 : 1));
  }

  /** Those that are open then and cost no more than was asked for. */
  private async fitting(tx: Tx, sites: Reached[], query: NearbyQuery): Promise<Reached[]> {
    const ids = sites.map(({ id }) => id);
    const keeps = new Set(ids);
    if (query.at !== undefined) {
      const at = new Date(query.at);
      for (const row of await findHours(tx, ids)) if (!isOpenThen(row, at)) keeps.delete(row.id);
    }
    if (query.priceMaxFen !== undefined) {
      const [priced, hours] = await Promise.all([findPriced(tx, ids, query), findHours(tx, ids)]);
      const affordable = offeringsOf(priced, hours, this.instantOf(query), query.priceMaxFen);
      for (const id of ids) if (!affordable.has(id)) keeps.delete(id);
    }
    return sites.filter(({ id }) => keeps.has(id));
  }

  private async show(tx: Tx, reached: Reached[], query: NearbyQuery): Promise<NearbyDto[]> {
    const at = this.instantOf(query);
    const ids = reached.map(({ id }) => id);
    const { sites, hours, ...priced } = await findDetails(tx, ids, query);
    const siteOf = new Map(sites.map((site) => [site.id, site]));
    const open = new Set(hours.filter((row) => isOpenThen(row, at)).map(({ id }) => id));
    const offerings = offeringsOf(priced, hours, at, query.priceMaxFen);
    return reached.flatMap(({ id, distanceM, seconds, estimated }) => {
      const row = siteOf.get(id);
      if (!row) return [];
      const { nameZh, nameEn, lng, lat, ...site } = row;
      return {
        site: { ...site, name: showName({ nameZh, nameEn }), location: { lng, lat } },
        distanceM: Math.round(distanceM),
        walkMinutes: Math.ceil(seconds / 60),
        estimated,
        open: open.has(id),
        offerings: offerings.get(id) ?? [],
      };
    });
  }

  private instantOf({ at }: NearbyQuery): Date {
    return at === undefined ? this.clock.now() : new Date(at);
  }
}

/** By site, the offerings with the most that they may cost on the site's day; with a limit only those within it. */
function offeringsOf(
  { offerings, standings }: Priced,
  hours: HoursRow[],
  at: Date,
  priceMaxFen: number | undefined,
): Map<string, NearbyOfferingDto[]> {
  const dayOf = new Map(hours.map(({ id, timeZone }) => [id, localTimeOf(at, timeZone).day]));
  const bySite = new Map<string, NearbyOfferingDto[]>();
  for (const offering of offerings) {
    const { siteId } = offering;
    const day = dayOf.get(siteId);
    const ceilingFen = day === undefined ? undefined : ceilingOn(standings.get(siteId) ?? [], offering, day);
    const priceCeilingFen = ceilingFen ?? null;
    if (priceMaxFen !== undefined && (priceCeilingFen === null || priceCeilingFen > priceMaxFen)) continue;
    const shown = { ...showOffering(offering), priceCeilingFen };
    bySite.set(siteId, [...(bySite.get(siteId) ?? []), shown]);
  }
  return bySite;
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

function showOffering({
  siteId: _site,
  regionCode: _region,
  nameZh,
  nameEn,
  ...offering
}: NearbyOfferingRow) {
  return { ...offering, name: showName({ nameZh, nameEn }) };
}
