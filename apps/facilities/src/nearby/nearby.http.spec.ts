import { ContractSiteSnapshot, ContractSnapshot, event } from '@doorstep/contracts';
import { distanceM, newId } from '@doorstep/kernel';
import {
  aFrontEnd,
  anAdministrator,
  anAuthority,
  anOwner,
  startTestService,
  type TestService,
} from '@doorstep/testing';
import fc from 'fast-check';
import { anOffering, aSite, REGIONS } from '../examples';
import { AppModule, Config, migrations } from '../index';

let service: TestService;
const operatorId = newId();
const owner = anOwner(operatorId);
const frontEnd = aFrontEnd(operatorId);
const CENTRE = { lng: 121.48, lat: 31.24 };

interface Item {
  site: { id: string; code: string; operatorId: string };
  distanceM: number;
  walkMinutes: number;
  open: boolean;
  estimated: boolean;
  offerings: { kind: string; mode: string; name: { zh: string }; priceCeilingFen: number | null }[];
}

beforeAll(async () => {
  service = await startTestService('facilities', AppModule, Config, migrations);
  const body = { source: 'test', year: 2023, rows: REGIONS };
  await service.as(anAdministrator()).post('/v1/regions/import').send(body).expect(200);
});
afterAll(() => service.stop());

async function search(query: Record<string, unknown>, actor = frontEnd): Promise<Item[]> {
  const { body } = await service
    .as(actor)
    .get('/v1/nearby')
    .query({ ...CENTRE, ...query })
    .expect(200);
  return body.items;
}

/** Enters a site so many metres east of the centre. */
async function siteAt(
  metres: number,
  changes: Record<string, unknown> = {},
  offerings: Record<string, unknown>[] = [{}],
  actor = owner,
) {
  const lng = CENTRE.lng + metres / (111_195 * Math.cos((CENTRE.lat * Math.PI) / 180));
  const location = { lng, lat: CENTRE.lat, crs: 'WGS84' };
  const { body } = await service
    .as(actor)
    .post('/v1/sites')
    .send(aSite({ location, ...changes }))
    .expect(201);
  for (const offering of offerings) {
    await service.as(actor).post(`/v1/sites/${body.id}/offerings`).send(anOffering(offering)).expect(201);
  }
  return body.id as string;
}

const idsOf = (items: Item[]) => items.map(({ site }) => site.id);

