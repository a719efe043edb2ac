import { type CapacityDay, CapacitySnapshot } from '@doorstep/contracts';
import { PeriodicRunner } from '@doorstep/platform';
import { Nursery } from '../groups/childcare.fixture';
import { daily } from '../testing/neighbours.fixture';
import { startWorld, type World } from '../testing/world.fixture';
import { TELL_CAPACITY } from './capacity.teller';

describe('capacity', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld({ PERIODIC: 'false', SESSION_HORIZON_DAYS: '3' });
  });
  afterAll(() => world.service.stop());
  afterEach(() => world.clock.set('2026-11-02T01:00:00Z'));

  const count = () => world.service.running.app.get(PeriodicRunner).runNow(TELL_CAPACITY);
  const told = async (offeringId: string) =>
    (await world.service.told(CapacitySnapshot))
      .filter((snapshot) => snapshot.offeringId === offeringId)
      .sort((a, b) => a.version - b.version);
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
    const schedule = daily('08:00', '17:30');
    const care = { kind: 'childcare', mode: 'full_day' as const, capacityModel: 'places' as const, schedule };
    const nursery = new Nursery(world, await world.open({ ...care, capacity: 15 }));
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
