import type { OfferingSnapshot } from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import type { AvailabilityDto } from '../availability/availability.dto';
import { daily } from '../testing/neighbours.fixture';
import { startWorld, type World } from '../testing/world.fixture';
import type { BookingDto } from './bookings.dto';

describe('a hall and its two halves', () => {
  let world: World;
  const [hallId, leftId, rightId] = [newId(), newId(), newId()] as const;
  let hall: OfferingSnapshot;
  let left: OfferingSnapshot;
  let right: OfferingSnapshot;

  const court = (spaceId: string, blockedSpaceIds: string[], changes: Partial<OfferingSnapshot> = {}) => ({
    ...{ kind: 'sports', capacityModel: 'exclusive' as const, capacity: 1, spaceId, blockedSpaceIds },
    schedule: daily('08:00', '20:00', 60),
    cutoffMinutes: 0,
    ...changes,
  });
  const slots = (offering: OfferingSnapshot) => world.sessions(offering.offeringId);
  const at = async (offering: OfferingSnapshot, clock: string): Promise<AvailabilityDto> =>
    (await slots(offering)).find(({ start }) => start.slice(11, 16) === clock) as AvailabilityDto;
  const book = async (offering: OfferingSnapshot, sessionId: string, residentId: string) =>
    world.book(offering, sessionId, residentId);

  beforeAll(async () => {
    world = await startWorld({ PERIODIC: 'false', SESSION_HORIZON_DAYS: '3' });
    hall = await world.open(court(hallId, [hallId, leftId, rightId]));
    left = world.offering({ ...court(leftId, [leftId, hallId]), siteId: hall.siteId });
    right = world.offering({ ...court(rightId, [rightId, hallId]), siteId: hall.siteId });
    await world.service.deliver(left, right);
    await Promise.all([slots(left), slots(right)]);
  });
  afterAll(async () => {
    await world.assertConsistent();
    await world.service.stop();
  });

  it('keep each other free: the halves go together, neither goes with the whole', async () => {
    const [one, two, three] = await world.crowd(3);
    await book(left, (await at(left, '00:00')).sessionId, one as string).then(({ status }) =>
      expect(status).toBe(202),
    );
    expect(await at(hall, '00:00')).toMatchObject({ free: 0, reasons: ['space_taken'] });
    const refused = await book(hall, (await at(hall, '00:00')).sessionId, two as string);
    expect(refused.body).toMatchObject({ code: 'space_taken' });
    await book(right, (await at(right, '00:00')).sessionId, two as string).then(({ status }) =>
      expect(status).toBe(202),
    );
    await book(hall, (await at(hall, '02:00')).sessionId, three as string).then(({ status }) =>
      expect(status).toBe(202),
    );
    for (const half of [left, right]) expect((await at(half, '02:00')).reasons).toEqual(['space_taken']);
  });

  it('are never used together with the whole, however many try at once', async () => {
    const clients = await world.crowd(24);
    const [whole, l, r] = await Promise.all([at(hall, '04:00'), at(left, '04:00'), at(right, '04:00')]);
    const tries = [whole, l, r].map(({ offeringId, sessionId }) => ({ offeringId, sessionId }));
    const answers = await Promise.all(
      clients.map((client, n) => {
        const { offeringId, sessionId } = tries[n % 3] as (typeof tries)[0];
        return world.book({ offeringId }, sessionId, client);
      }),
    );
    const won = answers
      .filter(({ status }) => status === 202)
      .map(({ body }) => (body as BookingDto).offeringId);
    const wholeWon = won.includes(hall.offeringId);
    expect(won.sort()).toEqual(wholeWon ? [hall.offeringId] : [left.offeringId, right.offeringId].sort());
    expect(answers.every(({ status }) => [202, 409].includes(status))).toBe(true);
  });

  it('let one move from a half to the whole at the same time, and back', async () => {
    const [resident] = await world.crowd(1);
    const old = await world.confirmed(left, (await at(left, '06:00')).sessionId, resident as string);
    const move = async (id: string, to: OfferingSnapshot) => {
      const { sessionId } = await at(to, '06:00');
      const { body } = await world.frontEnd
        .post(`/v1/bookings/${id}/reschedule`)
        .set('prefer', 'wait=0')
        .send({ sessionId, offeringId: to.offeringId })
        .expect(202);
      await world.service.deliver(world.authorised(body as BookingDto));
      return world.booking((body as BookingDto).id);
    };
    const whole = await move(old.id, hall);
    expect(whole.status).toBe('confirmed');
    expect((await at(right, '06:00')).reasons).toEqual(['space_taken']);
    expect((await move(whole.id, right)).status).toBe('confirmed');
    expect(await at(left, '06:00')).toMatchObject({ bookable: true });
  });

  it('are held to it by the database itself', async () => {
    const uses = async (blocked: boolean, spaceId: string, booking: string) =>
      world.service.db.query(
        `INSERT INTO space_use (booking_id, space_id, operator_id, occupies, blocked)
         VALUES ($1, $2, $3, '{[2026-12-01T00:00Z,2026-12-01T01:00Z)}', $4)`,
        [booking, spaceId, world.operatorId, blocked],
      );
    const { rows } = await world.service.db.query('SELECT id FROM booking ORDER BY id LIMIT 3');
    const [a, b, c] = rows.map(({ id }) => id as string) as [string, string, string];
    const room = newId();
    await uses(true, room, a);
    await uses(true, room, b);
    await expect(uses(false, room, c)).rejects.toThrow('booking_space_once');
  });

  it('are closed together, and say so', async () => {
    const closures = [{ start: '2026-11-03T08:30:00Z', end: '2026-11-03T10:00:00Z' }];
    await world.service.deliver(world.offering({ ...hall, closures, version: 2 }));
    const closed = (await slots(hall)).filter(({ reasons }) => reasons.includes('space_closed'));
    expect(closed.map(({ start }) => start.slice(11, 16))).toEqual(['08:00', '09:00']);
    const [resident] = await world.crowd(1);
    const refused = await book(hall, closed[0]?.sessionId ?? '', resident as string);
    expect(refused.body).toMatchObject({ code: 'space_closed' });
  });

  it('say when only the time in between is missing', async () => {
    const spaceId = newId();
    const played = await world.open(court(spaceId, [], { bufferMinutes: 15 }));
    const [resident] = await world.crowd(1);
    await book(played, (await at(played, '04:00')).sessionId, resident as string);
    const reasons = await Promise.all(
      ['03:00', '04:00', '05:00', '06:00'].map(async (t) => (await at(played, t)).reasons),
    );
    expect(reasons).toEqual([['buffer'], ['full'], ['buffer'], []]);
  });

  it('of a suspended contract or site say that it is suspended', async () => {
    const shut = await world.open({}, { status: 'suspended' });
    expect((await slots(shut))[0]?.reasons).toEqual(['suspended']);
    await world.service.deliver(world.contract({ status: 'suspended', version: 9 }));
    expect((await at(right, '09:00')).reasons).toEqual(['suspended']);
    await world.service.deliver(world.contract({ version: 10 }));
    expect((await at(right, '09:00')).reasons).toEqual([]);
  });

  it('of any shape: two uses are never at one time where one blocks the other', async () => {
    // What the constraint promises, against pairs of all bookings: parents and children by the snapshot.
    const { rows } = await world.service.db.query(`
      SELECT a.id, b.id FROM booking a JOIN booking b ON a.id < b.id AND a.occupies && b.occupies
      WHERE a.space_id = b.space_id OR b.space_id = ANY (a.blocks) OR a.space_id = ANY (b.blocks)`);
    expect(rows).toEqual([]);
  });
});
