import { newId } from '@doorstep/kernel';
import {
  aFrontEnd,
  anAdministrator,
  anAuthority,
  anOwner,
  startTestService,
  type TestService,
} from '@doorstep/testing';
import readXlsxFile from 'read-excel-file/node';
import type { Response } from 'supertest';
import { anOffering, aSite, REGIONS } from '../examples';
import { AppModule, Config, migrations } from '../index';

let service: TestService;
const operatorId = newId();
const owner = anOwner(operatorId);
const authority = anAuthority('3101');

/** Four more communities of the street, 600 m apart to the east of the first. */
const MORE = [3, 4, 5, 6].map((n) => ({
  code: `31010101300${n}`,
  name: `第${n}社区居委会`,
  level: 'community',
  lng: 121.48 + n * 0.0063,
  lat: 31.24,
  crs: 'WGS84',
  households: n * 100,
  population60plus: n * 10,
}));

beforeAll(async () => {
  service = await startTestService('facilities', AppModule, Config, migrations);
  const without = { code: '310101013007', name: '无坐标社区', level: 'community', households: 1000 };
  const body = { source: 'test', year: 2023, rows: [...REGIONS, ...MORE, without] };
  await service.as(anAdministrator()).post('/v1/regions/import').send(body).expect(200);
  const { body: site } = await service.as(owner).post('/v1/sites').send(aSite()).expect(201);
  await service.as(owner).post(`/v1/sites/${site.id}/offerings`).send(anOffering()).expect(201);
  for (const regionCode of ['3101', '3301']) {
    const kind = {
      code: `tea_house_${regionCode.slice(0, 2)}`,
      name: { zh: '茶室', en: 'Tea house' },
      regionCode,
      urgentAndScarce: false,
    };
    await service.as(anAdministrator()).post('/v1/kinds').send(kind).expect(201);
  }
  const atHome = {
    kind: 'elderly_care',
    mode: 'visit',
    delivery: 'home',
    capacityModel: 'caregiver',
    skills: ['care'],
  };
  await service.as(owner).post(`/v1/sites/${site.id}/offerings`).send(anOffering(atHome)).expect(201);
});
afterAll(() => service.stop());

const get = (path: string, query: Record<string, unknown> = {}, actor = authority) =>
  service.as(actor).get(`/v1/regions/310101${path}`).query(query);

describe('the coverage of a district', () => {
  it('is told by kind, group and circle', async () => {
    const { body } = await get('/coverage').expect(200);
    expect(body).toMatchObject({
      region: { code: '310101', name: '黄浦区', level: 'district' },
      communities: 7,
      withoutCentroid: 1,
      withoutFigures: 0,
      sites: 1,
      floorArea: {
        ...{ areaM2: 900, households: 5800, per100HouseholdsM2: 15.52, guidelineM2: 30 },
        warnings: [{ code: 'floor_area_short', message: expect.stringContaining('840 m²') }],
      },
    });
    const kinds = body.kinds.map(({ kind }: { kind: string }) => kind);
    expect(kinds).toHaveLength(10);
    expect(kinds).toContain('tea_house_31');
    expect(kinds).not.toContain('tea_house_33');
    const meals = body.kinds.find(({ kind }: { kind: string }) => kind === 'meals');
    // 1500 households at the site, 1500 some 570 m east; the others from 1800 m on, and 1000 nobody knows where.
    expect(meals.groups[0]).toEqual({
      group: 'households',
      population: 1500 + 1500 + 1800 + 1000,
      circles: [
        { minutes: 5, covered: 1500, shareBp: 2586 },
        { minutes: 10, covered: 3000, shareBp: 5172 },
        { minutes: 15, covered: 3000, shareBp: 5172 },
      ],
    });
  });

  it('does not count what is given at home', async () => {
    const { body } = await get('/coverage', { kind: 'elderly_care', minutes: '15' }).expect(200);
    expect(body.kinds).toHaveLength(1);
    expect(body.kinds[0].groups[0].circles).toEqual([{ minutes: 15, covered: 0, shareBp: 0 }]);
  });

  it('depends on whose sites one may see', async () => {
    const covered = async (actor = owner) =>
      (await get('/coverage', { kind: 'meals', minutes: 15 }, actor).expect(200)).body.kinds[0].groups[0]
        .circles[0].covered;
    expect(await covered()).toBe(3000);
    expect(await covered(anOwner(newId()))).toBe(0);
    expect((await get('/coverage', {}, anAuthority('33')).expect(403)).body.code).toBe('region_not_yours');
    await get('/coverage', {}, aFrontEnd(operatorId)).expect(403);
  });

  it('is compared part by part, in pages', async () => {
    const { body } = await get('/coverage/parts', { kind: 'meals', level: 'street' }).expect(200);
    expect(body.items).toEqual([
      {
        region: { code: '310101013', name: '外滩街道', level: 'street' },
        communities: 7,
        population: 5800,
        covered: 3000,
        shareBp: 5172,
      },
    ]);
    const first = (await get('/coverage/parts', { kind: 'meals', level: 'community', limit: 4 }).expect(200))
      .body;
    const query = { kind: 'meals', level: 'community', limit: 4, cursor: first.nextCursor };
    const second = (await get('/coverage/parts', query).expect(200)).body;
    expect([...first.items, ...second.items].map(({ shareBp }: { shareBp: number }) => shareBp)).toEqual([
      10_000, 10_000, 0, 0, 0, 0, 0,
    ]);
  });
});

