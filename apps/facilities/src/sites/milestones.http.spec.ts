import { SiteSnapshot } from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import { anAdministrator, anOwner, FixedClock, startTestService, type TestService } from '@doorstep/testing';
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
      await record(site.id, command).expect(201);
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
