import { BookingCancelled, BookingHeld, type OfferingSnapshot } from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import type { AvailabilityDto } from '../availability/availability.dto';
import { daily } from '../testing/neighbours.fixture';
import { startWorld, type World } from '../testing/world.fixture';
import type { BookingDto } from './bookings.dto';

describe('moving a booking', () => {
  let world: World;

  beforeAll(async () => {
    world = await startWorld({ PERIODIC: 'false' });
  });
  afterEach(() => world.clock.set('2026-11-02T01:00:00Z'));
  afterAll(async () => {
    await world.assertConsistent();
    await world.service.stop();
  });

  const court = (slotMinutes = 60) =>
    world.open({
      kind: 'sports',
      capacityModel: 'exclusive',
      capacity: 1,
      spaceId: newId(),
      schedule: daily('14:00', '18:00', slotMinutes),
    });
  const move = (id: string, slot: AvailabilityDto | undefined, more: Record<string, unknown> = {}) =>
    world.frontEnd
      .post(`/v1/bookings/${id}/reschedule`)
      .set('prefer', 'wait=0')
      .send({ sessionId: slot?.sessionId, ...more });
  const standing = async (
    offering: OfferingSnapshot,
    slot: AvailabilityDto | undefined,
  ): Promise<BookingDto> => world.confirmed(offering, slot?.sessionId ?? '', await world.resident());
  const status = async (id: string): Promise<string> => (await world.booking(id)).status;
  const frees = async (offering: OfferingSnapshot): Promise<number[]> =>
    (await world.sessions(offering.offeringId)).map(({ free }) => free);

  it('keeps the old one until the new one is confirmed, then gives it back', async () => {
    const offering = await court();
    const slots = await world.sessions(offering.offeringId);
    const old = await standing(offering, slots[0]);
    const { body } = await move(old.id, slots[2]).expect(202);
    const moved = body as BookingDto;
    expect(moved).toMatchObject({ status: 'held', replaces: old.id, residentId: old.residentId });
    expect([await status(old.id), await frees(offering)]).toEqual(['confirmed', [0, 1, 0, 1]]);
    await world.service.deliver(world.authorised(moved));
    expect([await status(old.id), await status(moved.id)]).toEqual(['cancelled', 'confirmed']);
    expect(await frees(offering)).toEqual([1, 1, 0, 1]);
    const told = await world.service.told(BookingCancelled);
    expect(told.find(({ bookingId }) => bookingId === old.id)).toMatchObject({
      reason: 'rescheduled',
      by: 'resident',
    });
    const held = (await world.service.told(BookingHeld)).find(({ bookingId }) => bookingId === moved.id);
    expect(held).toMatchObject({ replaces: old.id });
  });

  it('keeps the package that was named, unless another one is, or none', async () => {
    const offering = await court();
    const slots = await world.sessions(offering.offeringId);
    const ask = { packageId: newId() };
    const { body } = await world.book(offering, slots[0]?.sessionId ?? '', await world.resident(), ask);
    const old = body as BookingDto;
    await world.service.deliver(world.authorised(old));
    const again = (await move(old.id, slots[1]).expect(202)).body as BookingDto;
    await world.service.deliver(world.authorised(again));
    const other = (await move(again.id, slots[2], { packageId: 'none' }).expect(202)).body as BookingDto;
    await world.service.deliver(world.authorised(other));
    const auto = (await move(other.id, slots[3], { packageId: 'auto' }).expect(202)).body as BookingDto;
    const named = [old, again, other, auto].map(({ packageId }) => packageId);
    expect(named).toEqual([ask.packageId, ask.packageId, 'none', undefined]);
    await world.service.deliver(world.declined(auto));
  });

  it('keeps the old one when the new one is declined, or lapses', async () => {
    const offering = await court();
    const slots = await world.sessions(offering.offeringId);
    const old = await standing(offering, slots[0]);
    const declined = (await move(old.id, slots[1]).expect(202)).body as BookingDto;
    await world.service.deliver(world.declined(declined));
    expect([await status(old.id), await status(declined.id), await frees(offering)]).toEqual([
      'confirmed',
      'declined',
      [0, 1, 1, 1],
    ]);
    const lapsed = (await move(old.id, slots[1]).expect(202)).body as BookingDto;
    world.clock.advance({ seconds: 301 });
    expect([await status(old.id), await status(lapsed.id)]).toEqual(['confirmed', 'expired']);
    const again = (await move(old.id, slots[1]).expect(202)).body as BookingDto;
    await world.service.deliver(world.authorised(again));
    expect([await status(old.id), await status(again.id)]).toEqual(['cancelled', 'confirmed']);
  });

  it('can go to a time that overlaps the old one, which nobody else can take in between', async () => {
    const spaceId = newId();
    const hours = await world.open({
      kind: 'sports',
      capacityModel: 'exclusive',
      capacity: 1,
      spaceId,
      schedule: daily('14:00', '16:00', 60),
    });
    const halves = await world.open({
      kind: 'sports',
      capacityModel: 'exclusive',
      capacity: 1,
      spaceId,
      schedule: daily('14:30', '15:30', 60),
    });
    const [first] = await world.sessions(hours.offeringId);
    const [half] = await world.sessions(halves.offeringId);
    const old = await standing(hours, first);
    const { body } = await move(old.id, half, { offeringId: halves.offeringId }).expect(202);
    const other = await world.book(
      hours,
      (await world.sessions(hours.offeringId))[1]?.sessionId ?? '',
      await world.resident(),
    );
    expect(other.body).toMatchObject({ code: 'space_taken' });
    await world.service.deliver(world.authorised(body as BookingDto));
    expect([await status(old.id), await status((body as BookingDto).id)]).toEqual(['cancelled', 'confirmed']);
    expect((await world.sessions(hours.offeringId)).map(({ bookable }) => bookable)).toEqual([false, false]);
    expect((await world.book(hours, first?.sessionId ?? '', await world.resident())).body).toMatchObject({
      code: 'space_taken',
    });
  });

  it('loses neither to a resident’s other booking, nor to somebody who takes the time that was cancelled meanwhile', async () => {
    const offering = await court();
    const wide = await world.open({ schedule: daily('14:30', '15:30'), cutoffMinutes: 0 });
    const slots = await world.sessions(offering.offeringId);
    const [lunch] = await world.sessions(wide.offeringId);
    const old = await standing(offering, slots[0]);
    const moved = (await move(old.id, lunch, { offeringId: wide.offeringId }).expect(202)).body as BookingDto;
    await world.owner.post(`/v1/bookings/${old.id}/cancel`).send({ reason: 'changed_plans' }).expect(200);
    await world.book(offering, slots[0]?.sessionId ?? '', old.residentId).expect(202);
    await world.service.deliver(world.authorised(moved));
    expect(await world.booking(moved.id)).toMatchObject({
      status: 'cancelled',
      statusReason: 'rescheduled_too_late',
    });
  });

  it('is cancelled when the old one was used before the answer came', async () => {
    const offering = await court();
    const slots = await world.sessions(offering.offeringId);
    const old = await standing(offering, slots[0]);
    world.clock.set('2026-11-03T05:40:00Z');
    const moved = (await move(old.id, slots[3]).expect(202)).body as BookingDto;
    await world.owner.post(`/v1/bookings/${old.id}/attendance`).send({ outcome: 'attended' }).expect(200);
    await world.service.deliver(world.authorised(moved));
    expect([await status(old.id), await status(moved.id)]).toEqual(['delivered', 'cancelled']);
  });

  it('happens once at a time, and only to what is confirmed', async () => {
    const offering = await court();
    const slots = await world.sessions(offering.offeringId);
    const old = await standing(offering, slots[0]);
    expect((await move(old.id, slots[0]).expect(422)).body).toMatchObject({ code: 'same_session' });
    const answers = await Promise.all([1, 2, 3].map((n) => move(old.id, slots[n])));
    expect(answers.map(({ status: code }) => code).sort()).toEqual([202, 409, 409]);
    const moved = answers.find(({ status: code }) => code === 202)?.body as BookingDto;
    expect((await move(moved.id, slots[3])).body).toMatchObject({ code: 'booking_held' });
    await move(newId(), slots[1]).expect(404);
    await world.service.deliver(world.authorised(moved));
    expect((await move(old.id, slots[1])).body).toMatchObject({ code: 'booking_cancelled' });
  });
});
