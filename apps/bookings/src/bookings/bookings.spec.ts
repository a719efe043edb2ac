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
import { anOwner, aFrontEnd } from '@doorstep/testing';
import { startWorld, TODAY, TOMORROW, type World } from '../world.harness';
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

  describe('waiting for billing', () => {
    const waiting = async (seconds: number, key = newId()) =>
      world.frontEnd
        .post('/v1/bookings')
        .set('prefer', `wait=${seconds}`)
        .set('idempotency-key', key)
        .send({ offeringId: lunch.offeringId, sessionId, residentId: await world.resident() });
    const heldNow = () =>
      world.service.eventually(async () => {
        const { rows } = await world.service.db.query<{ id: string }>(
          `SELECT id FROM booking WHERE status = 'held'`,
        );
        if (rows.length !== 1) throw new Error(`${rows.length} holds`);
        return world.booking(rows[0]?.id ?? '');
      });

    it('answers 201 as soon as it is confirmed', async () => {
      const answer = waiting(10);
      const began = Date.now();
      void answer.then(() => undefined);
      await world.service.deliver(world.authorised(await heldNow()));
      const { status, body, headers } = await answer;
      expect(status).toBe(201);
      expect(headers['preference-applied']).toBe('wait=10');
      expect(body).toMatchObject({ status: 'confirmed' });
      expect(Date.now() - began).toBeLessThan(9_000);
      await cancel((body as BookingDto).id).expect(200);
    });

    it('answers with billing’s reason when it is declined, naming the booking', async () => {
      const answer = waiting(10);
      void answer.then(() => undefined);
      const booking = await heldNow();
      await world.service.deliver(world.declined(booking));
      const { status, body } = await answer;
      expect(status).toBe(409);
      expect(body).toMatchObject({ code: 'no_price', details: { bookingId: booking.id } });
    });

    it('answers 202 when billing says nothing', async () => {
      const { status, body, headers } = await waiting(1);
      expect(status).toBe(202);
      expect(body).toMatchObject({ status: 'held' });
      expect(headers.location).toBe(`/v1/bookings/${(body as BookingDto).id}`);
      await cancel((body as BookingDto).id).expect(200);
    });

    it('gives a repeat of the same request the same booking, also while the first still waits', async () => {
      const residentId = await world.resident();
      const key = newId();
      const ask = () =>
        world.frontEnd
          .post('/v1/bookings')
          .set('prefer', 'wait=10')
          .set('idempotency-key', key)
          .send({ offeringId: lunch.offeringId, sessionId, residentId });
      const twins = [ask(), ask(), ask()].map((each) => each.then((answer) => answer));
      await world.service.deliver(world.authorised(await heldNow()));
      const answers = [...(await Promise.all(twins)), await ask()];
      expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
      expect(new Set(answers.map(({ body }) => (body as BookingDto).id)).size).toBe(1);
      const other = await world.frontEnd
        .post('/v1/bookings')
        .set('idempotency-key', key)
        .send({ offeringId: lunch.offeringId, sessionId, residentId, partySize: 2 });
      expect(other.status).toBe(409);
      expect(other.body).toMatchObject({ code: 'idempotency_key_reused' });
      await cancel((answers[0]?.body as BookingDto).id).expect(200);
    });
  });

  describe('what is refused', () => {
    const refused = async (more: Record<string, unknown>, status: number, code: string) => {
      const command = {
        offeringId: lunch.offeringId,
        sessionId,
        residentId: await world.resident(),
        ...more,
      };
      const { body } = await world.frontEnd.post('/v1/bookings').send(command).expect(status);
      expect(body).toMatchObject({ code, status });
      expect(String((body as { mend?: string }).mend)).not.toBe('undefined');
    };

    it.each([
      ['an unknown session', { sessionId: newId() }, 404, 'session_not_found'],
      ['an unknown resident', { residentId: newId() }, 404, 'resident_not_found'],
      ["another offering's session", { offeringId: newId() }, 422, 'session_of_other_offering'],
      ['a party of nobody', { partySize: 0 }, 400, 'validation_failed'],
      ['half a guest', { partySize: 1.5 }, 400, 'validation_failed'],
      ['a party over the capacity', { partySize: 6 }, 422, 'party_too_large'],
      ['an id that is none', { sessionId: 'tomorrow' }, 400, 'validation_failed'],
      ['an unknown field', { price: 0 }, 400, 'validation_failed'],
    ])('%s', (_what, more, status, code) => refused(more, status, code));

    it('a session that has begun', async () => {
      world.clock.set('2026-11-03T03:00:00Z');
      await refused({}, 422, 'session_past');
    });

    it('a session after its cut-off', async () => {
      world.clock.set('2026-11-03T02:00:01Z');
      await refused({}, 409, 'cutoff_passed');
    });

    it("another operator's resident and another operator's session, as if they weren't there", async () => {
      const other = world.service.as(aFrontEnd(newId()));
      const mine = await world.resident();
      const command = { offeringId: lunch.offeringId, sessionId, residentId: mine };
      expect((await other.post('/v1/bookings').send(command).expect(404)).body).toMatchObject({
        code: 'session_not_found',
      });
      const booking = await held();
      const stranger = world.service.as(anOwner(newId()));
      await stranger.get(`/v1/bookings/${booking.id}`).expect(404);
      await stranger.post(`/v1/bookings/${booking.id}/cancel`).send({ reason: 'mischief' }).expect(404);
      expect((await stranger.get('/v1/bookings').expect(200)).body).toEqual({ items: [], nextCursor: null });
      await cancel(booking.id).expect(200);
    });

    it('a resident without consent', async () => {
      const residentId = await world.resident({ consents: [] });
      await refused({ residentId }, 409, 'no_consent');
    });
  });

  describe('the list of bookings', () => {
    it('is filtered, in the order of start, page by page', async () => {
      const resident = await world.resident();
      const other = await world.session(lunch.offeringId);
      const days = await world.sessions(lunch.offeringId, TODAY, '2026-11-09');
      const made: string[] = [];
      for (const day of days.slice(1, 4)) {
        const { body } = await world.book(lunch, day.sessionId, resident).expect(202);
        made.push((body as BookingDto).id);
      }
      const list = async (query: string) => {
        const { body } = await world.frontEnd.get(`/v1/bookings?${query}`).expect(200);
        return body as { items: BookingDto[]; nextCursor: string | null };
      };
      const first = await list(`residentId=${resident}&limit=2`);
      const second = await list(`residentId=${resident}&limit=2&cursor=${first.nextCursor}`);
      expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(made);
      expect(second.nextCursor).toBeNull();
      const ofDay = await list(`residentId=${resident}&from=${other.day}&to=2026-11-04&status=held`);
      expect(ofDay.items.map(({ id }) => id)).toEqual(made.filter((_, n) => days[n + 1]?.day === other.day));
      expect((await list(`residentId=${resident}&status=confirmed`)).items).toEqual([]);
      await world.frontEnd.get('/v1/bookings?from=2026-02-30').expect(400);
      await world.frontEnd.get('/v1/bookings?cursor=nonsense').expect(400);
      for (const id of made) await cancel(id).expect(200);
    });
  });
});
