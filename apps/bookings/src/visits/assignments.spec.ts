import { type StaffSnapshot, VisitReassigned } from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import { aSiteManager } from '@doorstep/testing';
import fc from 'fast-check';
import type { BookingDto } from '../bookings/bookings.dto';
import { daily } from '../testing/neighbours.fixture';
import { startWorld, type World } from '../testing/world.fixture';
import { travelMinutes } from './signals';

const NEAR = { lng: 121.48, lat: 31.23, crs: 'WGS84' };
/** 8.5 km to the east: 43 minutes at 12 km/h. */
const FAR = { ...NEAR, lng: 121.57 };

describe('carers', () => {
  let world: World;
  let care: Awaited<ReturnType<World['open']>>;
  let manager: World['owner'];

  beforeAll(async () => {
    world = await startWorld({ PERIODIC: 'false' });
  });
  afterAll(async () => {
    await world.assertConsistent();
    await world.service.stop();
  });
  beforeEach(async () => {
    world.clock.set('2026-11-02T01:00:00Z');
    care = await world.open({
      kind: 'elderly_care',
      mode: 'visit',
      delivery: 'home',
      capacityModel: 'caregiver',
      capacity: 5,
      skills: ['bedside_care'],
      schedule: daily('08:00', '12:00', 60),
    });
    manager = world.service.as(aSiteManager(world.operatorId, [care.siteId]));
  });

  const hire = async (changes: Partial<StaffSnapshot> = {}): Promise<string> => {
    const staff = world.staff(care.siteId, changes);
    await world.service.deliver(staff);
    return staff.staffId;
  };
  const living = async (home: object): Promise<string> => {
    const resident = await world.resident();
    await world.frontEnd.put(`/v1/residents/${resident}/home`).send(home).expect(200);
    return resident;
  };
  /** Books the n-th hour of tomorrow morning for a resident. */
  const visit = async (n: number, resident: string): Promise<{ status: number; body: BookingDto }> => {
    const { sessionId } = (await world.sessions(care.offeringId))[n] as { sessionId: string };
    const answer = await world.book(care, sessionId, resident);
    return { status: answer.status, body: answer.body as BookingDto };
  };
  const shown = async (resident: string) =>
    (await world.availability(care.offeringId, `from=2026-11-03&to=2026-11-04&residentId=${resident}`)).map(
      ({ bookable, reasons }) => (bookable ? 'free' : reasons.join()),
    );

  it('have time for the way between two homes, as is shown', async () => {
    await hire();
    const [here, there, neighbour] = [await living(NEAR), await living(FAR), await living(NEAR)];
    expect(await shown(there)).toEqual(['free', 'free', 'free', 'free']);
    expect((await visit(1, here)).status).toBe(202);
    expect(await shown(there)).toEqual(['no_caregiver', 'no_caregiver', 'no_caregiver', 'free']);
    expect(await shown(neighbour)).toEqual(['free', 'no_caregiver', 'free', 'free']);
    expect(await visit(2, there)).toMatchObject({ status: 409, body: { code: 'no_caregiver' } });
    expect((await visit(2, neighbour)).status).toBe(202);
  });

  it('are not sent to two far homes by two sites at once', async () => {
    const other = await world.open({ ...care, offeringId: newId() });
    const staffId = newId();
    await hire({ staffId, siteIds: [care.siteId, other.siteId] });
    const [here, there] = [await living(NEAR), await living(FAR)];
    const slots = [
      (await world.sessions(care.offeringId))[0]?.sessionId ?? '',
      (await world.sessions(other.offeringId))[1]?.sessionId ?? '',
    ];
    const answers = await Promise.all(
      Array.from({ length: 64 }, (_, n) =>
        n % 2 ? world.book(care, slots[0] ?? '', here) : world.book(other, slots[1] ?? '', there),
      ),
    );
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(1);
    expect(answers.filter(({ status }) => status >= 500)).toEqual([]);
  });

  it('work in their shifts alone, where these are known', async () => {
    const day = { from: '2026-11-02T16:00:00Z', to: '2026-11-09T16:00:00Z' };
    const shift = { start: '2026-11-03T01:00:00Z', end: '2026-11-03T03:00:00Z', siteId: care.siteId };
    const staffId = await hire({ roster: { ...day, shifts: [{ ...shift, purpose: 'visits' as const }] } });
    const resident = await world.resident();
    expect(await shown(resident)).toEqual(['no_caregiver', 'free', 'free', 'no_caregiver']);
    const atDesk = { ...day, shifts: [{ ...shift, purpose: 'site' as const }] };
    await hire({ staffId, version: 2, roster: atDesk });
    expect(await shown(resident)).toEqual(['no_caregiver', 'no_caregiver', 'no_caregiver', 'no_caregiver']);
    await hire({ staffId, version: 3 });
    expect(await shown(resident)).toEqual(['free', 'free', 'free', 'free']);
  });

  it('come again to whom they know, else who is nearest', async () => {
    const [first, second] = [await hire(), await hire()];
    const [here, there] = [await living(NEAR), await living(FAR)];
    const at = async (n: number, resident: string) => (await visit(n, resident)).body.caregiverId as string;
    const [a, b] = [await at(0, here), await at(0, there)];
    expect([a, b].sort()).toEqual([first, second].sort());
    expect(await at(2, await living(NEAR))).toBe(a);
    const { body } = await visit(3, there);
    await world.service.deliver(world.authorised(body));
    expect(body.caregiverId).toBe(b);
  });

  it('are exchanged by who may, for somebody who can, and that is told', async () => {
    const [first, second] = [await hire(), await hire()];
    const unskilled = await hire({ skills: [] });
    const { sessionId } = await world.session(care.offeringId);
    const booking = await world.confirmed(care, sessionId, await living(NEAR));
    const other = booking.caregiverId === first ? second : first;
    const path = `/v1/bookings/${booking.id}/caregiver`;
    const { body } = await manager.get(`${path}s`).expect(200);
    expect(body).toMatchObject({ items: [{ staffId: other, knows: false, load: 0 }] });
    const refused = await manager.post(path).send({ caregiverId: unskilled }).expect(409);
    expect(refused.body).toMatchObject({ code: 'no_caregiver' });
    await world.frontEnd.post(path).send({}).expect(403);
    expect((await manager.post(path).send({}).expect(200)).body).toMatchObject({ caregiverId: other });
    expect(await world.service.told(VisitReassigned)).toEqual([
      expect.objectContaining({ bookingId: booking.id, caregiverId: other }),
    ]);
    // Nobody is left for another visit at that time but who was relieved.
    expect((await visit(0, await world.resident())).body.caregiverId).toBe(booking.caregiverId);
    expect((await manager.post(path).send({}).expect(409)).body).toMatchObject({ code: 'no_caregiver' });
  });

  it('have ways as long in the database as elsewhere, within a city', async () => {
    const coordinate = fc.record({
      lng: fc.integer({ min: 12100, max: 12190 }).map((n) => n / 100),
      lat: fc.integer({ min: 3090, max: 3150 }).map((n) => n / 100),
    });
    await fc.assert(
      fc.asyncProperty(coordinate, coordinate, async (a, b) => {
        const { rows } = await world.service.db.query<{ minutes: number }>(
          'SELECT travel_minutes($1, $2, $3, $4, 12) AS minutes',
          [a.lng, a.lat, b.lng, b.lat],
        );
        const expected = travelMinutes(a, b, 12);
        expect(Math.abs((rows[0]?.minutes ?? -1) - expected)).toBeLessThanOrEqual(1 + expected / 100);
      }),
      { numRuns: 40 },
    );
  });
});
