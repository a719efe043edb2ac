import { AbsenceRecorded, AbsenceReplaced } from '@doorstep/contracts';
import { type Nursery, startNursery } from '../groups/childcare.fixture';

describe('a day in childcare', () => {
  let nursery: Nursery;

  beforeAll(async () => {
    nursery = await startNursery();
  });
  afterAll(async () => {
    await nursery.assertConsistent();
    await nursery.world.service.stop();
  });

  const expected = async (groupId: string, from: string, to: string) =>
    (await nursery.days(groupId, from, to)).map((day) => day.expectedMorning);

  it('of an absent child goes to a temporary one for the day, and comes back by a reservation while it is free', async () => {
    const group = await nursery.group({ places: 1 });
    const placement = await nursery.placed(group.id, await nursery.child());
    const guest = await nursery.child();
    const day = '2026-11-10';
    expect((await nursery.takeDays(group.id, guest, [day]).expect(409)).body).toMatchObject({
      code: 'full',
      details: { day },
    });
    const away = { kind: 'planned', from: '2026-11-09', to: '2026-11-12' };
    const { body } = await nursery.post(placement.id, 'absences', away).expect(201);
    expect((body as { days: unknown[] }).days).toHaveLength(3);
    const recorded = (await nursery.world.service.told(AbsenceRecorded)).filter(
      (one) => one.placementId === placement.id,
    );
    expect(recorded).toMatchObject([
      { days: [{ day: '2026-11-09', kind: 'planned', noticeHours: 167 }, {}, {}] },
    ]);
    await nursery.takeDays(group.id, guest, [day]).expect(201);
    expect(await expected(group.id, '2026-11-09', '2026-11-12')).toEqual([0, 1, 0]);
    const back = (on: string) => nursery.post(placement.id, 'reservations', { day: on });
    expect((await back(day).expect(409)).body).toMatchObject({ code: 'full' });
    await back('2026-11-11').expect(201);
    const replaced = (await nursery.world.service.told(AbsenceReplaced)).filter(
      (one) => one.placementId === placement.id,
    );
    expect(replaced).toMatchObject([{ days: ['2026-11-11'] }]);
    expect(await expected(group.id, '2026-11-09', '2026-11-12')).toEqual([0, 1, 1]);
    expect((await back('2026-11-11').expect(409)).body).toMatchObject({ code: 'day_planned' });
    expect((await back('2026-11-14').expect(422)).body).toMatchObject({ code: 'day_not_planned' });
    expect((await nursery.offer(group.id)).length).toBe(0);
  });

  it('of timed care is used by the hour or by the day, never over the month’s contingent', async () => {
    const group = await nursery.group();
    const byHour = { mode: 'timed', pattern: undefined, contingentMinutes: 600 };
    const hours = await nursery.placed(group.id, await nursery.child(), byHour);
    const reserve = (day: string, fromAt: string, toAt: string) =>
      nursery.post(hours.id, 'reservations', { day, fromAt, toAt });
    expect((await reserve('2026-11-03', '08:30', '13:30').expect(201)).body).toMatchObject({
      spentMinutes: 300,
    });
    expect((await reserve('2026-11-03', '15:00', '16:00').expect(409)).body).toMatchObject({
      code: 'day_planned',
    });
    expect((await reserve('2026-11-04', '08:00', '17:30').expect(409)).body).toMatchObject({
      code: 'contingent_used',
    });
    const many = ['05', '06', '09', '10', '11', '12', '13', '16'].map((n) =>
      reserve(`2026-11-${n}`, '09:00', '11:00'),
    );
    const answers = (await Promise.all(many)).map(({ status }) => status).sort();
    expect(answers).toEqual([201, 201, 409, 409, 409, 409, 409, 409]);
    await reserve('2026-12-01', '08:00', '17:30').expect(201);
    await nursery.frontEnd.delete(`/v1/placements/${hours.id}/reservations/2026-11-03`).expect(409);
    await nursery.frontEnd.delete(`/v1/placements/${hours.id}/reservations/2026-12-01`).expect(200);
    expect((await reserve('2026-12-02', '07:00', '09:00').expect(422)).body).toMatchObject({
      code: 'terms_invalid',
    });
    expect((await reserve('2026-10-30', '09:00', '10:00').expect(422)).body).toMatchObject({
      code: 'day_past',
    });
    const byDay = { mode: 'timed', pattern: undefined, contingentDays: 2 };
    const days = await nursery.placed(group.id, await nursery.child(), byDay);
    for (const day of ['2026-11-03', '2026-11-04'])
      await nursery.post(days.id, 'reservations', { day, part: 'morning' }).expect(201);
    await nursery.post(days.id, 'reservations', { day: '2026-11-05' }).expect(409);
    await nursery
      .post(days.id, 'absences', { kind: 'planned', from: '2026-11-04', to: '2026-11-05' })
      .expect(201);
    await nursery.post(days.id, 'reservations', { day: '2026-11-05' }).expect(201);
  });
});
