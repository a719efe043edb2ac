import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { RegionSnapshot, SiteSnapshot } from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import { anAdministrator, anAuthority, anOwner, startTestService, type TestService } from '@doorstep/testing';
import { anOffering, aSite, REGIONS } from '../examples';
import { AppModule, Config, migrations } from '../index';
import { uploadTo } from '../sites/site-file.fixture';
import { runImportRegions } from './import-regions.command';

let service: TestService;
const administrator = anAdministrator();
const owner = anOwner(newId());
const edition = { source: 'NBS 2024', year: 2024 };
const STREET = '310101013';
const NEW_STREET = '310101099';

/** 外滩 becomes a street of another code: 001 and 002 are merged, 003 is split. */
const FRESH = [
  { code: NEW_STREET, name: '外滩新街道' },
  ...['001', '002', '003'].map((last) => ({ code: `${NEW_STREET}${last}`, name: `新${last}社区居委会` })),
];
const REVISION = [
  [STREET, NEW_STREET],
  [`${STREET}001`, `${NEW_STREET}001`],
  [`${STREET}002`, `${NEW_STREET}001`],
  [`${STREET}003`, `${NEW_STREET}002`],
  [`${STREET}003`, `${NEW_STREET}003`],
].map(([oldCode, newCode]) => ({ oldCode, newCode }));

beforeAll(async () => {
  service = await startTestService('facilities', AppModule, Config, migrations);
  const rows = [...REGIONS, { code: `${STREET}003`, name: '将分社区居委会' }];
  await importRows(rows, { source: 'NBS 2023', year: 2023 });
  await importRows([{ code: STREET, name: '外滩办' }, ...FRESH], edition);
});
afterAll(() => service.stop());

async function importRows(rows: unknown[], of: { source: string; year: number }) {
  const body = { ...of, rows };
  await service.as(administrator).post('/v1/regions/import').send(body).expect(200);
}

function revise(successions: unknown[], changes: Record<string, unknown> = {}) {
  const body = { source: 'NBS 2025', year: 2025, successions, ...changes };
  return service.as(administrator).post('/v1/regions/successions').send(body);
}

const told = async (code: string) =>
  (await service.told(RegionSnapshot)).filter((one) => one.code === code).at(-1);
const regionOf = async (id: string) => (await service.as(owner).get(`/v1/sites/${id}`).expect(200)).body;
const history = async (code: string) =>
  (await service.as(owner).get(`/v1/regions/${code}/history`).expect(200)).body;

