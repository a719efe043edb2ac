import { newId } from '@doorstep/kernel';
import { startWorld, type World } from '../testing/world.fixture';
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

  const cancel = (id: string) =>
    world.frontEnd.post(`/v1/bookings/${id}/cancel`).send({ reason: 'changed_plans' });

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
      const said = { code: 'no_price', detail: 'There is no price.' };
      expect(body).toMatchObject({ ...said, details: { bookingId: booking.id } });
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
});
