import { CapacitySnapshot } from '@doorstep/contracts';
import { PeriodicRunner } from '@doorstep/platform';
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
