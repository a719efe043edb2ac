import type { Actor } from '@doorstep/platform';
import { anAuthority, aSiteManager } from '@doorstep/testing';
import { Desk } from '../testing/desk.fixture';
import { aSite } from '../testing/scene.fixture';
import { STAFF_CALENDAR } from './staff-calendar.service';

/** A Saturday, ten in the morning in Shanghai. */
const desk = new Desk('2026-12-05T02:00:00Z');
const shift = (staffId: string, start: string, end: string, changes = {}) =>
  desk.post(desk.owner, '/v1/shifts', {
    staffId,
    siteId: desk.siteId,
    purpose: 'visits',
    start,
    end,
    ...changes,
  });
const shiftsOf = async (staffId: string, from: string, to: string) =>
  (
    await desk.service
      .as(desk.owner)
      .get(`/v1/shifts?staffId=${staffId}&from=${from}T00:00:00Z&to=${to}T00:00:00Z`)
      .expect(200)
  ).body.items as { id: string; day: string; start: string; cancelled: boolean }[];

describe('a roster', () => {
  it('is told as the shifts of the coming weeks, and told further as time goes on', async () => {
    const staffId = await desk.staff();
    expect((await desk.lastOf(staffId))?.roster).toBeUndefined();
    const { body: planned } = await desk.plan(staffId).expect(201);
    expect(planned).toMatchObject({ weekdays: [1, 2, 3, 4, 5], from: '2026-12-07', to: null });
    const first = await desk.lastOf(staffId);
    expect(first).toMatchObject({
      version: 2,
      roster: { from: '2026-12-04T16:00:00.000Z', to: '2027-02-04T16:00:00.000Z' },
    });
    expect(first?.roster?.shifts.slice(0, 2)).toEqual([
      {
        start: '2026-12-07T00:00:00.000Z',
        end: '2026-12-07T08:00:00.000Z',
        siteId: desk.siteId,
        purpose: 'site',
      },
      {
        start: '2026-12-08T00:00:00.000Z',
        end: '2026-12-08T08:00:00.000Z',
        siteId: desk.siteId,
        purpose: 'site',
      },
    ]);
    expect(first?.roster?.shifts).toHaveLength(44);
    desk.clock.set('2026-12-25T02:00:00Z');
    await desk.turn(STAFF_CALENDAR);
    expect(await desk.toldOf(staffId)).toHaveLength(2);
    desk.clock.set('2026-12-26T02:00:00Z');
    await desk.turn(STAFF_CALENDAR);
    expect(await desk.lastOf(staffId)).toMatchObject({
      version: 3,
      roster: { from: '2026-12-25T16:00:00.000Z', to: '2027-02-25T16:00:00.000Z' },
    });
    await desk.post(desk.owner, `/v1/shift-patterns/${planned.id}/end`, { on: '2026-12-28' }).expect(200);
    expect((await desk.lastOf(staffId))?.roster?.shifts).toEqual([]);
    await desk.service.as(desk.owner).patch(`/v1/staff/${staffId}`).send({ rostered: false }).expect(200);
    expect((await desk.lastOf(staffId))?.roster).toBeUndefined();
  });

  it('goes by the clock of its site, also when that is corrected', async () => {
    const site = aSite(desk.operatorId, { timeZone: 'Asia/Urumqi' });
    await desk.service.deliver(site);
    const staffId = await desk.staff({ siteIds: [site.siteId] });
    await desk.plan(staffId, { siteId: site.siteId }).expect(201);
    const begins = async () =>
      (await desk.lastOf(staffId))?.roster?.shifts.slice(0, 2).map(({ start }) => start);
    expect(await begins()).toEqual(['2026-12-07T02:00:00.000Z', '2026-12-08T02:00:00.000Z']);
    const [{ id }] = await shiftsOf(staffId, '2026-12-07', '2026-12-08');
    await desk.post(desk.owner, `/v1/shifts/${id}/cancel`).expect(200);
    desk.clock.set('2026-12-08T03:00:00Z');
    await desk.service.deliver(aSite(desk.operatorId, { ...site, timeZone: 'Asia/Shanghai', version: 2 }));
    await desk.turn(STAFF_CALENDAR);
    const days = await shiftsOf(staffId, '2026-12-06', '2026-12-11');
    expect(days.map(({ start, cancelled }) => [start, cancelled])).toEqual([
      ['2026-12-07T02:00:00.000Z', true],
      ['2026-12-08T02:00:00.000Z', false],
      ['2026-12-09T00:00:00.000Z', false],
      ['2026-12-10T00:00:00.000Z', false],
    ]);
    expect((await desk.lastOf(staffId))?.roster?.shifts[1]?.start).toBe('2026-12-09T00:00:00.000Z');
  });

  it('has exceptions by the day: cancelled shifts, others in their place, absences', async () => {
    const staffId = await desk.staff();
    await desk.plan(staffId).expect(201);
    const [monday] = await shiftsOf(staffId, '2026-12-07', '2026-12-09');
    const other = () => shift(staffId, '2026-12-07T06:00:00Z', '2026-12-07T12:00:00Z');
    expect((await other().expect(409)).body.code).toBe('shift_overlaps');
    await desk.post(desk.owner, `/v1/shifts/${monday.id}/cancel`).expect(200);
    expect((await desk.post(desk.owner, `/v1/shifts/${monday.id}/cancel`).expect(409)).body.code).toBe(
      'shift_over',
    );
    await other().expect(201);
    const away = { staffId, kind: 'sick', start: '2026-12-08T04:00:00Z', end: '2026-12-10T00:00:00Z' };
    const { body: absence } = await desk.post(desk.owner, '/v1/absences', away).expect(201);
    const week = async () =>
      (await desk.lastOf(staffId))?.roster?.shifts
        .slice(0, 3)
        .map(({ start, end }) => [start.slice(5, 13), end.slice(5, 13)]);
    expect(await week()).toEqual([
      ['12-07T06', '12-07T12'],
      ['12-08T00', '12-08T04'],
      ['12-10T00', '12-10T08'],
    ]);
    await desk.post(desk.owner, `/v1/absences/${absence.id}/cancel`).expect(200);
    expect((await week())?.[1]).toEqual(['12-08T00', '12-08T08']);
    desk.clock.set('2027-01-15T02:00:00Z');
    await desk.turn(STAFF_CALENDAR);
    const made = await shiftsOf(staffId, '2026-12-07', '2026-12-08');
    expect(made.map(({ cancelled }) => cancelled)).toEqual([true, false]);
    const audited = await desk.service
      .as(desk.owner)
      .get(`/v1/audit-entries?entityId=${absence.id}`)
      .expect(200);
    expect(JSON.stringify(audited.body)).not.toContain('sick');
  });

  it('never has anybody in two places at once, whoever plans at the same time', async () => {
    const staffId = await desk.staff({ siteIds: [desk.siteId, desk.otherSite] });
    const night = { weekdays: [7], starts: '22:00', ends: '06:00' };
    const morning = { siteId: desk.otherSite, weekdays: [1], starts: '05:00', ends: '12:00' };
    const answers = await Promise.all([
      desk.plan(staffId, night),
      desk.plan(staffId, morning),
      desk.plan(staffId, night),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
    await shift(staffId, '2026-12-10T00:00:00Z', '2026-12-10T08:00:00Z').expect(201);
    await desk.plan(staffId, { weekdays: [4], starts: '10:00', ends: '14:00' }).expect(201);
    const thursdays = (await shiftsOf(staffId, '2026-12-08', '2026-12-18')).map(({ day }) => day);
    expect(thursdays.filter((day) => day === '2026-12-10')).toHaveLength(1);
    expect(thursdays).toContain('2026-12-17');
  });

  it('is planned by who may, where the person works, ahead of time', async () => {
    const staffId = await desk.staff();
    await desk.plan(staffId, {}, desk.rival).expect(404);
    await desk.plan(staffId, {}, desk.official).expect(403);
    await desk.plan(staffId, {}, aSiteManager(desk.operatorId, [desk.otherSite])).expect(404);
    expect((await desk.plan(staffId, { siteId: desk.otherSite }).expect(422)).body.code).toBe(
      'works_elsewhere',
    );
    expect((await desk.plan(staffId, { from: '2026-12-04' }).expect(422)).body.code).toBe('day_past');
    expect((await desk.plan(staffId, { to: '2026-12-07' }).expect(422)).body.code).toBe('period_empty');
    await desk.plan(staffId, { weekdays: [0, 8], starts: '24:00' }).expect(400);
    const past = shift(staffId, '2026-12-04T00:00:00Z', '2026-12-04T08:00:00Z');
    expect((await past.expect(422)).body.code).toBe('span_past');
    // Eight in the morning of whatever zone the server runs in.
    for (const start of ['2026-12-08T00:00:00', '2026-12-08', '2026-W50-2']) {
      const { body } = await shift(staffId, start, '2026-12-08T08:00:00Z').expect(400);
      expect(body.errors[0].reason).toContain('with its offset');
    }
    const long = shift(staffId, '2026-12-08T00:00:00Z', '2026-12-09T01:00:00Z');
    expect((await long.expect(422)).body.code).toBe('span_out_of_range');
    await desk.plan(staffId).expect(201);
    const seen = async (actor: Actor) =>
      (await desk.service.as(actor).get(`/v1/shift-patterns?staffId=${staffId}`).expect(200)).body.items
        .length;
    expect(await Promise.all([desk.owner, desk.official, desk.rival, anAuthority('33')].map(seen))).toEqual([
      1, 1, 0, 0,
    ]);
  });
});
