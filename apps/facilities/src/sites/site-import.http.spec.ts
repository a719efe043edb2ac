import { type Actor, xlsxOf } from '@doorstep/platform';
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
import { asBytes, HEADER, line, sitesSeen, uploadTo } from './site-file.fixture';

let service: TestService;

beforeAll(async () => {
  service = await startTestService('facilities', AppModule, Config, migrations);
  const body = { source: 'test', year: 2023, rows: REGIONS };
  await service.as(anAdministrator()).post('/v1/regions/import').send(body).expect(200);
});
afterAll(() => service.stop());

const upload = (actor: Actor, lines: string[] | Buffer, query: object = {}, type = 'text/csv') =>
  uploadTo(service, actor, lines, query, type);
const sitesOf = (actor: Actor) => sitesSeen(service, actor);

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
      clearedCount: 0,
      cleared: [],
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

  it('leaves as it is what it has no column for, and clears where a cell is empty', async () => {
    const zone = Buffer.from([`${HEADER},timeZone`, `${line('B', { nameEn: 'B' })},Asia/Urumqi`].join('\n'));
    expect((await upload(owner, zone).expect(200)).body).toMatchObject({ changed: 1, cleared: [] });
    const without = HEADER.replace(',nameEn', '').replace(',onHoliday', '');
    const row = line('B').replace(',""', '').replace(',"closed"', '');
    const kept = await upload(owner, Buffer.from([without, row].join('\n'))).expect(200);
    expect(kept.body).toMatchObject({ unchanged: 1, clearedCount: 0 });
    const empty = Buffer.from([`${HEADER},timeZone`, `${line('B', { onHoliday: '' })},`].join('\n'));
    const cleared = [
      { line: 2, field: 'nameEn', was: 'B' },
      { line: 2, field: 'timeZone', was: 'Asia/Urumqi' },
      { line: 2, field: 'onHoliday', was: 'closed' },
    ];
    for (const dryRun of ['true', 'false']) {
      const { body } = await upload(owner, empty, { dryRun }).expect(200);
      expect(body).toMatchObject({ changed: 1, clearedCount: 3, cleared });
    }
    const site = (await sitesOf(owner)).find(({ code }: { code: string }) => code === 'B');
    expect(site).toMatchObject({ name: { zh: 'B 服务站' }, timeZone: 'Asia/Shanghai' });
    expect(site.name).not.toHaveProperty('en');
    expect(site.holidays).toEqual({ onHoliday: 'as_usual', onMakeUpWorkday: 'as_usual' });
    expect((await upload(owner, empty).expect(200)).body).toMatchObject({ unchanged: 1, clearedCount: 0 });
  });

  it('sets opening exceptions where it has a column for them, and only there', async () => {
    const exceptionsOf = async () =>
      (await sitesOf(owner)).find(({ code }: { code: string }) => code === 'B').openingExceptions;
    const upTo = (cell: string) =>
      upload(owner, Buffer.from([`${HEADER},openingExceptions`, `${line('B')},${cell}`].join('\n')));
    await upTo('2027-02-05..2027-02-11 closed 春节').expect(200);
    const kept = [{ from: '2027-02-05', to: '2027-02-12', reason: '春节', spans: [] }];
    expect(await exceptionsOf()).toEqual(kept);
    await upload(owner, [line('B')]).expect(200);
    expect(await exceptionsOf()).toEqual(kept);
    for (const cell of ['always', '2027-02-30 closed', '2027-02-05 09:00-12:00 11:00-13:00']) {
      const { body } = await upTo(cell).expect(422);
      expect(body.errors).toMatchObject([{ field: 'file:2.openingExceptions' }]);
    }
    const cleared = [{ line: 2, field: 'openingExceptions', was: '2027-02-05..2027-02-11 closed "春节"' }];
    expect((await upTo('').expect(200)).body).toMatchObject({ cleared });
    expect(await exceptionsOf()).toEqual([]);
  });

  it('says why stages were reached where it has a column for it, and never changes what happened', async () => {
    const byHand = anOwner(newId());
    await upload(byHand, [line('A'), line('B')]).expect(200);
    const [{ id }] = await sitesOf(byHand);
    const path = `/v1/sites/${id}/milestones`;
    for (const [command, note] of [['suspend', '消防; "整改"'], ['resume'], ['suspend', ' 装修 ']])
      await service.as(byHand).post(path).send({ command, day: '2026-05-01', note }).expect(201);
    const notes = async () =>
      (await service.as(byHand).get(path).expect(200)).body.items.map((one: { note: string }) => one.note);
    const said = [null, '消防; "整改"', null, ' 装修 '];
    const taken = async (format: string): Promise<Buffer> =>
      (await service.as(byHand).get(`/v1/sites/file?format=${format}`).buffer(true).parse(asBytes)).body;
    expect((await taken('csv')).toString()).toContain(`suspendedOn 2026-05-01 ${'""'}消防; ${'""""'}整改`);
    for (const [format, type] of [
      ['csv', 'text/csv'],
      ['xlsx', 'application/octet-stream'],
    ]) {
      const { body } = await upload(byHand, await taken(format), {}, type).expect(200);
      expect(body).toMatchObject({ unchanged: 2, clearedCount: 0 });
    }
    expect((await upload(byHand, [line('A')]).expect(200)).body).toMatchObject({ unchanged: 1 });
    expect(await notes()).toEqual(said);
    const header = `${HEADER},suspendedOn,resumedOn,milestoneNotes`;
    const row = (code: string, ...cells: string[]) =>
      upload(byHand, Buffer.from([header, [line(code), ...cells].join()].join('\n')));
    const further = ['', '2026-06-01', 'resumedOn 2026-06-01 复业; suspendedOn 2026-05-01 消防'];
    expect((await row('A', ...further).expect(200)).body).toMatchObject({
      ...{
        changed: 1,
        cleared: [{ line: 2, field: 'milestoneNotes', was: 'suspendedOn 2026-05-01 " 装修 "' }],
      },
    });
    expect(await notes()).toEqual([null, '消防', null, null, '复业']);
    expect((await row('A', '', '', '').expect(200)).body).toMatchObject({ changed: 1, clearedCount: 1 });
    expect(await notes()).toEqual([null, null, null, null, null]);
    await row('B', '2026-04-01', '', 'suspendedOn 2026-04-01 停电').expect(200);
    for (const cell of [
      '停电',
      'suspendedOn 2026-04-02 停电',
      `suspendedOn 2026-04-01 ${'长'.repeat(501)}`,
    ]) {
      const { body } = await row('B', '', '', cell).expect(422);
      expect(body.errors).toMatchObject([{ field: 'file:2.milestoneNotes' }]);
    }
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
