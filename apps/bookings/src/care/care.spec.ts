import { aCaregiver, aSiteManager, anAuthority } from '@doorstep/testing';
import { PeriodicRunner } from '@doorstep/platform';
import { daily } from '../testing/neighbours.fixture';
import { startWorld, type World } from '../testing/world.fixture';
import type { CarePlanDto } from './care.dto';

describe('care plans', () => {
  let world: World;
  let care: Awaited<ReturnType<World['open']>>;
  let manager: World['owner'];

  beforeAll(async () => {
    world = await startWorld({ PERIODIC: 'false', SESSION_HORIZON_DAYS: '15' });
    care = await world.open({
      kind: 'elderly_care',
      mode: 'visit',
      delivery: 'home',
      capacityModel: 'caregiver',
      capacity: 5,
      skills: ['bedside_care'],
      schedule: daily('08:00', '12:00', 60),
    });
    await world.service.deliver(world.staff(care.siteId), world.staff(care.siteId));
    manager = world.service.as(aSiteManager(world.operatorId, [care.siteId]));
    const authority = world.service.as(anAuthority('310101'));
    const grant = { careLevel: 'severe', from: '2026-11-02', regionCode: '310101', skill: 'bedside_care' };
    for (const more of [
      { service: 'bathing', name: { zh: '助浴' }, minutes: 60, timesPerWeek: 2 },
      { service: 'walking', name: { zh: '助行' }, minutes: 30, timesPerWeek: 3 },
      { service: 'dialysis', name: { zh: '透析' }, minutes: 60, timesPerWeek: 1, skill: 'dialysis' },
    ]) {
      await authority
        .post('/v1/care-grants')
        .send({ ...grant, ...more })
        .expect(201);
    }
    await authority
      .post('/v1/care-grants')
      .send({ ...grant, ...{ service: 'walking', name: { zh: '助行' }, minutes: 30, timesPerWeek: 1 } })
      .expect(409);
    const foreign = { ...grant, regionCode: '320101', service: 'x1', name: { zh: '某' }, minutes: 30 };
    await authority
      .post('/v1/care-grants')
      .send({ ...foreign, timesPerWeek: 1 })
      .expect(403);
  });
  afterAll(async () => {
    await world.assertConsistent();
    await world.service.stop();
  });

  const severe = (changes = {}) =>
    world.resident({ attributes: { careLevel: 'severe', careLevelAssessedOn: '2026-05-01', ...changes } });
  const propose = (residentId: string, more = {}) =>
    manager
      .post('/v1/care-plans')
      .send({ residentId, siteId: care.siteId, from: '2026-11-03', weeks: 3, ...more });

  it('propose what the level is granted, show what would become of it, and are booked as series', async () => {
    const resident = await severe();
    const plan = (await propose(resident).expect(201)).body as CarePlanDto;
    expect(plan.lines.map(({ service, weekdays, time, rule }) => [service, weekdays, time, rule])).toEqual([
      ['bathing', [1, 4], '09:00', 'FREQ=WEEKLY;BYDAY=MO,TH;COUNT=6'],
      ['walking', [2, 3, 6], '09:00', 'FREQ=WEEKLY;BYDAY=TU,WE,SA;COUNT=9'],
    ]);
    expect(plan.missing).toMatchObject([{ service: 'dialysis', reason: 'not_offered' }]);
    const seen = (await manager.get(`/v1/care-plans/${plan.id}`).expect(200)).body as CarePlanDto;
    const states = ({ lines }: CarePlanDto) =>
      lines.map(({ occurrences = [] }) => occurrences.map(({ status }) => status).join());
    for (const state of states(seen)) expect(state).toMatch(/^(booked,)+planned(,planned)*$/);
    const accepted = (await manager.post(`/v1/care-plans/${plan.id}/accept`).send({}).expect(200))
      .body as CarePlanDto;
    expect(accepted.status).toBe('accepted');
    expect(states(accepted)).toEqual(states(seen));
    const bookings = async (status: string) =>
      (
        (await world.owner.get(`/v1/bookings?residentId=${resident}&status=${status}&limit=100`)).body as {
          items: unknown[];
        }
      ).items.length;
    const held = states(accepted).join().split('booked').length - 1;
    expect(await bookings('held')).toBe(held);
    world.clock.advance({ days: 1 });
    await world.service.running.app.get(PeriodicRunner).runNow('extend-sessions');
    const ended = await manager
      .post(`/v1/care-plans/${plan.id}/end`)
      .send({ reason: 'level_changed' })
      .expect(200);
    expect(ended.body).toMatchObject({ status: 'ended' });
    expect(await bookings('held')).toBe(0);
    expect((await manager.post(`/v1/care-plans/${plan.id}/accept`).send({}).expect(409)).body).toMatchObject({
      code: 'care_plan_ended',
    });
    world.clock.set('2026-11-02T01:00:00Z');
  });

  it('stand one at a time, and book all or nothing', async () => {
    const resident = await severe();
    const [first, second] = [await propose(resident), await propose(resident)].map(
      ({ body }) => (body as CarePlanDto).id,
    );
    await manager.post(`/v1/care-plans/${first}/accept`).send({}).expect(200);
    const refused = await manager.post(`/v1/care-plans/${second}/accept`).send({}).expect(409);
    expect(refused.body).toMatchObject({ code: 'series_conflicts' });
    const later = (await propose(resident, { from: '2026-12-28' })).body as CarePlanDto;
    expect((await manager.post(`/v1/care-plans/${later.id}/accept`).send({}).expect(409)).body).toMatchObject(
      {
        code: 'care_plan_stands',
      },
    );
  });

  it('need a level that still counts, and somebody who may', async () => {
    const code = async (resident: string) => ((await propose(resident)).body as { code: string }).code;
    expect(await code(await world.resident())).toBe('care_level_missing');
    expect(await code(await severe({ careLevelAssessedOn: '2025-10-01' }))).toBe('care_level_outdated');
    expect(await code(await severe({ careLevel: 'mild' }))).toBe('nothing_granted');
    const carer = world.service.as(aCaregiver(world.operatorId, [care.siteId]));
    await carer.post('/v1/care-plans').send({}).expect(403);
    await propose(await severe(), { siteId: world.contractId }).expect(404);
  });
});