describe('gaps and proposals', () => {
  it('rank communities by their need', async () => {
    const first = (await get('/coverage/gaps', { kind: 'meals', limit: 3 }).expect(200)).body;
    expect(first.items.map((gap: { rank: number; uncovered: number }) => [gap.rank, gap.uncovered])).toEqual([
      [1, 1000],
      [2, 600],
      [3, 500],
    ]);
    expect(first.items[0].location).toBeNull();
    const second = (
      await get('/coverage/gaps', { kind: 'meals', limit: 3, cursor: first.nextCursor }).expect(200)
    ).body;
    expect(second.items.map((gap: { rank: number }) => gap.rank)).toEqual([4, 5]);
    expect(second.nextCursor).toBeNull();
  });

  it('say where to build next and what it brings', async () => {
    const { body } = await get('/coverage/proposals', { kind: 'meals', count: 5 }).expect(200);
    expect(body.items).toMatchObject([
      { rank: 1, region: { code: '310101013005' }, gain: 1500, coveredAfter: 4500, shareAfterBp: 7759 },
      { rank: 2, gain: 300, coveredAfter: 4800 },
    ]);
  });
});

describe('files', () => {
  const query = { kind: 'meals', level: 'community', minutes: 15 };

  it('come as CSV', async () => {
    const { text, headers } = await get('/coverage/file', query).expect(200);
    expect(headers['content-type']).toContain('text/csv');
    expect(headers['content-disposition']).toBe('attachment; filename="coverage-310101-meals-15min.csv"');
    const lines = text.replace('\uFEFF', '').trimEnd().split('\r\n');
    expect(lines).toHaveLength(8);
    expect(lines[1]).toBe('310101013001,310101013001社区居委会,助餐,15,户数,1,1500,1500,100,121.48,31.24');
  });

  it('come as a workbook', async () => {
    const { body } = await get('/coverage/file', { ...query, format: 'xlsx' })
      .buffer()
      .parse(binary)
      .expect(200);
    const [{ data }] = await readXlsxFile(body as Buffer);
    expect(data).toHaveLength(8);
    expect(data[1].slice(5, 9)).toEqual([1, 1500, 1500, 100]);
  });

  it('come as GeoJSON, a place without a point too', async () => {
    const { body } = await get('/coverage/file', { ...query, format: 'geojson' })
      .buffer()
      .parse(binary)
      .expect(200);
    const { type, features } = JSON.parse((body as Buffer).toString('utf8'));
    expect(type).toBe('FeatureCollection');
    expect(features[0]).toMatchObject({
      type: 'Feature',
      id: '310101013001',
      geometry: { type: 'Point', coordinates: [121.48, 31.24] },
      properties: { kind: 'meals', covered: 1500, sharePercent: 100 },
    });
    expect(features.at(-1)).toMatchObject({ id: '310101013007', geometry: null });
  });
});

