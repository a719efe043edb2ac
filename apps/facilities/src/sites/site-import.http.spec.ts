import { xlsxOf } from '@doorstep/platform';
import { SiteSnapshot } from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import {
  aFrontEnd,
  anAdministrator,
  anAuthority,
  anOwner,
  startTestService,
  type TestService,
} from '@doorstep/testing';
import { encode } from 'iconv-lite';
import { REGIONS } from '../examples';
import { AppModule, Config, migrations } from '../index';
import { asBytes, BUILT, HEADER, line, rows } from './site-file.fixture';

let service: TestService;

beforeAll(async () => {
  service = await startTestService('facilities', AppModule, Config, migrations);
  const body = { source: 'test', year: 2023, rows: REGIONS };
  await service.as(anAdministrator()).post('/v1/regions/import').send(body).expect(200);
});
afterAll(() => service.stop());

function upload(
  actor: ReturnType<typeof anOwner>,
  lines: string[] | Buffer,
  query: object = {},
  type = 'text/csv',
) {
  const file = Buffer.isBuffer(lines) ? lines : Buffer.from([HEADER, ...lines].join('\n'));
  return service.as(actor).post('/v1/sites/import-file').query(query).set('content-type', type).send(file);
}

const sitesOf = async (actor: ReturnType<typeof anOwner>) =>
  (await service.as(actor).get('/v1/sites?limit=200').expect(200)).body.items;

describe('a file of sites', () => {
  const owner = anOwner(newId());

  it('may be rehearsed, then enters them, told and with their first milestone', async () => {
    const lines = [line('A'), line('B', { nameEn: 'B station' })];
    expect((await upload(owner, lines, { dryRun: 'true' }).expect(200)).body).toMatchObject({
      added: 2,
      dryRun: true,
    });
    expect(await sitesOf(owner)).toEqual([]);
    expect((await upload(owner, lines).expect(200)).body).toEqual({
      rows: 2,
      added: 2,
      changed: 0,
      unchanged: 0,
      dryRun: false,
      warningCount: 0,
      warnings: [],
    });
    const sites = await sitesOf(owner);
    expect(sites).toMatchObject([
      { code: 'A', name: { zh: 'A 服务站' }, status: 'operating', timeZone: 'Asia/Shanghai', version: 1 },
      { code: 'B', name: { zh: 'B 服务站', en: 'B station' }, holidays: { onHoliday: 'closed' } },
    ]);
    expect(sites[0].openingHours).toHaveLength(7);
    const told = (await service.told(SiteSnapshot)).filter(
      ({ operatorId }) => operatorId === owner.operatorId,
    );
    expect(told.map(({ code }) => code).sort()).toEqual(['A', 'B']);
    const milestones = await service.as(owner).get(`/v1/sites/${sites[0].id}/milestones`).expect(200);
    expect(milestones.body.items).toMatchObject([{ command: 'enter', status: 'operating' }]);
  });

  it('again changes nothing; with a difference changes that site alone', async () => {
    expect(
      (await upload(owner, [line('A'), line('B', { nameEn: 'B station' })]).expect(200)).body,
    ).toMatchObject({ unchanged: 2 });
    const answer = await upload(owner, [
      line('A', { areaM2: '130' }),
      line('B', { nameEn: 'B station' }),
      line('C'),
    ]);
    expect(answer.body).toMatchObject({ added: 1, changed: 1, unchanged: 1 });
    expect(
      (await sitesOf(owner)).map(({ code, version }: { code: string; version: number }) => [code, version]),
    ).toEqual([
      ['A', 2],
      ['B', 1],
      ['C', 1],
    ]);
  });

  it('tells line by line what guidelines would like to be different', async () => {
    const complex = (areaM2: string) => line(`X${areaM2}`, { form: 'complex', areaM2 });
    const lines = [line('A', { areaM2: '130' }), complex('599'), complex('700'), complex('900')];
    const { body } = await upload(owner, lines, { dryRun: 'true' }).expect(200);
    expect(body).toMatchObject({
      warningCount: 2,
      warnings: [
        { line: 3, code: 'complex_small' },
        { line: 4, code: 'complex_below_better' },
      ],
    });
  });

  it('without the columns of holidays leaves those rules as they are', async () => {
    const without = HEADER.replace(',onHoliday', '');
    const row = line('B', { nameEn: 'B station' }).replace(',"closed"', '');
    const { body } = await upload(owner, Buffer.from([without, row].join('\n'))).expect(200);
    expect(body).toMatchObject({ unchanged: 1 });
  });

  it('may be a workbook', async () => {
    const columns = HEADER.split(',');
    const rows = [line('W').slice(1, -1).split('","')];
    const file = await xlsxOf({ name: 'sites', columns, rows });
    expect((await upload(owner, file, {}, 'application/octet-stream').expect(200)).body).toMatchObject({
      added: 1,
    });
  });
});

