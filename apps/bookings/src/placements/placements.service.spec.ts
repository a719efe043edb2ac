import {
  AbsenceRecorded,
  type ContractSnapshot,
  type DomainEvent,
  event,
  type EventClass,
  PlacementChanged,
  PlacementEnded,
  PlacementEnding,
  PlacementStarted,
  SiteInspectionSnapshot,
  SiteLicenceSnapshot,
} from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import { PeriodicRunner } from '@doorstep/platform';
import { aFrontEnd } from '@doorstep/testing';
import { MORNINGS, type Nursery, startNursery, TODDLER_BORN, WHOLE_WEEK } from '../groups/childcare.fixture';
import type { PlacementDto } from './placements.dto';
import { isWorkday } from './workdays';

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

  it('is given by nobody who may not take bookings: for want of a licence, after an inspection, under a suspension', async () => {
    const { world, offering } = nursery;
    const { siteId, offeringId } = offering;
    const { operatorId } = world;
    const group = await nursery.group();
    const byDay = { mode: 'timed', pattern: undefined, contingentDays: 5 };
    const timed = await nursery.placed(group.id, await nursery.child(), byDay);
    const away = await nursery.placed(group.id, await nursery.child());
    const absence = { kind: 'planned', from: '2026-11-05', to: '2026-11-06' };
    await nursery.post(away.id, 'absences', absence).expect(201);
    const offered = await nursery.apply(await nursery.child());
    await nursery.offer(group.id, { offers: 1 });
    const { id } = await nursery.apply(await nursery.child());
    const child = await nursery.child();
    const of = { operatorId, siteId, blockedKinds: [], blocks: [], at: '2026-11-02T00:00:00Z' };
    const licence = (version: number, blockedOfferingIds: string[]) =>
      event(SiteLicenceSnapshot, { ...of, blockedOfferingIds, version });
    const inspection = (version: number, suspended: boolean) =>
      event(SiteInspectionSnapshot, { ...of, suspended, blockedOfferingIds: [], version });
    const contract = (version: number, status: ContractSnapshot['status']) =>
      world.contract({ version, status });
    for (const [against, lifted, code] of [
      [licence(1, [offeringId]), licence(2, []), 'licence_lapsed'],
      [inspection(1, true), inspection(2, false), 'suspended_by_inspection'],
      [contract(2, 'suspended'), contract(3, 'active'), 'suspended'],
    ] as const) {
      await world.service.deliver(against);
      expect((await nursery.takeDays(group.id, child, ['2026-11-03']).expect(409)).body).toMatchObject({
        code,
      });
      expect(await nursery.offer(group.id)).toEqual([]);
      expect((await nursery.answer('accept', offered.id).expect(409)).body).toMatchObject({ code });
      for (const [place, body] of [
        [timed, { day: '2026-11-04', part: 'day' }],
        [away, { day: '2026-11-05' }],
      ] as const)
        expect((await nursery.post(place.id, 'reservations', body).expect(409)).body).toMatchObject({ code });
      await world.service.deliver(lifted);
    }
    await nursery.answer('accept', offered.id).expect(200);
    await nursery.post(timed.id, 'reservations', { day: '2026-11-04', part: 'day' }).expect(201);
    await nursery.post(away.id, 'reservations', { day: '2026-11-05' }).expect(201);
    await nursery.takeDays(group.id, child, ['2026-11-03']).expect(201);
    expect((await nursery.offer(group.id)).map(({ applicationId }) => applicationId)).toEqual([id]);
    await nursery.answer('withdraw', id).expect(200);
  });

  it('stands against a birth date that it would not have been given for', async () => {
    // The database judges days to come by its own clock.
    const at = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
    nursery.world.clock.set(at(0));
    const group = await nursery.group({ from: at(1).slice(0, 10) });
    const child = await nursery.child(at(-490).slice(0, 10));
    const days = Array.from({ length: 14 }, (_, n) => at(n + 2).slice(0, 10));
    const weekday = days.find((day) => isWorkday(day)) ?? '';
    await nursery.takeDays(group.id, child, [weekday]).expect(201);
    const correct = (days: number) =>
      nursery.frontEnd.patch(`/v1/residents/${child}`).send({ birthDate: at(days).slice(0, 10), version: 1 });
    expect((await correct(-900).expect(422)).body).toMatchObject({ code: 'rule_broken' });
    await correct(-500).expect(200);
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