describe('a revision of the codes', () => {
  const sites: string[] = [];
  let offeringId: string;

  beforeAll(async () => {
    for (const last of ['001', '002', '003']) {
      const body = aSite({ regionCode: `${STREET}${last}` });
      sites.push((await service.as(owner).post('/v1/sites').send(body).expect(201)).body.id);
    }
    const path = `/v1/sites/${sites[0]}/offerings`;
    offeringId = (await service.as(owner).post(path).send(anOffering()).expect(201)).body.id;
  });

  it('counts the rules of old codes', async () => {
    const rule = { validFrom: '2099-01-01', complexAreaMinM2: 500, source: 'a street of its own' };
    await service.as(administrator).post(`/v1/regions/${STREET}/guidelines`).send(rule).expect(201);
    const { body } = await revise(REVISION, { dryRun: true }).expect(200);
    expect(body.rulesUndecided).toBe(1);
  });

  it.each([
    ['of a street whose communities stay', [REVISION[0]], 'successions[0].oldCode'],
    ['into a code that nobody knows', [{ oldCode: STREET, newCode: '310101098' }], 'successions[0].newCode'],
  ])('%s is refused whole', async (_what, rows, field) => {
    const { body } = await revise(rows).expect(422);
    expect(body).toMatchObject({ code: 'successions_refused', errors: [{ field }] });
    expect((await service.as(owner).get(`/v1/regions/${STREET}`)).body.retiredYear).toBeNull();
  });

  it('of codes that its edition still names is refused', async () => {
    const { body } = await revise(REVISION, { year: 2024 }).expect(422);
    expect(body.errors).toMatchObject([{ field: 'successions[0].oldCode' }]);
  });

  it('is for administrators', async () => {
    const body = { ...edition, successions: REVISION };
    for (const actor of [owner, anAuthority('31')])
      await service.as(actor).post('/v1/regions/successions').send(body).expect(403);
    await revise([]).expect(400);
    await revise([{ oldCode: 'x', newCode: 3 }]).expect(400);
  });

  it('may be rehearsed', async () => {
    const { body } = await revise(REVISION, { dryRun: true }).expect(200);
    expect(body).toMatchObject({ retired: 4, sitesMoved: 2, sitesUndecided: 1, dryRun: true });
    expect((await regionOf(sites[0])).regionCode).toBe(`${STREET}001`);
    expect((await told(STREET))?.retiredYear).toBeUndefined();
  });

  it('retires old codes and moves the sites that have one place to go, with all that is theirs', async () => {
    const { body } = await revise(REVISION).expect(200);
    expect(body).toMatchObject({ retired: 4, sitesMoved: 2, sitesUndecided: 1, dryRun: false });
    for (const id of sites.slice(0, 2))
      expect(await regionOf(id)).toMatchObject({ regionCode: `${NEW_STREET}001`, version: 2 });
    expect((await regionOf(sites[2])).regionCode).toBe(`${STREET}003`);
    const authority = service.as(anAuthority(NEW_STREET));
    await authority.get(`/v1/offerings/${offeringId}`).expect(200);
    const milestones = await authority.get(`/v1/sites/${sites[0]}/milestones`).expect(200);
    expect(milestones.body.items).toHaveLength(1);
  });

  it('tells regions and sites', async () => {
    expect(await told(`${STREET}003`)).toMatchObject({
      retiredYear: 2025,
      successorCodes: [`${NEW_STREET}002`, `${NEW_STREET}003`],
    });
    const moved = (await service.told(SiteSnapshot)).filter(({ siteId }) => siteId === sites[1]);
    expect(moved.at(-1)).toMatchObject({ regionCode: `${NEW_STREET}001`, version: 2 });
  });

  it('again changes and tells nothing', async () => {
    const before = (await service.told(RegionSnapshot)).length;
    const { body } = await revise(REVISION).expect(200);
    expect(body).toMatchObject({ retired: 0, sitesMoved: 0, sitesUndecided: 1 });
    expect((await service.told(RegionSnapshot)).length).toBe(before);
  });

  it('keeps names and codes of the past', async () => {
    expect(await history(STREET)).toMatchObject({
      names: [{ name: '外滩街道', year: 2023, untilYear: 2024, source: 'NBS 2023' }],
      successors: [{ code: NEW_STREET, year: 2025, kind: 'renamed' }],
      predecessors: [],
    });
    const kinds = (rows: { kind: string }[]) => rows.map(({ kind }) => kind);
    expect(kinds((await history(`${NEW_STREET}001`)).predecessors)).toEqual(['merged', 'merged']);
    expect(kinds((await history(`${STREET}003`)).successors)).toEqual(['split', 'split']);
  });
});

