import {
  BookingCancelled,
  BookingConfirmed,
  BookingExpired,
  BookingHeld,
  BookingNoShow,
  BookingRejected,
  ServiceDelivered,
} from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import { startWorld, TOMORROW, type World } from '../testing/world.fixture';
import type { BookingDto } from './bookings.dto';

describe('booking', () => {
  let world: World;
  let lunch: Awaited<ReturnType<World['open']>>;
  let sessionId: string;

  beforeAll(async () => {
    world = await startWorld({ PERIODIC: 'false' });
    lunch = await world.open({ capacity: 5 });
    ({ sessionId } = await world.session(lunch.offeringId));
  });
  afterAll(async () => {
    await world.assertConsistent();
    await world.service.stop();
  });
  afterEach(() => world.clock.set('2026-11-02T01:00:00Z'));

  const held = async (more: Record<string, unknown> = {}): Promise<BookingDto> => {
    const { body } = await world.book(lunch, sessionId, await world.resident(), more).expect(202);
    return body as BookingDto;
  };
  const free = async (): Promise<number> => (await world.session(lunch.offeringId)).free;
  const cancel = (id: string) =>
    world.frontEnd.post(`/v1/bookings/${id}/cancel`).send({ reason: 'changed_plans' });

  describe('a held booking', () => {
    it('is answered 202 with its place, takes capacity and is told', async () => {
      const before = await free();
      const answer = await world.book(lunch, sessionId, await world.resident(), { partySize: 2 }).expect(202);
      const booking = answer.body as BookingDto;
      expect(answer.headers.location).toBe(`/v1/bookings/${booking.id}`);
      expect(booking).toMatchObject({
        operatorId: world.operatorId,
        contractId: world.contractId,
        status: 'held',
        partySize: 2,
        serviceDay: TOMORROW,
        start: '2026-11-03T03:00:00.000Z',
        holdExpiresAt: '2026-11-02T01:05:00.000Z',
        version: 1,
      });
      expect(await free()).toBe(before - 2);
      const told = await world.service.told(BookingHeld);
      expect(told.find(({ bookingId }) => bookingId === booking.id)).toMatchObject({
        partySize: 2,
        expiresAt: '2026-11-02T01:05:00.000Z',
        serviceDay: TOMORROW,
        regionCode: '310101002001',
      });
      await cancel(booking.id).expect(200);
      expect(await free()).toBe(before);
    });

    it('carries the package that was named to billing, which alone knows packages', async () => {
      const packageId = newId();
      for (const [asked, told] of [
        [packageId.toUpperCase(), packageId],
        ['none', 'none'],
        ['auto', undefined],
      ]) {
        const booking = await held({ packageId: asked });
        const event = (await world.service.told(BookingHeld)).find(
          ({ bookingId }) => bookingId === booking.id,
        );
        expect([booking.packageId, event?.packageId]).toEqual([told, told]);
        const reason = 'No use of the package is left.';
        const declined = world.declined(booking, 'package_used_up');
        await world.service.deliver(Object.assign(declined, { reason, mend: 'Buy one.' }));
        expect(await world.booking(booking.id)).toMatchObject({
          ...{ status: 'declined', statusReason: 'package_used_up', refusal: { reason, mend: 'Buy one.' } },
        });
      }
    });

    it('is confirmed with its price when billing says yes', async () => {
      const booking = await held();
      await world.service.deliver(world.authorised(booking));
      const confirmed = await world.booking(booking.id);
      expect(confirmed).toMatchObject({
        status: 'confirmed',
        version: 2,
        price: {
          grossFen: 1800,
          residentFen: 1600,
          fundersFen: 200,
          operatorFen: 0,
          lines: [{ amountFen: 200 }],
        },
      });
      expect(confirmed.holdExpiresAt).toBeUndefined();
      const told = await world.service.told(BookingConfirmed);
      expect(told.filter(({ bookingId }) => bookingId === booking.id)).toHaveLength(1);
      await cancel(booking.id).expect(200);
    });

    it('is declined with billing’s reason, and its capacity is free again', async () => {
      const before = await free();
      const booking = await held();
      await world.service.deliver(world.declined(booking, 'budget_exhausted'));
      expect(await world.booking(booking.id)).toMatchObject({
        status: 'declined',
        statusReason: 'budget_exhausted',
      });
      expect(await free()).toBe(before);
      const told = await world.service.told(BookingRejected);
      expect(told.find(({ bookingId }) => bookingId === booking.id)).toMatchObject({
        reason: 'budget_exhausted',
      });
    });

    it('is expired for everybody from its expiry on, before anybody has told of it', async () => {
      const before = await free();
      const booking = await held({ partySize: before });
      expect((await world.session(lunch.offeringId)).reasons).toEqual(['full']);
      world.clock.advance({ seconds: 300 });
      expect(await world.booking(booking.id)).toMatchObject({
        status: 'expired',
        statusReason: 'hold_expired',
      });
      expect(await free()).toBe(before);
      const next = await held({ partySize: before });
      expect(await world.booking(booking.id)).toMatchObject({ status: 'expired' });
      const told = await world.service.told(BookingExpired);
      expect(told.filter(({ bookingId }) => bookingId === booking.id)).toHaveLength(1);
      await cancel(next.id).expect(200);
    });

    it('that lapsed is told as expired when billing’s yes comes too late, and told again for each yes', async () => {
      const before = await free();
      const booking = await held();
      world.clock.advance({ seconds: 301 });
      await world.service.deliver(world.authorised(booking));
      await world.service.deliver(world.authorised(booking));
      expect(await world.booking(booking.id)).toMatchObject({ status: 'expired' });
      expect(await free()).toBe(before);
      const told = (await world.service.told(BookingExpired)).filter(
        ({ bookingId }) => bookingId === booking.id,
      );
      expect(told.map(({ version }) => version)).toEqual([2, 3]);
    });

    it('that was cancelled is told so again when billing’s yes comes after it', async () => {
      const booking = await held();
      await cancel(booking.id).expect(200);
      await world.service.deliver(world.authorised(booking));
      expect(await world.booking(booking.id)).toMatchObject({ status: 'cancelled', version: 3 });
      const told = (await world.service.told(BookingCancelled)).filter(
        ({ bookingId }) => bookingId === booking.id,
      );
      expect(told.map(({ version, by, reason }) => [version, by, reason])).toEqual([
        [2, 'resident', 'changed_plans'],
        [3, 'resident', 'changed_plans'],
      ]);
    });
  });

  describe('a confirmed booking', () => {
    const confirmed = async (): Promise<BookingDto> =>
      world.confirmed(lunch, sessionId, await world.resident());

    it('can be cancelled once, and gives its seat back once', async () => {
      const before = await free();
      const booking = await confirmed();
      await cancel(booking.id).expect(200);
      const again = await cancel(booking.id).expect(409);
      expect(again.body).toMatchObject({ code: 'booking_cancelled' });
      expect(await free()).toBe(before);
    });

    it('does not stand in the way of booking again once it was cancelled', async () => {
      const resident = await world.resident();
      const first = await world.confirmed(lunch, sessionId, resident);
      const busy = await world.book(lunch, sessionId, resident).expect(409);
      expect(busy.body).toMatchObject({ code: 'resident_busy' });
      await cancel(first.id).expect(200);
      const again = await world.book(lunch, sessionId, resident).expect(202);
      await cancel((again.body as BookingDto).id).expect(200);
    });

    it('is attended from half an hour before its start, and told with its minutes', async () => {
      const booking = await confirmed();
      const attend = () =>
        world.owner.post(`/v1/bookings/${booking.id}/attendance`).send({ outcome: 'attended', minutes: 75 });
      world.clock.set('2026-11-03T02:29:59Z');
      expect((await attend().expect(409)).body).toMatchObject({ code: 'too_early' });
      world.clock.set('2026-11-03T02:30:00Z');
      expect((await attend().expect(200)).body).toMatchObject({ status: 'delivered', minutes: 75 });
      expect((await attend().expect(409)).body).toMatchObject({ code: 'booking_delivered' });
      const told = await world.service.told(ServiceDelivered);
      expect(told.filter(({ bookingId }) => bookingId === booking.id)).toEqual([
        expect.objectContaining({ minutes: 75, evidence: 'attendance', version: 3 }),
      ]);
    });

    it('is a no-show when nobody came', async () => {
      const booking = await confirmed();
      world.clock.set('2026-11-03T03:10:00Z');
      const path = `/v1/bookings/${booking.id}/attendance`;
      const { body } = await world.owner.post(path).send({ outcome: 'no_show' }).expect(200);
      expect(body).toMatchObject({ status: 'no_show' });
      const told = await world.service.told(BookingNoShow);
      expect(told.some(({ bookingId }) => bookingId === booking.id)).toBe(true);
    });
  });
});
