import { BookingCancelled, BookingConfirmed } from '@doorstep/contracts';
import { runAs, SYSTEM_ACTOR } from '@doorstep/platform';
import { startWorld, type World } from '../testing/world.fixture';
import type { BookingDto } from './bookings.dto';
import { Holds } from './holds.service';

describe('a booking that billing does not answer', () => {
  let world: World;
  let holds: Holds;

  beforeAll(async () => {
    world = await startWorld({
      PERIODIC: 'false',
      SESSION_HORIZON_DAYS: '4',
      UNPRICED_SECONDS: '15',
      HOLD_SECONDS: '300',
    });
    holds = world.service.running.app.get(Holds);
  });
  beforeEach(() => world.clock.set('2026-11-02T01:00:00Z'));
  afterAll(async () => {
    await world.assertConsistent();
    await world.service.stop();
  });

  const silent = async (unpricedPolicy?: 'hold' | 'confirm') => {
    const lunch = await world.open({ unpricedPolicy });
    const { sessionId } = await world.session(lunch.offeringId);
    const { body } = await world.book(lunch, sessionId, await world.resident()).expect(202);
    return body as BookingDto;
  };
  const after = async (seconds: number) => {
    world.clock.advance({ seconds });
    await runAs(SYSTEM_ACTOR, () => holds.confirmUnpriced());
    await runAs(SYSTEM_ACTOR, () => holds.expireLapsed());
  };

  it('stays held and expires, where the offering says nothing else', async () => {
    const { id } = await silent();
    await after(299);
    expect(await world.booking(id)).toMatchObject({ status: 'held' });
    await after(1);
    expect(await world.booking(id)).toMatchObject({ status: 'expired' });
  });

  it('is confirmed without a price where it says so, and settled when the price comes', async () => {
    const booking = await silent('confirm');
    await after(14);
    expect(await world.booking(booking.id)).toMatchObject({ status: 'held' });
    await after(1);
    const unpriced = await world.booking(booking.id);
    expect(unpriced).toMatchObject({ status: 'confirmed', unpriced: true, version: 2 });
    expect(unpriced).not.toHaveProperty('price');
    const facts = await world.service.told(BookingConfirmed);
    expect(facts.find(({ bookingId }) => bookingId === booking.id)).toMatchObject({ unpriced: true });

    await world.service.deliver(world.authorised(booking), world.authorised(booking));
    const settled = await world.booking(booking.id);
    expect(settled).toMatchObject({ status: 'confirmed', price: { grossFen: 1800 }, version: 3 });
    expect(settled).not.toHaveProperty('unpriced');
  });

  it('is settled after the service too', async () => {
    const booking = await silent('confirm');
    await after(15);
    world.clock.set('2026-11-03T04:40:00Z');
    await world.owner.post(`/v1/bookings/${booking.id}/attendance`).send({ outcome: 'attended' }).expect(200);
    await world.service.deliver(world.authorised(booking));
    expect(await world.booking(booking.id)).toMatchObject({
      status: 'delivered',
      price: { residentFen: 1600 },
    });
  });

  it('is settled while somebody looks at the visit', async () => {
    const booking = await silent('confirm');
    await after(15);
    await world.service.db.query(`UPDATE booking SET status = 'on_review' WHERE id = $1`, [booking.id]);
    await world.service.deliver(world.authorised(booking));
    const settled = await world.booking(booking.id);
    expect(settled).toMatchObject({ status: 'on_review', price: { residentFen: 1600 } });
    expect(settled).not.toHaveProperty('unpriced');
  });

  it('is cancelled when the answer is no', async () => {
    const booking = await silent('confirm');
    await after(15);
    await world.service.deliver(world.declined(booking, 'no_price'));
    expect(await world.booking(booking.id)).toMatchObject({ status: 'cancelled', statusReason: 'no_price' });
    const facts = await world.service.told(BookingCancelled);
    expect(facts.find(({ bookingId }) => bookingId === booking.id)).toMatchObject({ by: 'system' });
    await world.service.deliver(world.declined(booking, 'no_price'));
    expect(await world.booking(booking.id)).toMatchObject({ version: 3 });
  });

  it('never costs a fee before there was a price, and moving it waits for one', async () => {
    const booking = await silent('confirm');
    await after(15);
    const [, next] = await world.sessions(booking.offeringId, '2026-11-03', '2026-11-06');
    const { body } = await world.frontEnd
      .post(`/v1/bookings/${booking.id}/reschedule`)
      .set('prefer', 'wait=0')
      .send({ sessionId: next?.sessionId })
      .expect(202);
    await after(20);
    expect(await world.booking((body as BookingDto).id)).toMatchObject({ status: 'held' });
    expect(await world.booking(booking.id)).toMatchObject({ status: 'confirmed' });
  });
});
