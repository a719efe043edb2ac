import { SiteSnapshot } from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import { PeriodicRunner } from '@doorstep/platform';
import {
  aFrontEnd,
  anAdministrator,
  anOwner,
  FixedClock,
  startTestService,
  type TestService,
} from '@doorstep/testing';
import { aSite, REGIONS } from '../examples';
import { AppModule, Config, migrations } from '../index';

let service: TestService;
const clock = new FixedClock('2026-09-28T01:00:00Z');
const operatorId = newId();
const owner = anOwner(operatorId);
const holidays = { onHoliday: 'closed', onMakeUpWorkday: 'as_monday' };

beforeAll(async () => {
  service = await startTestService('facilities', AppModule, Config, migrations, {
    clock,
    env: { PERIODIC: 'false' },
  });
  const body = { source: 'test', year: 2023, rows: REGIONS };
  await service.as(anAdministrator()).post('/v1/regions/import').send(body).expect(200);
});
afterAll(() => service.stop());

async function created(changes: Record<string, unknown> = {}) {
  return (await service.as(owner).post('/v1/sites').send(aSite(changes)).expect(201)).body;
}
const snapshotsOf = async (siteId: string) =>
  (await service.told(SiteSnapshot)).filter((one) => one.siteId === siteId);

describe('a site that is closed on public holidays', () => {
  const weekdays = [1, 2, 3, 4, 5].map((weekday) => ({ weekday, opens: '08:00', closes: '18:00' }));

  it('shows its hours day by day', async () => {
    const site = await created({ holidays, openingHours: weekdays });
    expect(site.holidays).toEqual(holidays);
    const { body } = await service
      .as(aFrontEnd(operatorId))
      .get(`/v1/sites/${site.id}/hours?from=2026-09-29&days=12`)
      .expect(200);
    expect(body).toMatchObject({ timeZone: 'Asia/Shanghai', openNow: true });
    const open = body.days.map(
      ({ day, spans }: { day: string; spans: unknown[] }) => `${day.slice(5)} ${spans.length}`,
    );
    expect(open).toEqual([
      ...['09-29 1', '09-30 1', '10-01 0', '10-02 0', '10-03 0', '10-04 0', '10-05 0', '10-06 0', '10-07 0'],
      ...['10-08 1', '10-09 1', '10-10 1'],
    ]);
    expect(body.days[2]).toEqual({
      day: '2026-10-01',
      weekday: 4,
      spans: [],
      reason: '国庆节',
      publicDay: 'holiday',
    });
    expect(body.days[11]).toMatchObject({
      publicDay: 'make_up_workday',
      spans: [{ opens: '08:00', closes: '18:00' }],
    });
  });

  it('is told so', async () => {
    const site = await created({ holidays, openingHours: weekdays });
    const [snapshot] = await snapshotsOf(site.id);
    const october = snapshot.openingExceptions.filter(({ day }) => day.startsWith('2026-10'));
    expect(october.map(({ day, spans }) => [day, spans.length])).toEqual([
      ...['01', '02', '03', '04', '05', '06', '07'].map((day) => [`2026-10-${day}`, 0]),
      ['2026-10-10', 1],
    ]);
  });

  it('is not found open on one', async () => {
    const site = await created({ holidays, location: { lng: 121.6, lat: 31.3, crs: 'WGS84' } });
    const openAt = async (at: string) => {
      const query = { lng: 121.6, lat: 31.3, at };
      const { body } = await service.as(owner).get('/v1/nearby').query(query).expect(200);
      return body.items.some((item: { site: { id: string } }) => item.site.id === site.id);
    };
    expect(await openAt('2026-09-30T04:00:00Z')).toBe(true);
    expect(await openAt('2026-10-01T04:00:00Z')).toBe(false);
  });

  it('may change its mind', async () => {
    const site = await created({ holidays });
    const asUsual = { onHoliday: 'as_usual', onMakeUpWorkday: 'as_usual' };
    const { body } = await service
      .as(owner)
      .patch(`/v1/sites/${site.id}`)
      .send({ holidays: asUsual })
      .expect(200);
    expect(body.holidays).toEqual(asUsual);
    await service
      .as(owner)
      .patch(`/v1/sites/${site.id}`)
      .send({ holidays: { onHoliday: 'party' } })
      .expect(400);
    await service.as(owner).patch(`/v1/sites/${site.id}`).send({ holidays: null }).expect(400);
    await service.as(owner).get(`/v1/sites/${site.id}/hours?from=2026-02-30`).expect(422);
  });
});

describe('as time passes', () => {
  const sweep = () => service.running.app.get(PeriodicRunner).runNow('site-hours');

  it('sites with exceptions are told anew before the others run out of days, and plain ones are left alone', async () => {
    const year = { from: '2026-10-01', to: '2029-10-01', spans: [{ opens: '09:00', closes: '10:00' }] };
    const special = await created({ openingExceptions: [year] });
    const plain = await created();
    await sweep();
    expect(await snapshotsOf(special.id)).toHaveLength(1);
    clock.advance({ days: 210 });
    await sweep();
    await sweep();
    const told = await snapshotsOf(special.id);
    expect(told.map(({ version }) => version)).toEqual([1, 2]);
    expect(told[1].openingExceptions[0].day).toBe('2027-04-26');
    expect(told[1].openingExceptions).toHaveLength(400);
    expect(await snapshotsOf(plain.id)).toHaveLength(1);
  });

  it('sites that keep holidays are told anew when the calendar has grown', async () => {
    const site = await created({ holidays });
    await service.db.query(`UPDATE site SET calendar_told_until = '2026-01-01' WHERE id = $1`, [site.id]);
    await sweep();
    expect((await snapshotsOf(site.id)).map(({ version }) => version)).toEqual([1, 2]);
  });
});
