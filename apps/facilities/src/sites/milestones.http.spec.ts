import { SiteSnapshot } from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import type { Actor } from '@doorstep/platform';
import {
  aFrontEnd,
  anAdministrator,
  anAuthority,
  anOwner,
  FixedClock,
  startTestService,
  type TestService,
} from '@doorstep/testing';
import { aSite, REGIONS } from '../examples';
import { AppModule, Config, migrations } from '../index';
import { asBytes, BUILT, HEADER, line, rows, sitesSeen, uploadTo } from './site-file.fixture';

let service: TestService;
const clock = new FixedClock('2026-11-02T01:00:00Z');
const owner = anOwner(newId());

beforeAll(async () => {
  service = await startTestService('facilities', AppModule, Config, migrations, { clock });
  const body = { source: 'test', year: 2023, rows: REGIONS };
  await service.as(anAdministrator()).post('/v1/regions/import').send(body).expect(200);
});
afterAll(() => service.stop());

async function created(changes: Record<string, unknown> = {}): Promise<{ id: string }> {
  return (await service.as(owner).post('/v1/sites').send(aSite(changes)).expect(201)).body;
}

const snapshotsOf = async (siteId: string) =>
  (await service.told(SiteSnapshot)).filter((one) => one.siteId === siteId);

describe('the life of a site', () => {
  const record = (id: string, command: string, more = {}) =>
    service
      .as(owner)
      .post(`/v1/sites/${id}/milestones`)
      .send({ command, ...more });

  it('goes from plan to operation, milestone by milestone', async () => {
    const site = await created({ status: 'planned' });
    for (const command of ['approve', 'build', 'accept', 'hand_over'])
      await record(site.id, command, { day: '2026-10-30' }).expect(201);
    const { body } = await record(site.id, 'open', { day: '2026-11-01', note: '开业' }).expect(201);
    expect(body).toMatchObject({ status: 'operating', version: 6 });
    const list = await service.as(owner).get(`/v1/sites/${site.id}/milestones`).expect(200);
    expect(
      list.body.items.map((one: { command: string; status: string }) => [one.command, one.status]),
    ).toEqual([
      ['enter', 'planned'],
      ['approve', 'approved'],
      ['build', 'building'],
      ['accept', 'accepted'],
      ['hand_over', 'handed_over'],
      ['open', 'operating'],
    ]);
    expect(list.body.items[5]).toMatchObject({ day: '2026-11-01', note: '开业' });
  });

  it('refuses what does not fit its status, and days to come', async () => {
    const site = await created();
    expect((await record(site.id, 'approve').expect(409)).body).toMatchObject({
      code: 'site_operating',
      details: { allowed: ['suspend', 'close'] },
    });
    expect((await record(site.id, 'suspend', { day: '2026-11-03' }).expect(422)).body.errors[0].field).toBe(
      'day',
    );
    await record(site.id, 'demolish').expect(400);
    await record(site.id, 'suspend', { day: '2026-10-20' }).expect(201);
    expect((await record(site.id, 'resume', { day: '2026-10-19' }).expect(422)).body.code).toBe(
      'milestone_before_the_last',
    );
  });

  it('tells of a suspension', async () => {
    const site = await created();
    await record(site.id, 'suspend').expect(201);
    expect((await snapshotsOf(site.id)).at(-1)).toMatchObject({ status: 'suspended', version: 2 });
  });

  it('cannot be rewritten, not even by the service', async () => {
    const { rows } = await service.db.query(
      `SELECT has_table_privilege('facilities_app', 'site_milestone', 'UPDATE, DELETE') AS may, ARRAY(
         SELECT attname::text FROM pg_attribute WHERE attrelid = 'site_milestone'::regclass AND attnum > 0
           AND has_column_privilege('facilities_app', attrelid, attnum, 'UPDATE')) AS columns`,
    );
    expect(rows).toEqual([{ may: false, columns: ['note'] }]);
  });
});

describe('the building project of a site', () => {
  const set = (id: string, body: Record<string, unknown>, actor = owner) =>
    service.as(actor).put(`/v1/sites/${id}/project`).send(body);
  const figures = {
    costFen: 300_000_000,
    funding: [{ source: 'central_budget', amountFen: 180_000_000, note: '发改投资〔2026〕88号' }],
    plannedStart: '2026-03-01',
    plannedOpening: '2026-10-01',
  };

  it('is empty until it is entered, and warns of what is missing and late', async () => {
    const { id } = await created({ status: 'planned', areaM2: 600 });
    const empty = await service.as(owner).get(`/v1/sites/${id}/project`).expect(200);
    expect(empty.body).toMatchObject({ costFen: null, funding: [], fundedFen: 0, version: 0, warnings: [] });
    const { body } = await set(id, figures).expect(200);
    expect(body).toMatchObject({ ...figures, fundedFen: 180_000_000, costPerM2Fen: 500_000, version: 1 });
    expect(body.warnings.map((one: { code: string }) => one.code)).toEqual([
      'project_underfunded',
      'project_late',
    ]);
    const found = await service.as(owner).get(`/v1/sites/${id}/project`).expect(200);
    expect(found.body).toEqual(body);
  });

  it('is changed by one hand at a time, by the authority of its region too', async () => {
    const { id } = await created();
    await set(id, figures, anAuthority('3101')).expect(200);
    expect((await set(id, figures, anAuthority('3101')).expect(200)).body.version).toBe(2);
    expect((await set(id, { ...figures, version: 1 }).expect(409)).body.code).toBe('version_outdated');
  });

  it('is not for front-ends, other operators or other regions', async () => {
    const { id } = await created();
    for (const [actor, status] of [
      [aFrontEnd(owner.operatorId as string), 403],
      [anOwner(newId()), 404],
      [anAuthority('44'), 404],
    ] as const) {
      await service.as(actor).get(`/v1/sites/${id}/project`).expect(status);
      await set(id, figures, actor).expect(status);
    }
  });

  it.each([
    ['money that is none', { costFen: 1.5 }, 400],
    ['a source of nowhere', { funding: [{ source: 'lottery', amountFen: 1 }] }, 400],
    ['an opening before the start', { ...figures, plannedOpening: '2026-02-01' }, 422],
  ])('is refused with %s', async (_what, body, status) => {
    await set((await created()).id, body).expect(status);
  });
});