describe('a retired region', () => {
  it('is left out of lists, unless it is asked for', async () => {
    const list = async (query: string) =>
      (await service.as(owner).get(`/v1/regions?${query}`).expect(200)).body.items.map(
        ({ code }: { code: string }) => code,
      );
    expect(await list(`within=${STREET}`)).toEqual([]);
    expect(await list(`within=${STREET}&retired=true&level=street`)).toEqual([STREET]);
  });

  it('takes no new sites, and says where they go instead', async () => {
    const body = aSite({ regionCode: `${STREET}003` });
    const refusal = await service.as(owner).post('/v1/sites').send(body).expect(422);
    expect(refusal.body.errors[0].reason).toContain('given up in 2025');
    const file = (await service.as(owner).get('/v1/sites/file').expect(200)).text;
    const { body: same } = await uploadTo(service, owner, Buffer.from(file)).expect(200);
    expect(same).toMatchObject({ rows: 3, unchanged: 3 });
    const moved = file.replace(`${NEW_STREET}001`, `${STREET}003`);
    const { body: refused } = await uploadTo(service, owner, Buffer.from(moved)).expect(422);
    expect(refused.errors).toMatchObject([{ field: 'file:2.regionCode' }]);
  });

  it('comes back when a later edition names it again', async () => {
    await importRows([{ code: `${STREET}003`, name: '又是社区居委会' }], { source: 'NBS 2026', year: 2026 });
    expect((await told(`${STREET}003`))?.retiredYear).toBeUndefined();
    const found = await service.as(owner).get(`/v1/regions/${STREET}003`).expect(200);
    expect(found.body).toMatchObject({ retiredYear: null, year: 2026 });
  });
});

describe('a file of successions', () => {
  const upload = (lines: string[], query: object = {}) =>
    service
      .as(administrator)
      .post('/v1/regions/successions/import-file')
      .query({ source: 'NBS 2026', year: 2026, ...query })
      .set('content-type', 'text/csv')
      .send(Buffer.from(['oldCode,newCode', ...lines, ''].join('\n')));
  const rows = [`${NEW_STREET}003,${NEW_STREET}002`];

  it('is rehearsed and revises codes as a list does, once', async () => {
    const { body: rehearsed } = await upload(rows, { dryRun: 'true' }).expect(200);
    expect(rehearsed).toMatchObject({ rows: 1, retired: 1, dryRun: true });
    expect((await history(`${NEW_STREET}003`)).successors).toEqual([]);
    expect((await upload(rows).expect(200)).body).toMatchObject({ rows: 1, retired: 1, dryRun: false });
    expect((await upload(rows).expect(200)).body).toMatchObject({ rows: 1, retired: 0 });
    expect((await history(`${NEW_STREET}003`)).successors).toMatchObject([{ code: `${NEW_STREET}002` }]);
  });

  it('with faults is refused whole, and names their lines', async () => {
    const { body } = await upload(['', `${NEW_STREET}002,${NEW_STREET}001`, '999999,=1+1']).expect(422);
    const fields = body.errors.map(({ field }: { field: string }) => field);
    expect([body.code, fields]).toEqual([
      'successions_refused',
      ['file:4.oldCode', 'file:4.newCode', 'file:4.newCode'],
    ]);
    expect((await history(`${NEW_STREET}002`)).successors).toEqual([]);
    await upload([]).expect(422);
    await upload(rows, { year: 'soon' }).expect(400);
  });
});

describe('the command', () => {
  it('reads a file of successions and names the lines at fault', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'doorstep-revision-'));
    const file = join(folder, 'revision.csv');
    let said = '';
    const run = async (...lines: string[]) => {
      await writeFile(file, ['oldCode,newCode', ...lines, ''].join('\n'));
      const env = { DATABASE_URL: service.running.app.get(Config).databaseUrl };
      const args = ['--file', file, '--successions', '--source', 'NBS 2027', '--year', '2027'];
      return runImportRegions(args, env, (text) => (said = text));
    };
    expect(await run('', `${NEW_STREET}002,${NEW_STREET}001`, '999999,1')).toBe(1);
    expect(said).toContain('revision.csv line 4: oldCode');
    expect(await run(`${NEW_STREET}002,${NEW_STREET}001`)).toBe(0);
    expect(said).toMatch(
      /^1 rows in .*: 1 codes retired, 0 sites moved, 0 sites and 0 rules to be decided\.$/,
    );
    await rm(dirname(file), { recursive: true });
  });
});