describe('a search around a point', () => {
  let near: string;
  let far: string;
  let sport: string;

  beforeAll(async () => {
    far = await siteAt(900);
    near = await siteAt(300);
    const court = { kind: 'sports', capacityModel: 'exclusive', capacity: 1 };
    const nights = [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, opens: '18:00', closes: '02:00' }));
    const schedule = [{ weekday: 1, starts: '19:00', ends: '22:00', slotMinutes: 60 }];
    sport = await siteAt(500, { openingHours: nights }, [{ ...court, schedule }]);
    await siteAt(1200);
    const planned = await siteAt(100, { status: 'planned' });
    expect(planned).toBeTruthy();
    await siteAt(200, {}, [{}], anOwner(newId()));
  });

  it("finds the tenant's operating sites within the walk, nearest first", async () => {
    const items = await search({ minutes: 15 });
    expect(idsOf(items)).toEqual([near, sport, far]);
    expect(items[0]).toMatchObject({ distanceM: 375, walkMinutes: 5, estimated: true });
    expect(items[0].offerings[0]).toMatchObject({
      kind: 'meals',
      name: { zh: '社区午餐', en: 'Community lunch' },
    });
    expect(idsOf(await search({ minutes: 5 }))).toEqual([near]);
  });

  it('by kind and mode shows what was asked for only', async () => {
    expect(idsOf(await search({ kind: 'sports' }))).toEqual([sport]);
    expect((await search({ kind: 'sports' }))[0].offerings.map(({ kind }) => kind)).toEqual(['sports']);
    expect(await search({ kind: 'meals', mode: 'order' })).toEqual([]);
  });

  it('by the instant finds what is open then, in the time zone of the site', async () => {
    expect(idsOf(await search({ at: '2026-11-02T04:00:00Z' }))).toEqual([near, far]);
    expect(idsOf(await search({ at: '2026-11-03T01:30:00+08:00' }))).toEqual([sport]);
    expect((await search({ at: '2026-11-02T20:00:00Z' })).length).toBe(0);
  });

  it('takes a point from another map', async () => {
    expect(idsOf(await search({ lng: 121.4846, lat: 31.238, crs: 'GCJ02' }))).toEqual([near, sport, far]);
  });

  it('comes in pages', async () => {
    const page = async (cursor?: string) =>
      (
        await service
          .as(frontEnd)
          .get('/v1/nearby')
          .query({ ...CENTRE, limit: 2, cursor })
          .expect(200)
      ).body;
    const first = await page();
    const second = await page(first.nextCursor);
    expect(idsOf([...first.items, ...second.items])).toEqual([near, sport, far]);
    expect(second.nextCursor).toBeNull();
  });

  it('shows an administrator every tenant, an authority its region', async () => {
    expect(await search({}, anAdministrator())).toHaveLength(4);
    expect(await search({}, anAuthority('3101'))).toHaveLength(4);
    expect(await search({}, anAuthority('33'))).toHaveLength(0);
  });

  it.each([
    ['lng', { lng: 'east' }, 400],
    ['lat', { lng: 31.2, lat: 121.4 }, 422],
    ['crs', { crs: 'MARS' }, 400],
    ['minutes', { minutes: 61 }, 400],
    ['minutes', { minutes: 0 }, 400],
    ['at', { at: '2026-11-02' }, 400],
    ['at', { at: 'noon' }, 400],
    ['limit', { limit: 201 }, 400],
    ['priceMaxFen', { priceMaxFen: -1 }, 400],
    ['priceMaxFen', { priceMaxFen: 'cheap' }, 400],
    ['radius', { radius: 5 }, 400],
  ])('refuses a wrong %s: %j', async (field, query, status) => {
    const { body } = await service
      .as(frontEnd)
      .get('/v1/nearby')
      .query({ ...CENTRE, ...query })
      .expect(status);
    expect(body.errors[0].field).toBe(field);
  });
});

describe('a search with a price in mind', () => {
  const tenant = newId();
  const owner2 = anOwner(tenant);
  const frontEnd2 = aFrontEnd(tenant);
  const contractId = newId();
  const at = '2026-11-02T04:00:00Z';
  let contracted: string;
  let free: string;

  beforeAll(async () => {
    const both = [{}, { kind: 'sports' }];
    contracted = await siteAt(100, {}, both, owner2);
    free = await siteAt(200, {}, both, owner2);
    const version = { operatorId: tenant, version: 1, at };
    const contract = event(ContractSnapshot, {
      ...{ contractId, authorityId: newId(), number: 'C-1', status: 'active', ...version },
      ...{ from: '2026-01-01', to: '2027-01-01', services: [{ kind: 'meals', priceCeilingFen: 1500 }] },
      revisions: [
        {
          ...{ revision: 1, from: '2026-01-01', to: '2026-12-01' },
          services: [{ kind: 'meals', priceCeilingFen: 1500 }, { kind: 'sports' }],
        },
        {
          ...{ revision: 2, from: '2026-12-01', to: '2027-01-01' },
          services: [{ kind: 'meals', priceCeilingFen: 1200 }],
        },
      ],
    });
    await service.deliver(standing(1, true), contract);
  });

  /** The contract may be heard of before or after the sites under it. */
  const contractSiteId = newId();
  const standing = (version: number, inForce: boolean) =>
    event(ContractSiteSnapshot, {
      ...{ operatorId: tenant, contractSiteId, contractId, siteId: contracted, inForce, kinds: [] },
      ...{ from: '2026-01-01', to: '2027-01-01', version, at },
    });
  const found = async (query: Record<string, unknown>, actor = frontEnd2) =>
    (await search({ at, ...query }, actor)).map(({ site, offerings }) => [
      site.id,
      offerings.map(({ kind, priceCeilingFen }) => [kind, priceCeilingFen]),
    ]);

  it('shows the ceiling of the contract in force on that day', async () => {
    expect(await found({})).toEqual([
      [
        contracted,
        [
          ['meals', 1500],
          ['sports', null],
        ],
      ],
      [
        free,
        [
          ['meals', null],
          ['sports', null],
        ],
      ],
    ]);
    expect((await found({ at: '2026-12-01T04:00:00Z' }))[0]).toEqual([
      contracted,
      [
        ['meals', 1200],
        ['sports', null],
      ],
    ]);
  });

  it('finds what a contract keeps within it, and nothing else', async () => {
    expect(await found({ priceMaxFen: 1500 })).toEqual([[contracted, [['meals', 1500]]]]);
    expect(await found({ priceMaxFen: 1499 })).toEqual([]);
    expect(await found({ priceMaxFen: 1499, at: '2026-12-02T04:00:00Z' })).toHaveLength(1);
    expect(await found({ priceMaxFen: 1499, at: '2027-01-02T04:00:00Z' })).toEqual([]);
    expect(await found({ priceMaxFen: 9999, kind: 'sports' })).toEqual([]);
  });

  it('shows an authority of the region the same, one of another region nothing', async () => {
    const seen = await found({ priceMaxFen: 1500 }, anAuthority('3101'));
    expect(seen).toEqual([[contracted, [['meals', 1500]]]]);
    expect(await found({ priceMaxFen: 1500 }, anAuthority('33'))).toEqual([]);
    expect(await found({ priceMaxFen: 1500 }, aFrontEnd(newId()))).toEqual([]);
  });

  it('takes the newest word on a standing, in whatever order it comes', async () => {
    await service.deliver(standing(3, false), standing(2, true));
    expect(await found({ priceMaxFen: 1500 })).toEqual([]);
    await service.deliver(standing(4, true));
    expect(await found({ priceMaxFen: 1500 })).toHaveLength(1);
  });
});

