import { SiteSnapshot } from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
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
      `SELECT has_table_privilege('facilities_app', 'site_milestone', 'UPDATE, DELETE') AS may`,
    );
    expect(rows).toEqual([{ may: false }]);
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