describe('a file of building projects', () => {
  const owner = anOwner(newId());
  const project = (actor: ReturnType<typeof anOwner>, id: string) =>
    service.as(actor).get(`/v1/sites/${id}/project`).expect(200);
  const taken = async (actor: ReturnType<typeof anOwner>, query = ''): Promise<Buffer> => {
    const file = service.as(actor).get(`/v1/sites/file${query}`).expect(200);
    return (await file.buffer(true).parse(asBytes)).body;
  };
  const planned = `${line('P')},planned,,,,,,,2099-01-01,,,`;

  it('enters sites with the stages that they have reached, and what they cost', async () => {
    const { body } = await upload(owner, rows(BUILT, planned), { dryRun: 'true' }).expect(200);
    expect(body).toMatchObject({ added: 2, warningCount: 0 });
    expect((await upload(owner, rows(BUILT, planned)).expect(200)).body).toMatchObject({
      added: 2,
      changed: 0,
    });
    const [b, p] = await sitesOf(owner);
    expect([b.status, p.status]).toEqual(['operating', 'planned']);
    const { body: milestones } = await service.as(owner).get(`/v1/sites/${b.id}/milestones`).expect(200);
    expect(
      milestones.items.map((one: { command: string; status: string; day: string }) => [
        one.command,
        one.status,
      ]),
    ).toEqual([
      ...[
        ['enter', 'planned'],
        ['approve', 'approved'],
        ['build', 'building'],
        ['accept', 'accepted'],
      ],
      ...[
        ['hand_over', 'handed_over'],
        ['open', 'operating'],
      ],
    ]);
    expect(milestones.items.at(-1).day).toBe('2026-03-01');
    expect((await project(owner, b.id)).body).toMatchObject({
      ...{ costFen: 180_000_050, fundedFen: 180_000_050, plannedOpening: '2026-03-01', version: 1 },
      funding: [
        { source: 'central_budget', note: '发改投资〔2026〕88号' },
        { source: 'donation', amountFen: 50 },
      ],
    });
    expect((await upload(owner, rows(BUILT, planned)).expect(200)).body).toMatchObject({ unchanged: 2 });
  });

  it('lets a site go on, changes what its cells say and keeps what stands in none', async () => {
    const next = `${line('P')},approved,2026-02-01,,,,,,,2099-06-01,5000,`;
    const { body } = await upload(owner, rows(BUILT, next)).expect(200);
    expect(body).toMatchObject({ added: 0, changed: 1, unchanged: 1, warningCount: 1 });
    expect(body.warnings).toMatchObject([{ line: 3, code: 'project_underfunded' }]);
    const [, p] = await sitesOf(owner);
    expect(p).toMatchObject({ status: 'approved', version: 2 });
    expect((await project(owner, p.id)).body).toMatchObject({
      ...{ plannedStart: '2099-01-01', plannedOpening: '2099-06-01', costFen: 500_000, version: 2 },
    });
    const money = `${line('P')},,,,,,,,,,6000,`;
    expect((await upload(owner, rows(money)).expect(200)).body).toMatchObject({ changed: 1 });
    expect((await sitesOf(owner))[1].version).toBe(2);
    const told = (await service.told(SiteSnapshot)).filter(
      ({ code, operatorId }) => code === 'P' && operatorId === owner.operatorId,
    );
    expect(told.map(({ status }) => status)).toEqual(['planned', 'approved']);
  });

  it.each([
    ['a stage left out', `${line('X')},,2025-01-10,,,,2025-02-01,,,,,`, ['file:2.openedOn']],
    ['a day rewritten', `${line('B')},,2025-01-11,,,,,,,,,`, ['file:2.approvedOn']],
    ['another status than its days lead to', `${line('B')},closed,,,,,,,,,,`, ['file:2.status']],
    ['a status that is none', `${line('X')},open,,,,,,,,,,`, ['file:2.status']],
    ['an opening before the start', `${line('P')},,,,,,,,,2098-01-01,,`, ['file:2.plannedOpening']],
    [
      'money that is none, and a source of nowhere',
      `${line('X')},,,,,,,,,,much,lottery 5`,
      ['file:2.costYuan', 'file:2.funding'],
    ],
    ['funding that cannot be read', `${line('X')},,,,,,,,,,,a lot of money`, ['file:2.funding']],
  ])('%s is refused with its line', async (_what, row, fields) => {
    const before = await sitesOf(owner);
    const { body } = await upload(owner, rows(row)).expect(422);
    expect(body.code).toBe('site_rows_refused');
    expect(body.errors.map(({ field }: { field: string }) => field)).toEqual(fields);
    expect(await sitesOf(owner)).toEqual(before);
  });

  it.each(['csv', 'xlsx'])(
    'taken along as %s and handed in again changes nothing, and makes another’s the same',
    async (format) => {
      await upload(
        owner,
        rows(
          `${line('Z', { openingHours: '1 08:00-12:00 14:00-18:00; 2-7 09:00-10:00' })},suspended,,,,,,2026-01-01,,,,`,
        ),
      );
      const file = await taken(owner, `?format=${format}`);
      const type = format === 'csv' ? 'text/csv' : 'application/octet-stream';
      expect((await upload(owner, file, {}, type).expect(200)).body).toMatchObject({ rows: 3, unchanged: 3 });
      const other = anOwner(newId());
      expect((await upload(other, file, {}, type).expect(200)).body).toMatchObject({ added: 3 });
      expect((await taken(other)).toString()).toBe((await taken(owner)).toString());
    },
  );

  it('is taken along by whoever may see what building costs, of one operator', async () => {
    const official = anAuthority('3101');
    await service.as(official).get('/v1/sites/file').expect(422);
    const file = await taken(official, `?operatorId=${owner.operatorId}&regionCode=310101`);
    expect(file.toString().split('\r\n')).toHaveLength(5);
    const elsewhere = await taken(anAuthority('33'), `?operatorId=${owner.operatorId}`);
    expect(elsewhere.toString().trim().split('\r\n')).toHaveLength(1);
    await service.as(anOwner(newId())).get(`/v1/sites/file?operatorId=${owner.operatorId}`).expect(403);
    await service
      .as(aFrontEnd(owner.operatorId as string))
      .get('/v1/sites/file')
      .expect(403);
  });
});