describe('a file of building projects', () => {
  const owner = anOwner(newId());
  const upload = (actor: Actor, file: Buffer, query: object = {}, type = 'text/csv') =>
    uploadTo(service, actor, file, query, type);
  const sitesOf = (actor: Actor) => sitesSeen(service, actor);
  const project = (actor: Actor, id: string) => service.as(actor).get(`/v1/sites/${id}/project`).expect(200);
  const taken = async (actor: Actor, query = ''): Promise<Buffer> => {
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

  it('lets a site go on, changes what its cells say, and clears what stands in none', async () => {
    const next = `${line('P')},approved,2026-02-01,,,,,,2099-01-01,2099-06-01,5000,`;
    const { body } = await upload(owner, rows(BUILT, next)).expect(200);
    expect(body).toMatchObject({ added: 0, changed: 1, unchanged: 1, warningCount: 1 });
    expect(body.warnings).toMatchObject([{ line: 3, code: 'project_underfunded' }]);
    const [, p] = await sitesOf(owner);
    expect(p).toMatchObject({ status: 'approved', version: 2 });
    expect((await project(owner, p.id)).body).toMatchObject({
      ...{ plannedStart: '2099-01-01', plannedOpening: '2099-06-01', costFen: 500_000, version: 2 },
    });
    const money = `${line('P')},,,,,,,,,,6000,`;
    const cleared = [
      { line: 2, field: 'plannedStart', was: '2099-01-01' },
      { line: 2, field: 'plannedOpening', was: '2099-06-01' },
    ];
    for (const dryRun of ['true', 'false']) {
      const answer = await upload(owner, rows(money), { dryRun }).expect(200);
      expect(answer.body).toMatchObject({ changed: 1, clearedCount: 2, cleared });
    }
    expect((await upload(owner, rows(money)).expect(200)).body).toMatchObject({ unchanged: 1, cleared: [] });
    expect((await project(owner, p.id)).body).toMatchObject({
      ...{ plannedStart: null, plannedOpening: null, costFen: 600_000, version: 3 },
    });
    await upload(owner, Buffer.from([HEADER, line('P')].join('\n'))).expect(200);
    expect((await project(owner, p.id)).body).toMatchObject({ costFen: 600_000, version: 3 });
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
    ['an opening before the start', `${line('P')},,,,,,,,2099-01-01,2098-01-01,,`, ['file:2.plannedOpening']],
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
      const back = `${HEADER},timeZone,suspendedOn,resumedOn`;
      const z = line('Z', { nameZh: "'-1层驿站", nameEn: "'=Z" });
      const pauses = `${z},Asia/Urumqi,2026-01-01;2026-03-01;2026-05-01,2026-02-01; 2026-04-01`;
      await upload(owner, Buffer.from([back, pauses].join('\n'))).expect(200);
      const evening = { opens: '18:00', closes: '20:00' };
      const openingHours = [
        { weekday: 7, ...evening },
        { weekday: 1, ...evening },
        { weekday: 1, opens: '08:00', closes: '09:00' },
      ];
      const openingExceptions = [
        { from: '2027-02-05', to: '2027-02-12', spans: [], reason: '春节; "休"' },
        { day: '2027-05-01', spans: [{ weekday: 6, opens: '08:00', closes: '09:00' }, evening] },
      ];
      const byHand = aSite({ code: `H-${format}`, openingHours, openingExceptions });
      await service.as(owner).post('/v1/sites').send(byHand).expect(201);
      const never = aSite({ code: `N-${format}`, openingHours: [], status: 'planned' });
      await service.as(owner).post('/v1/sites').send(never).expect(201);
      const file = await taken(owner, `?format=${format}`);
      const type = format === 'csv' ? 'text/csv' : 'application/octet-stream';
      expect((await upload(owner, file, {}, type).expect(200)).body).toMatchObject({ added: 0, changed: 0 });
      const other = anOwner(newId());
      expect((await upload(other, file, {}, type).expect(200)).body).toMatchObject({
        changed: 0,
        unchanged: 0,
      });
      expect((await taken(other)).toString()).toBe((await taken(owner)).toString());
    },
  );

  it('is taken along by whoever may see what building costs, of one operator', async () => {
    const official = anAuthority('3101');
    await service.as(official).get('/v1/sites/file').expect(422);
    const file = await taken(official, `?operatorId=${owner.operatorId}&regionCode=310101`);
    expect(file.toString().split('\r\n')).toHaveLength(9);
    const elsewhere = await taken(anAuthority('33'), `?operatorId=${owner.operatorId}`);
    expect(elsewhere.toString().trim().split('\r\n')).toHaveLength(1);
    await service.as(anOwner(newId())).get(`/v1/sites/file?operatorId=${owner.operatorId}`).expect(403);
    await service
      .as(aFrontEnd(owner.operatorId as string))
      .get('/v1/sites/file')
      .expect(403);
  });
});