describe('any search among many sites', () => {
  const tenant = newId();
  let sites: { id: string; lng: number; lat: number }[];

  beforeAll(async () => {
    // A city's worth of random sites around the point, and as many on the other side of the date line.
    const { rows } = await service.db.query(
      `INSERT INTO site (operator_id, code, name_zh, region_code, form, tier, space_source, status, lng, lat, source_lng,
                         source_lat, source_crs, time_zone, area_m2, opening_hours, version, created_at, updated_at)
       SELECT $1, 'R' || n, '点', '310101013001', 'point', 'community', 'convert', 'operating', lng, lat, lng, lat, 'WGS84',
              'Asia/Shanghai', 50, '[]', 1, now(), now()
       FROM (SELECT n, CASE WHEN n % 2 = 0 THEN 121.48 + (random() - 0.5) * 0.1
                            WHEN n % 4 = 1 THEN -180 + random() * 0.05 ELSE 180 - random() * 0.05 END AS lng,
                    CASE WHEN n % 2 = 0 THEN 31.24 + (random() - 0.5) * 0.1 ELSE 51.9 + random() * 0.05 END AS lat
             FROM generate_series(1, 3000) AS n OFFSET 0) AS random_points
       RETURNING id, lng, lat`,
      [tenant],
    );
    sites = rows;
  });

  it('equals counting them one by one', async () => {
    const inCity = fc.record({
      lng: fc.double({ min: 121.42, max: 121.54, noNaN: true }),
      lat: fc.double({ min: 31.18, max: 31.3, noNaN: true }),
    });
    const atDateLine = fc.record({
      lng: fc.double({ min: 179.96, max: 180.04, noNaN: true }).map((lng) => (lng > 180 ? lng - 360 : lng)),
      lat: fc.double({ min: 51.9, max: 51.95, noNaN: true }),
    });
    const actor = aFrontEnd(tenant);
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(inCity, atDateLine),
        fc.integer({ min: 1, max: 30 }),
        async (point, minutes) => {
          const items = await search({ ...point, minutes, limit: 200 }, actor);
          const rounded = { lng: Math.round(point.lng * 1e7) / 1e7, lat: Math.round(point.lat * 1e7) / 1e7 };
          const expected = sites
            .map((site) => ({ id: site.id, metres: distanceM(rounded, site) * 1.25 }))
            .filter(({ metres }) => metres <= minutes * 80)
            .sort((a, b) => a.metres - b.metres)
            .slice(0, 200);
          expect(idsOf(items)).toEqual(expected.map(({ id }) => id));
        },
      ),
      { numRuns: 60 },
    );
  }, 60_000);
});
