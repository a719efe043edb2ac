import { type CapacityDay, CapacitySnapshot } from '@doorstep/contracts';
import { PeriodicRunner } from '@doorstep/platform';
import { Nursery } from '../groups/childcare.fixture';
import { daily } from '../testing/neighbours.fixture';
import { startWorld, type World } from '../testing/world.fixture';
import { TELL_CAPACITY, TELL_CORRECTED } from './capacity.teller';

describe('capacity', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld({ PERIODIC: 'false', SESSION_HORIZON_DAYS: '3' });
  });
  afterAll(() => world.service.stop());
  afterEach(() => world.clock.set('2026-11-02T01:00:00Z'));

  const count = (name = TELL_CAPACITY) => world.service.running.app.get(PeriodicRunner).runNow(name);
  const told = async (offeringId: string) =>
    (await world.service.told(CapacitySnapshot))
      .filter((snapshot) => snapshot.offeringId === offeringId)
      .sort((a, b) => a.version - b.version);
  const aNursery = async () => {
    const schedule = daily('08:00', '17:30');
    const care = { kind: 'childcare', mode: 'full_day' as const, capacityModel: 'places' as const, schedule };
    return new Nursery(world, await world.open({ ...care, capacity: 15 }));
  };
  const daysOf = ({ days }: CapacitySnapshot) =>
    days.map(({ day, sessions, capacity, waiting }) => `${day.slice(8)} ${sessions} ${capacity} ${waiting}`);

  it('is told with the sessions that are made, and again when an offering changes', async () => {
    const offering = await world.open();
    const [first, ...none] = await told(offering.offeringId);
    expect(none).toEqual([]);
    expect(first).toMatchObject({
      capacityId: `${offering.offeringId}/2026-11`,
      siteId: offering.siteId,
      operatorId: world.operatorId,
      month: '2026-11',
    });
    expect(daysOf(first)).toEqual(['02 1 30 0', '03 1 30 0', '04 1 30 0']);
    await world.service.deliver(Object.assign(offering, { version: offering.version + 1, capacity: 12 }));
    await world.service.eventually(async () => {
      const last = (await told(offering.offeringId)).at(-1) as CapacitySnapshot;
      expect(daysOf(last)).toEqual(['02 1 12 0', '03 1 12 0', '04 1 12 0']);
      expect(last.version).toBeGreaterThan(first.version);
    });
  });

  it('is counted again with closures and who waits, once for each change', async () => {
    const offering = await world.open({ capacity: 1 });
    const { sessionId } = await world.session(offering.offeringId);
    await world.book(offering, sessionId, await world.resident()).expect(202);
    await world.frontEnd
      .post(`/v1/sessions/${sessionId}/waiting`)
      .send({ residentId: await world.resident(), partySize: 1 })
      .expect(201);
    await count();
    await count();
    const all = await told(offering.offeringId);
    expect(all.map(daysOf).map((days) => days[1])).toEqual(['03 1 1 0', '03 1 1 1']);
  });

  it('of groups of children says who has a place, who came and who stayed away without a word, also when it is corrected', async () => {
    const nursery = await aNursery();
    const { id } = await nursery.group({ places: 4, staff: 1 });
    const places: string[] = [];
    for (let i = 0; i < 3; i++) places.push((await nursery.placed(id, await nursery.child())).id);
    const dayOf = async (day: string) =>
      (await told(nursery.offering.offeringId)).at(-1)?.days.find((each) => each.day === day);
    const counted = async (now: string) => {
      world.clock.set(now);
      await count();
      const { sessions, capacity, placed, came, missing } = (await dayOf('2026-11-05')) as CapacityDay;
      return { sessions, capacity, placed, came, missing };
    };
    const correct = (placementId: string, body: Record<string, unknown>) =>
      nursery.post(placementId, 'days/2026-11-05/correction', { reason: 'forgotten', ...body }).expect(201);
    const three = { sessions: 1, capacity: 4, placed: 3 };
    expect(await counted('2026-11-04T02:00:00Z')).toEqual({ ...three, came: 0, missing: 0 });
    await nursery.attends(places[0], '2026-11-05');
    expect(await counted('2026-11-05T10:00:00Z')).toEqual({ ...three, came: 1, missing: 0 });
    expect(await counted('2026-11-06T02:00:00Z')).toEqual({ ...three, came: 1, missing: 2 });
    const at = (clock: string) => `2026-11-05T${clock}:00+08:00`;
    await correct(places[1], { outcome: 'attended', checkedInAt: at('08:00'), checkedOutAt: at('16:00') });
    expect(await counted('2026-11-06T03:00:00Z')).toEqual({ ...three, came: 2, missing: 1 });
    // One who is sent home has no place that day; a group that is sent home offers none.
    await correct(places[2], { outcome: 'absent', absenceKind: 'force_majeure' });
    expect(await counted('2026-11-06T04:00:00Z')).toEqual({ ...three, placed: 2, came: 2, missing: 0 });
    const closed = { from: '2026-11-10', to: '2026-11-11', kind: 'closure' };
    await nursery.owner.post(`/v1/care-groups/${id}/closures`).send(closed).expect(200);
    await counted('2026-11-06T05:00:00Z');
    expect(await dayOf('2026-11-09')).toMatchObject(three);
    expect(await dayOf('2026-11-10')).toMatchObject({ sessions: 0, capacity: 0, placed: 0 });
    await nursery.assertConsistent();
  });

  it('of a day of care long ago is told again when its attendance is corrected, and no other of that time', async () => {
    const nursery = await aNursery();
    const { id } = await nursery.group({ places: 4, staff: 1 });
    const places = [
      await nursery.placed(id, await nursery.child()),
      await nursery.placed(id, await nursery.child()),
    ];
    await nursery.attends(places[0].id, '2026-11-05');
    world.clock.set('2026-11-06T02:00:00Z');
    await count();
    const of = async () =>
      (await told(nursery.offering.offeringId)).filter(({ month }) => month === '2026-11');
    world.clock.set('2027-03-01T02:00:00Z');
    await nursery.owner.post(`/v1/care-groups/${id}/months/2026-11/close`).expect(200);
    await count();
    const before = (await of()).at(-1) as CapacitySnapshot;
    const at = (clock: string) => `2026-11-05T${clock}:00+08:00`;
    const was = { outcome: 'attended', checkedInAt: at('08:00'), checkedOutAt: at('16:00'), reason: 'found' };
    await nursery.post(places[1].id, 'days/2026-11-05/correction', was).expect(201);
    await count(TELL_CORRECTED);
    await count();
    const after = (await of()).at(-1) as CapacitySnapshot;
    expect(after.version).toBe(before.version + 1);
    const changed = after.days.filter((day, n) => JSON.stringify(day) !== JSON.stringify(before.days[n]));
    expect(changed).toMatchObject([{ day: '2026-11-05', capacity: 4, placed: 2, came: 2, missing: 0 }]);
    const { rows } = await world.service.db.query(`SELECT FROM capacity_due`);
    expect(rows).toEqual([]);
  });

  it('of groups says who waits for a place, on the days that they asked for, until they wait no more', async () => {
    const nursery = await aNursery();
    world.clock.set('2026-09-28T01:00:00Z');
    const { id } = await nursery.group({ places: 1, staff: 1, from: '2026-09-28' });
    const wish = { wishedStart: '2026-09-28', dueOn: '2026-10-31' };
    const offered = async () => (await nursery.offer(id, { freeFrom: '2026-09-28', offers: 1 })).length;
    const first = await nursery.apply(await nursery.child(), wish);
    expect(await offered()).toBe(1);
    await nursery.answer('accept', first.id).expect(200);
    const ask = async (more = {}) => (await nursery.apply(await nursery.child(), { ...wish, ...more })).id;
    const waits = async (now: string) => {
      world.clock.set(now);
      await count();
      const days = (await told(nursery.offering.offeringId)).flatMap((month) => month.days);
      const newest = new Map(days.map(({ day, waiting }) => [day, waiting]));
      return ['09-28', '09-29', '09-30', '10-01', '10-09', '10-10', '10-12', '10-13'].map(
        (day) => newest.get(`2026-${day}`) ?? 0,
      );
    };
    // Nobody is in care on the holiday of 1 October; on Saturday the 10th it is as on a Monday.
    const leaves = await ask();
    await ask({ mode: 'half_day', pattern: [{ weekday: 1, part: 'morning' }] });
    await ask({ wishedStart: '2026-10-09', dueOn: '2026-10-12' });
    const hours = await ask({ mode: 'timed', pattern: undefined, contingentMinutes: 60 });
    expect(await waits('2026-09-28T02:00:00Z')).toEqual([3, 2, 2, 0, 3, 3, 4, 2]);
    world.clock.set('2026-09-29T02:00:00Z');
    await nursery.answer('withdraw', leaves).expect(200);
    expect(await waits('2026-09-30T02:00:00Z')).toEqual([3, 1, 1, 0, 2, 2, 3, 1]);
    // A place comes free, and is offered and taken.
    const more = { from: '2026-09-30', places: 4, staff: 4 };
    await nursery.owner.post(`/v1/care-groups/${id}/sizes`).send(more).expect(201);
    await nursery.offer(id, { freeFrom: '2026-09-30', offers: 9 });
    expect((await nursery.application(hours)).status).toBe('offered');
    expect(await waits('2026-09-30T03:00:00Z')).toEqual([3, 1, 0, 0, 0, 0, 0, 0]);
  });

  it('of a day that is over stays as it was, also when its unused sessions are gone', async () => {
    const offering = await world.open();
    world.clock.advance({ days: 3 });
    const runner = world.service.running.app.get(PeriodicRunner);
    await runner.runNow('clear-unused-sessions');
    await runner.runNow('extend-sessions');
    const last = (await told(offering.offeringId)).at(-1) as CapacitySnapshot;
    expect(daysOf(last)).toEqual(['02', '03', '04', '05', '06', '07'].map((day) => `${day} 1 30 0`));
  });
});