describe('a broken file of sites enters nothing', () => {
  const owner = anOwner(newId());

  it.each([
    ['a form that is none', line('X', { form: 'palace' }), ['file:3.form']],
    ['hours that cannot be read', line('X', { openingHours: 'daily' }), ['file:3.openingHours']],
    ['hours that overlap', line('X', { openingHours: '1 08:00-12:00 11:00-13:00' }), ['file:3.openingHours']],
    ['swapped degrees', line('X', { lng: '31.2', lat: '121.4' }), ['file:3.lat']],
    ['an unknown region', line('X', { regionCode: '999999999' }), ['file:3.regionCode']],
    ['a formula', line('X', { nameZh: '=1+1' }), ['file:3.nameZh']],
    ['a code twice', line('OK'), ['file:3.code']],
    [
      'no name, and an area of nothing',
      line('X', { nameZh: '', areaM2: '0' }),
      ['file:3.nameZh', 'file:3.areaM2'],
    ],
  ])('%s', async (_what, row, fields) => {
    const { body } = await upload(owner, [line('OK'), row]).expect(422);
    expect(body).toMatchObject({ code: 'site_rows_refused', details: { faults: fields.length } });
    expect(body.errors.map(({ field }: { field: string }) => field)).toEqual(fields);
    expect(await sitesOf(owner)).toEqual([]);
  });

  it.each([
    ['in GBK', encode([HEADER, line('X')].join('\n'), 'gbk'), 422, 'file_not_utf8'],
    [
      'of too many rows',
      Buffer.from([HEADER, ...Array.from({ length: 5001 }, (_, i) => line(`X${i}`))].join('\n')),
      413,
      'file_too_long',
    ],
  ])('%s', async (_what, file, status, code) => {
    expect((await upload(owner, file).expect(status)).body.code).toBe(code);
    expect(await sitesOf(owner)).toEqual([]);
  });
});

describe('whose sites a file enters', () => {
  it("is the caller's own operator's, or the one that an authority names, in its region", async () => {
    const operatorId = newId();
    const authority = anAuthority('3101');
    expect((await upload(authority, [line('A')]).expect(422)).body.code).toBe('operator_missing');
    await upload(authority, [line('A')], { operatorId }).expect(200);
    const elsewhere = line('B', { regionCode: '330106002001' });
    expect((await upload(authority, [elsewhere], { operatorId }).expect(403)).body.code).toBe(
      'region_not_yours',
    );
    expect((await sitesOf(anOwner(operatorId))).map(({ code }: { code: string }) => code)).toEqual(['A']);
    expect((await upload(anOwner(newId()), [line('A')], { operatorId }).expect(403)).body.code).toBe(
      'operator_not_yours',
    );
    await upload(aFrontEnd(operatorId), [line('A')]).expect(403);
  });
});
