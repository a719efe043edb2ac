import type { OfferingSnapshot, SiteSnapshot } from '@doorstep/contracts';
import { aSiteManager } from '@doorstep/testing';
import { daily } from '../testing/neighbours.fixture';
import { startWorld, TODAY, TOMORROW, type World } from '../testing/world.fixture';
import type { FirstFreeDto } from './first-free.dto';

const CENTRE = { lng: 121.48, lat: 31.23 };

describe('the first free session within a walk', () => {
  let world: World;
  const sites: SiteSnapshot[] = [];
  const lunches: OfferingSnapshot[] = [];

  /** So many metres east of the centre. */
  const east = (metres: number) => ({
    lng: CENTRE.lng + metres / (111_195 * Math.cos((CENTRE.lat * Math.PI) / 180)),
    lat: CENTRE.lat,
  });
  const find = async (query: Record<string, unknown> = {}, by = world.frontEnd): Promise<FirstFreeDto[]> => {
    const { body } = await by
      .get('/v1/availability/first-free')
      .query({ ...CENTRE, ...query })
      .expect(200);
    return (body as { items: FirstFreeDto[] }).items;
  };
  const days = (found: FirstFreeDto[]) => found.map(({ siteId, first }) => [siteId, first.day]);

  beforeAll(async () => {
    world = await startWorld({ PERIODIC: 'false', SESSION_HORIZON_DAYS: '6' });
    for (const metres of [800, 300, 1500]) {
      const site = world.site(east(metres));
      sites.push(site);
      lunches.push(world.offering({ siteId: site.siteId, capacity: 2 }));
    }
    const contracts = sites.map(({ siteId }) => world.contractSite(siteId));
    await world.service.deliver(world.contract(), ...contracts, ...sites, ...lunches);
    for (const { offeringId } of lunches) await world.sessions(offeringId);
  });
  afterAll(() => world.service.stop());

  it('is given for each site, nearest first, and no farther than the walk', async () => {
    const found = await find();
    expect(found).toMatchObject([
      {
        siteId: sites[1]?.siteId,
        distanceM: 375,
        walkMinutes: 5,
        first: { day: TODAY, bookable: true, free: 2 },
      },
      { siteId: sites[0]?.siteId, distanceM: 1000, walkMinutes: 13, first: { day: TODAY, reasons: [] } },
    ]);
    expect((await find({ minutes: 60 })).length).toBe(3);
    // The same place by a map of Amap's, some 500 m away by its numbers.
    const [near] = await find({ lng: 121.484502, lat: 31.22804, crs: 'GCJ02' });
    expect(near).toMatchObject({ siteId: sites[1]?.siteId, walkMinutes: 5 });
    expect((await find({ minutes: 5 })).length).toBe(1);
  });

  it('can be booked, and what is full gives way to the next', async () => {
    const [near] = await find();
    const { sessionId, offeringId } = near?.first ?? { sessionId: '', offeringId: '' };
    await world.book({ offeringId }, sessionId, await world.resident(), { partySize: 2 }).expect(202);
    expect(days(await find())[0]).toEqual([sites[1]?.siteId, TOMORROW]);
    // A hold that lapses is free again at once.
    world.clock.advance({ minutes: 6 });
    expect(days(await find())[0]).toEqual([sites[1]?.siteId, TODAY]);
    expect(days(await find({ partySize: 3 }))).toEqual([]);
  });

  it('asks what the resident may have: the same decision as everywhere', async () => {
    const [child, adult] = [
      await world.resident({ birthDate: '2024-01-01', consents: [] }),
      await world.resident(),
    ];
    expect(await find({ residentId: child })).toEqual([]);
    const [first] = await find({ residentId: adult });
    await world.book(first?.first ?? { offeringId: '' }, first?.first.sessionId ?? '', adult).expect(202);
    expect(days(await find({ residentId: adult }))).toEqual([
      [sites[1]?.siteId, TOMORROW],
      [sites[0]?.siteId, TOMORROW],
    ]);
  });

  it('looks far enough where the first sessions can’t be booked', async () => {
    const site = world.site({ ...east(100), timeZone: 'UTC' });
    // One a quarter of an hour, open for booking only close to it: the first dozens are greyed.
    const { siteId } = site;
    const soon = world.offering({
      siteId,
      ...{ kind: 'sports', code: 'GYM', schedule: daily('07:00', '21:00', 15), cutoffMinutes: 60 * 24 * 2 },
    });
    await world.service.deliver(world.contractSite(siteId), site, soon);
    await world.sessions(soon.offeringId, '2026-11-05');
    const [gym] = await find({ kind: 'sports' });
    expect(gym).toMatchObject({ siteId, first: { bookable: true, day: '2026-11-04' } });
    const shown = await world.sessions(soon.offeringId, '2026-11-02', '2026-11-07');
    expect(shown.find(({ bookable }) => bookable)?.sessionId).toBe(gym?.first.sessionId);
  });

  it('comes by kind and mode, in pages, and for one’s own sites alone', async () => {
    expect(await find({ kind: 'culture' })).toEqual([]);
    expect(await find({ kind: 'meals', mode: 'order' })).toEqual([]);
    const { body } = await world.frontEnd
      .get('/v1/availability/first-free')
      .query({ ...CENTRE, kind: 'meals', limit: 1 })
      .expect(200);
    const rest = await find({ kind: 'meals', limit: 1, cursor: body.nextCursor });
    expect([body.items[0].siteId, rest[0]?.siteId]).toEqual([sites[1]?.siteId, sites[0]?.siteId]);
    const manager = world.service.as(aSiteManager(world.operatorId, [sites[0]?.siteId ?? '']));
    expect((await find({ kind: 'meals' }, manager)).map(({ siteId }) => siteId)).toEqual([sites[0]?.siteId]);
  });

  it('refuses what is no point on Earth', async () => {
    for (const [query, status] of [
      [{ lng: 181 }, 422],
      [{ lat: 'north' }, 400],
      [{ minutes: 61 }, 400],
      [{ crs: 'MARS' }, 400],
      [{ from: '2026-02-30T00:00:00Z' }, 400],
    ] as const) {
      await world.frontEnd
        .get('/v1/availability/first-free')
        .query({ ...CENTRE, ...query })
        .expect(status);
    }
  });
});