describe('files of gaps and of places to build', () => {
  const query = { kind: 'meals', minutes: 15 };

  it('say the same as the lists', async () => {
    const gaps = (await get('/coverage/gaps', { ...query, limit: 200 }).expect(200)).body.items;
    const { text, headers } = await get('/coverage/file', { ...query, what: 'gaps' }).expect(200);
    expect(headers['content-disposition']).toBe('attachment; filename="gaps-310101-meals-15min.csv"');
    const [header, ...lines] = text.replace('\uFEFF', '').trimEnd().split('\r\n');
    expect(header).toBe('区划代码,名称,服务类型,步行分钟,人群,次序,未覆盖,经度,纬度');
    const listed = gaps.map((gap: { region: { code: string }; uncovered: number }) => [
      gap.region.code,
      String(gap.uncovered),
    ]);
    expect(lines.map((line) => [line.split(',')[0], line.split(',')[6]])).toEqual(listed);
    expect(listed.length).toBeGreaterThan(0);
  });

  it('come as maps and workbooks too', async () => {
    const { items } = (await get('/coverage/proposals', { ...query, count: 2 }).expect(200)).body;
    const asked = { ...query, what: 'proposals', count: 2 };
    const map = await get('/coverage/file', { ...asked, format: 'geojson' })
      .buffer()
      .parse(binary)
      .expect(200);
    const { features } = JSON.parse((map.body as Buffer).toString('utf8'));
    expect(features).toHaveLength(items.length);
    expect(features[0]).toMatchObject({
      id: items[0].region.code,
      geometry: { coordinates: [items[0].location.lng, items[0].location.lat] },
      properties: { rank: 1, gain: items[0].gain },
    });
    const book = await get('/coverage/file', { ...asked, format: 'xlsx', language: 'en' })
      .buffer()
      .parse(binary)
      .expect(200);
    const [{ data }] = await readXlsxFile(book.body as Buffer);
    expect(data[0].slice(5, 9)).toEqual(['Rank', 'Gain', 'Covered after', 'Share after (%)']);
    expect(data).toHaveLength(items.length + 1);
  });
});

describe('questions that make no sense', () => {
  it.each([
    ['/coverage', { minutes: '0' }, 400],
    ['/coverage', { minutes: '5,abc' }, 400],
    ['/coverage', { kind: 'teleportation' }, 422],
    ['/coverage/parts', {}, 400],
    ['/coverage/parts', { kind: 'meals', level: 'city' }, 422],
    ['/coverage/gaps', { kind: 'meals', group: 'cats' }, 400],
    ['/coverage/proposals', { kind: 'meals', count: 101 }, 400],
    ['/coverage/file', { kind: 'meals', format: 'pdf' }, 400],
    ['/coverage/file', { kind: 'meals', what: 'wishes' }, 400],
    ['/coverage/file', { kind: 'meals', limit: 5 }, 400],
  ])('%s %j', async (path, query, status) => {
    const { body } = await get(path, query).expect(status);
    expect(body.errors[0].field).toBeTruthy();
  });

  it('about a region that is not there', async () => {
    await service.as(anAdministrator()).get('/v1/regions/990000/coverage').expect(404);
  });
});

/** The body as bytes, whatever its type. */
function binary(response: Response, done: (error: Error | null, body: Buffer) => void): void {
  const chunks: Buffer[] = [];
  response.on('data', (chunk: Buffer) => chunks.push(chunk));
  response.on('end', () => done(null, Buffer.concat(chunks)));
}
