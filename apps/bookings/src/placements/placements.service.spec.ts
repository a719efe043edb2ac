import {
  AbsenceRecorded,
  AbsenceReplaced,
  type DomainEvent,
  type EventClass,
  PlacementChanged,
  PlacementEnded,
  PlacementEnding,
  PlacementStarted,
} from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import { PeriodicRunner } from '@doorstep/platform';
import { aFrontEnd } from '@doorstep/testing';
import { MORNINGS, type Nursery, startNursery, TODDLER_BORN, WHOLE_WEEK } from '../groups/childcare.fixture';
import type { PlacementDto } from './placements.dto';

describe('a child’s place', () => {
  let nursery: Nursery;

  beforeAll(async () => {
    nursery = await startNursery();
  });
  afterEach(() => nursery.world.clock.set('2026-11-02T01:00:00Z'));
  afterAll(async () => {
    await nursery.assertConsistent();
    await nursery.world.service.stop();
  });

  const run = (name: string) => nursery.world.service.running.app.get(PeriodicRunner).runNow(name);
  const told = async <E extends DomainEvent & { placementId: string }>(type: EventClass<E>, id: string) =>
    (await nursery.world.service.told(type)).filter(({ placementId }) => placementId === id);
  const expected = async (groupId: string, from: string, to: string) =>
    (await nursery.days(groupId, from, to)).map((day) => day.expectedMorning);

  it('begins with an application, an offer and its acceptance, and lasts until the child is too old', async () => {
    const group = await nursery.group();
    const placement = await nursery.placed(group.id, await nursery.child());
    expect(placement).toMatchObject({
      status: 'standing',
      from: '2026-11-02',
      to: '2027-07-01',
      endsBecause: 'outgrows_group',
      ageClass: 'toddler',
    });
    const [started] = await told(PlacementStarted, placement.id);
    expect(started).toMatchObject({ pattern: WHOLE_WEEK, kind: 'childcare', to: '2027-07-01' });
    const days = await nursery.days(group.id, '2026-11-02', '2026-11-10');
    expect(days.map(({ claimedMorning }) => claimedMorning)).toEqual([1, 1, 1, 1, 1, 0, 0, 1]);
    expect(days[0]).toMatchObject({ places: 15, staff: 3, staffNeeded: 1, free: 14, over: false });
    const { rows } = await nursery.world.service.db.query(
      `SELECT max(day)::text AS last FROM care_day WHERE placement_id = $1`,
      [placement.id],
    );
    expect(rows).toEqual([{ last: '2027-06-30' }]);
  });

  it('changes class when the child has outgrown its group, and goes with what it took', async () => {
    const group = await nursery.group();
    const older = await nursery.group({ ageClass: 'older', places: 20 });
    const placement = await nursery.placed(group.id, await nursery.child());
    const early = { from: '2027-06-15', groupId: older.id, mode: 'full_day', pattern: WHOLE_WEEK };
    expect((await nursery.post(placement.id, 'change', early).expect(422)).body).toMatchObject({
      code: 'not_eligible_age',
    });
    expect(await expected(group.id, '2027-06-30', '2027-07-01')).toEqual([1]);
    const { body } = await nursery.post(placement.id, 'change', { ...early, from: '2027-07-01' }).expect(201);
    expect(body).toMatchObject({
      from: '2027-07-01',
      to: '2028-07-01',
      endsBecause: 'outgrows_service',
      continues: placement.id,
    });
    expect(await told(PlacementChanged, (body as PlacementDto).id)).toMatchObject([
      { continues: placement.id, groupId: older.id, ageClass: 'older' },
    ]);
    expect(await told(PlacementEnded, placement.id)).toMatchObject([{ reason: 'changed', to: '2027-07-01' }]);
    const halfDay = { from: '2027-09-06', mode: 'half_day', pattern: MORNINGS };
    await nursery.post((body as PlacementDto).id, 'change', halfDay).expect(201);
    const [whole, half] = await nursery.days(older.id, '2027-09-03', '2027-09-07').then((d) => [d[0], d[3]]);
    expect(whole).toMatchObject({ expectedMorning: 1, expectedAfternoon: 1 });
    expect(half).toMatchObject({ expectedMorning: 1, expectedAfternoon: 0 });
  });

  it('is warned of before the child is too old, and is ended then', async () => {
    const group = await nursery.group();
    const { id } = await nursery.placed(group.id, await nursery.child('2024-12-24'));
    await run('warn-and-end-placements');
    await run('warn-and-end-placements');
    expect(await told(PlacementEnding, id)).toMatchObject([{ reason: 'outgrows_group', to: '2026-12-24' }]);
    nursery.world.clock.set('2026-12-23T17:00:00Z');
    await run('warn-and-end-placements');
    expect(await told(PlacementEnded, id)).toMatchObject([{ reason: 'outgrown' }]);
    expect((await nursery.frontEnd.get(`/v1/placements/${id}`).expect(200)).body).toMatchObject({
      status: 'ended',
      endReason: 'outgrown',
    });
  });

  it('may be ended earlier, and goes to who waits from that day on', async () => {
    const group = await nursery.group({ places: 1 });
    const placement = await nursery.placed(group.id, await nursery.child());
    const waiting = await nursery.apply(await nursery.child());
    expect(await nursery.offer(group.id)).toEqual([]);
    const end = { on: '2026-12-01', reason: 'moved_away' };
    await nursery.post(placement.id, 'end', { ...end, on: '2026-11-01' }).expect(422);
    expect((await nursery.post(placement.id, 'end', end).expect(200)).body).toMatchObject({
      to: '2026-12-01',
    });
    const { placementId, status } = await nursery.application(waiting.id);
    expect(status).toBe('offered');
    const { body } = await nursery.frontEnd.get(`/v1/placements/${placementId}`).expect(200);
    expect(body).toMatchObject({
      from: '2026-12-01',
      status: 'offered',
      acceptBy: '2026-11-05T01:00:00.000Z',
    });
    await nursery.answer('withdraw', waiting.id).expect(200);
    expect((await nursery.application(waiting.id)).status).toBe('declined');
  });

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
    expect(await told(AbsenceRecorded, placement.id)).toMatchObject([
      { days: [{ day: '2026-11-09', kind: 'planned', noticeHours: 167 }, {}, {}] },
    ]);
    await nursery.takeDays(group.id, guest, [day]).expect(201);
    expect(await expected(group.id, '2026-11-09', '2026-11-12')).toEqual([0, 1, 0]);
    const back = (on: string) => nursery.post(placement.id, 'reservations', { day: on });
    expect((await back(day).expect(409)).body).toMatchObject({ code: 'full' });
    await back('2026-11-11').expect(201);
    expect(await told(AbsenceReplaced, placement.id)).toMatchObject([{ days: ['2026-11-11'] }]);
    expect(await expected(group.id, '2026-11-09', '2026-11-12')).toEqual([0, 1, 1]);
    expect((await back('2026-11-11').expect(409)).body).toMatchObject({ code: 'day_planned' });
    expect((await back('2026-11-14').expect(422)).body).toMatchObject({ code: 'day_not_planned' });
    expect((await nursery.offer(group.id)).length).toBe(0);
  });

  it('counts an absence by its notice, and the site’s own closure before all others', async () => {
    const group = await nursery.group();
    const { id } = await nursery.placed(group.id, await nursery.child());
    const tell = (kind: string, from: string, to: string) => nursery.post(id, 'absences', { kind, from, to });
    const kinds = (body: unknown) => (body as { days: { kind: string }[] }).days.map(({ kind }) => kind);
    nursery.world.clock.set('2026-11-02T10:00:00Z');
    expect(kinds((await tell('planned', '2026-11-03', '2026-11-05').expect(201)).body)).toEqual([
      'unplanned',
      'planned',
    ]);
    expect(kinds((await tell('sick', '2026-11-03', '2026-11-07').expect(201)).body)).toEqual([
      'sick',
      'sick',
    ]);
    expect((await tell('sick', '2026-11-03', '2026-11-07').expect(409)).body).toMatchObject({
      code: 'nothing_planned',
    });
    const closed = await nursery.owner
      .post(`/v1/care-groups/${group.id}/closures`)
      .send({ from: '2026-11-04', to: '2026-11-06', kind: 'force_majeure' })
      .expect(200);
    expect(closed.body).toEqual({ children: 1, days: 2 });
    const { body } = await nursery.frontEnd.get(`/v1/placements/${id}/days?from=2026-11-03&to=2026-11-07`);
    expect((body as { items: { absenceKind: string }[] }).items.map((day) => day.absenceKind)).toEqual([
      'unplanned',
      'force_majeure',
      'force_majeure',
      'sick',
    ]);
  });

  it('keeps a child at home when its whole site closes, for the days that this touches', async () => {
    const group = await nursery.group();
    const { id, siteId } = await nursery.placed(group.id, await nursery.child());
    // From Tuesday noon until Wednesday at seven in the morning: Wednesday's care begins at eight.
    const closure = { from: '2026-11-17T04:00:00Z', to: '2026-11-17T23:00:00Z', reason: 'water_damage' };
    await nursery.owner
      .post('/v1/closures')
      .send({ siteId, ...closure })
      .expect(201);
    const { body } = await nursery.frontEnd.get(`/v1/placements/${id}/days?from=2026-11-16&to=2026-11-19`);
    const kinds = (body as { items: { absenceKind?: string }[] }).items.map((day) => day.absenceKind);
    expect(kinds).toEqual([undefined, 'closure', undefined]);
    expect(await told(AbsenceRecorded, id)).toMatchObject([
      { days: [{ day: '2026-11-17', kind: 'closure' }] },
    ]);
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

  it('is for a child of the age, with the consent of a guardian, once at a time', async () => {
    const group = await nursery.group();
    const self = await nursery.child('1990-05-01', [{ purpose: 'booking' }]);
    const [tooOld, unasked] = [await nursery.child('2023-11-02'), await nursery.child(TODDLER_BORN, [])];
    expect((await nursery.takeDays(group.id, self, ['2026-11-03']).expect(422)).body).toMatchObject({
      code: 'not_eligible_age',
      details: { because: 'outgrows_service' },
    });
    await nursery.takeDays(group.id, tooOld, ['2026-11-03']).expect(422);
    expect((await nursery.applyRaw(unasked).expect(409)).body).toMatchObject({ code: 'no_consent' });
    const twice = await nursery.child();
    await nursery.takeDays(group.id, twice, ['2026-11-03'], 'morning').expect(201);
    expect((await nursery.takeDays(group.id, twice, ['2026-11-03']).expect(409)).body).toMatchObject({
      code: 'child_elsewhere',
    });
    await nursery.takeDays(group.id, twice, ['2026-11-03'], 'afternoon').expect(201);
    await nursery.placed(group.id, twice, { wishedStart: '2026-11-09' });
    await nursery.apply(twice);
    expect(await nursery.offer(group.id)).toEqual([]);
    expect((await nursery.applyRaw(twice).expect(409)).body).toMatchObject({ code: 'applied_already' });
  });

  it('is refused for what is no day, no span, no child of one’s own, and done once when asked twice', async () => {
    const group = await nursery.group();
    const child = await nursery.child();
    await nursery.takeDays(group.id, child, ['2027-02-30']).expect(400);
    await nursery.takeDays(group.id, child, ['2026-10-30']).expect(422);
    await nursery.takeDays(group.id, child, ['2026-11-03', '2027-01-03']).expect(422);
    await nursery.takeDays(group.id, newId(), ['2026-11-03']).expect(404);
    await nursery.takeDays(newId(), child, ['2026-11-03']).expect(404);
    const stranger = nursery.world.service.as(aFrontEnd(newId()));
    await stranger
      .post('/v1/placements')
      .send({ groupId: group.id, residentId: child, days: ['2026-11-03'] })
      .expect(404);
    await nursery.applyRaw(child, { pattern: [] }).expect(422);
    await nursery.applyRaw(child, { mode: 'half_day' }).expect(422);
    await nursery.applyRaw(child, { contingentDays: 3 }).expect(422);
    await nursery.applyRaw(child, { mode: 'timed', pattern: undefined }).expect(422);
    await nursery.applyRaw(child, { wishedStart: '2026-10-01' }).expect(422);
    await nursery.applyRaw(child, { dueOn: '2026-10-31' }).expect(422);
    await nursery.applyRaw(child, { priority: 3 }).expect(403);
    const key = newId();
    const ask = () => nursery.takeDays(group.id, child, ['2026-11-03']).set('idempotency-key', key);
    const [first, second] = [await ask().expect(201), await ask().expect(201)];
    expect((second.body as PlacementDto).id).toBe((first.body as PlacementDto).id);
    const placed = first.body as PlacementDto;
    const absence = { kind: 'sick', from: '2026-11-04', to: '2026-11-03' };
    expect((await nursery.post(placed.id, 'absences', absence).expect(422)).body).toMatchObject({
      code: 'period_out_of_bounds',
    });
    await stranger.get(`/v1/placements/${placed.id}`).expect(404);
  });
});
