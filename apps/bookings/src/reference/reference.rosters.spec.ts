import type { StaffSnapshot } from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import { startWorld, TOMORROW, type World } from '../testing/world.fixture';

type Roster = NonNullable<StaffSnapshot['roster']>;

describe('a caregiver whose shifts are known', () => {
  let world: World;

  beforeAll(async () => {
    world = await startWorld({ PERIODIC: 'false' });
  });
  afterAll(() => world.service.stop());

  /** Visits of an hour, from nine to eleven in Shanghai: 01:00 and 02:00 UTC. */
  const visits = () =>
    world.open({
      kind: 'elderly_care',
      mode: 'visit',
      delivery: 'bedside',
      capacityModel: 'caregiver',
      capacity: 5,
      skills: ['bedside_care'],
      schedule: [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({
        weekday,
        starts: '09:00',
        ends: '11:00',
        slotMinutes: 60,
      })),
    });
  const roster = (siteId: string, hours: [string, string][], changes: Partial<Roster> = {}): Roster => ({
    from: '2026-11-01T16:00:00Z',
    to: '2026-12-01T16:00:00Z',
    shifts: hours.map(([start, end]) => ({
      start: `${TOMORROW}T${start}:00Z`,
      end: `${TOMORROW}T${end}:00Z`,
      siteId,
      purpose: 'visits',
    })),
    ...changes,
  });
  const free = async (offeringId: string) =>
    (await world.sessions(offeringId)).map(({ reasons }) => reasons.join() || 'free');

  it('is asked for within them alone, and at any time again when nothing is known any more', async () => {
    const offering = await visits();
    const { siteId, offeringId } = offering;
    const [nine, ten] = await world.sessions(offeringId);
    const wang = world.staff(siteId);
    const tell = (version: number, known?: Roster) =>
      world.service.deliver(
        Object.assign(world.staff(siteId), wang, { version, ...(known && { roster: known }) }),
      );
    await world.service.deliver(wang);
    expect(await free(offeringId)).toEqual(['free', 'free']);
    await tell(2, roster(siteId, [['01:30', '03:00']]));
    expect(await free(offeringId)).toEqual(['no_caregiver', 'free']);
    const refused = await world.book(offering, nine.sessionId, await world.resident()).expect(409);
    expect(refused.body.code).toBe('no_caregiver');
    const booking = await world.confirmed(offering, ten.sessionId, await world.resident());
    await tell(4, roster(siteId, []));
    await tell(3, roster(siteId, [['01:00', '03:00']]));
    expect(await free(offeringId)).toEqual(['no_caregiver', 'no_caregiver']);
    expect(await world.booking(booking.id)).toMatchObject({ status: 'confirmed' });
    await tell(5);
    expect(await free(offeringId)).toEqual(['free', 'no_caregiver']);
  });

  it('works where and for what the shift says, and beyond the roster as if nothing were known', async () => {
    const { siteId, offeringId } = await visits();
    const wang = world.staff(siteId);
    const tell = (version: number, known: Roster) =>
      world.service.deliver(Object.assign(world.staff(siteId), wang, { version, roster: known }));
    const all: [string, string][] = [['01:00', '03:00']];
    await tell(1, roster(newId(), all));
    expect(await free(offeringId)).toEqual(['no_caregiver', 'no_caregiver']);
    const atSite = roster(siteId, all).shifts.map((shift) => ({ ...shift, purpose: 'site' as const }));
    await tell(2, roster(siteId, all, { shifts: atSite }));
    expect(await free(offeringId)).toEqual(['no_caregiver', 'no_caregiver']);
    await tell(
      3,
      roster(siteId, [
        ['01:00', '02:00'],
        ['02:00', '03:00'],
      ]),
    );
    expect(await free(offeringId)).toEqual(['free', 'free']);
    await tell(4, roster(siteId, [], { to: '2026-11-03T02:00:00Z' }));
    expect(await free(offeringId)).toEqual(['no_caregiver', 'free']);
  });
});
