import { newId } from '@doorstep/kernel';
import { aFrontEnd, anAuthority, anOwner, type Caller } from '@doorstep/testing';
import type { SeriesDto } from '../series/series.dto';
import { COMMUNITY } from '../testing/neighbours.fixture';
import { startWorld, TODAY, type World } from '../testing/world.fixture';
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
  const cancel = (id: string) =>
    world.frontEnd.post(`/v1/bookings/${id}/cancel`).send({ reason: 'changed_plans' });

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
      ['a package that is none', { packageId: 'mine' }, 400, 'validation_failed'],
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

    it('is that of the region for an authority, who names no operator and no filter', async () => {
      const { id } = await held();
      const seenFrom = async (regionPrefix: string): Promise<string[]> => {
        const { body } = await world.service
          .as(anAuthority(regionPrefix))
          .get('/v1/bookings?limit=200')
          .expect(200);
        return (body as { items: BookingDto[] }).items.map((booking) => booking.id);
      };
      expect(await seenFrom(COMMUNITY.slice(0, 4))).toContain(id);
      expect(await seenFrom('5101')).toEqual([]);
    });
  });

  describe('a hold', () => {
    const other = () => world.service.as(aFrontEnd(world.operatorId));
    const cancelAs = (as: Caller, path: string, token?: string) => {
      const asked = as.post(`/v1/${path}/cancel`).send({ reason: 'changed_plans' });
      return token === undefined ? asked : asked.set('hold-token', token);
    };

    it('is ended by the API client that made it, by who has its token, and by the operator’s people', async () => {
      const [a, b, c] = [await held(), await held(), await held()];
      expect(a.holdToken).toMatch(/^[\w-]{43}$/);
      expect((await cancelAs(other(), `bookings/${a.id}`).expect(403)).body).toMatchObject({
        code: 'hold_of_other_client',
      });
      for (const wrong of [b.holdToken, `${a.holdToken}x`, 'x', ''])
        for (const as of [other(), world.frontEnd, world.owner])
          expect((await cancelAs(as, `bookings/${a.id}`, wrong).expect(403)).body).toMatchObject({
            code: 'hold_token_wrong',
          });
      expect((await world.booking(a.id)).status).toBe('held');
      await cancelAs(other(), `bookings/${a.id}`, a.holdToken).expect(200);
      await cancelAs(world.frontEnd, `bookings/${b.id}`).expect(200);
      await cancelAs(world.owner, `bookings/${c.id}`).expect(200);
    });

    it('shows its token to who asked for it alone, and the same one to a repeat', async () => {
      const key = newId();
      const resident = await world.resident();
      const ask = () => world.book(lunch, sessionId, resident).set('idempotency-key', key).expect(202);
      const [first, again] = [(await ask()).body as BookingDto, (await ask()).body as BookingDto];
      expect(again).toEqual(first);
      expect((await world.booking(first.id)).holdToken).toBeUndefined();
      const { body } = await world.frontEnd.get(`/v1/bookings?residentId=${resident}`).expect(200);
      expect(JSON.stringify(body)).not.toContain(String(first.holdToken));
      const { rows } = await world.service.db.query(
        `SELECT FROM idempotency_key WHERE strpos(result::text, $1) > 0`,
        [first.holdToken],
      );
      expect(rows).toEqual([]);
      await cancel(first.id).expect(200);
    });

    it('is nobody’s any more once it has lapsed, or is confirmed', async () => {
      const lapsed = await held();
      world.clock.advance({ minutes: 10 });
      expect(
        (await cancelAs(other(), `bookings/${lapsed.id}`, lapsed.holdToken).expect(409)).body,
      ).toMatchObject({
        code: 'booking_expired',
      });
      const { id } = await world.confirmed(lunch, sessionId, await world.resident());
      await cancelAs(other(), `bookings/${id}`).expect(200);
    });

    it('of a series goes by the token of the series', async () => {
      const residentId = await world.resident();
      const rule = { start: '2026-11-04T11:00', rule: 'FREQ=DAILY;COUNT=3' };
      const { body } = await world.frontEnd
        .post('/v1/series')
        .send({ offeringId: lunch.offeringId, residentId, ...rule })
        .expect(201);
      const { id, holdToken } = body as SeriesDto;
      expect((await cancelAs(other(), `series/${id}`).expect(403)).body).toMatchObject({
        code: 'hold_of_other_client',
      });
      await cancelAs(other(), `series/${id}`, holdToken).expect(200);
    });
  });
});
