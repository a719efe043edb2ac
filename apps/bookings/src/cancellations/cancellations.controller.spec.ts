import { BookingCancelled, BookingNoShow } from '@doorstep/contracts';
import { anAuthority, type Caller } from '@doorstep/testing';
import type { BookingDto } from '../bookings/bookings.dto';
import { daily } from '../testing/neighbours.fixture';
import { startWorld, TODAY, TOMORROW, type World } from '../testing/world.fixture';

describe('what a late end costs', () => {
  let world: World;
  let city: Caller;
  let lunch: Awaited<ReturnType<World['open']>>;
  let sessionId: string;
  let later: string;
  /** Half of the resident's 16 yuan until a day before; 10 yuan for not coming. */
  const rule = {
    regionCode: '3101',
    validFrom: TODAY,
    freeMinutes: 1440,
    late: { shareBp: 5000 },
    noShow: { feeFen: 1000 },
    exemptReasons: ['illness'],
    source: '沪民规〔2026〕3号',
  };

  beforeAll(async () => {
    world = await startWorld({ PERIODIC: 'false', SESSION_HORIZON_DAYS: '6' });
    city = world.service.as(anAuthority('3101'));
    lunch = await world.open({ schedule: daily('08:30', '09:30') });
    const days = await world.sessions(lunch.offeringId, TOMORROW, '2026-11-07');
    [sessionId = '', later = ''] = days.map((slot) => slot.sessionId);
  });
  afterEach(() => world.clock.set('2026-11-02T01:00:00Z'));
  afterAll(async () => {
    await world.assertConsistent();
    await world.service.stop();
  });

  const confirmed = async (at = sessionId) => world.confirmed(lunch, at, await world.resident());
  const cancel = (id: string, body: Record<string, unknown> = {}, by = world.frontEnd) =>
    by.post(`/v1/bookings/${id}/cancel`).send({ reason: 'changed_plans', ...body });
  const told = async (id: string) =>
    (await world.service.told(BookingCancelled)).find(({ bookingId }) => bookingId === id);

  it('is nothing without a rule', async () => {
    const { id } = await confirmed();
    expect((await cancel(id).expect(200)).body).not.toHaveProperty('feeFen');
  });

  it('is set by the city, from a day that has not passed, one rule at a time', async () => {
    await world.owner.post('/v1/cancellation-rules').send(rule).expect(403);
    await city
      .post('/v1/cancellation-rules')
      .send({ ...rule, regionCode: '4403' })
      .expect(403);
    await city
      .post('/v1/cancellation-rules')
      .send({ ...rule, validFrom: '2026-11-01' })
      .expect(422);
    await city
      .post('/v1/cancellation-rules')
      .send({ ...rule, late: { shareBp: 1, feeFen: 1 } })
      .expect(422);
    await city.post('/v1/cancellation-rules').send(rule).expect(201);
    await city.post('/v1/cancellation-rules').send(rule).expect(409);
    await city
      .post('/v1/cancellation-rules')
      .send({ ...rule, validFrom: '2026-11-06', freeMinutes: 0 })
      .expect(201);
    const { body } = await world.frontEnd.get('/v1/cancellation-rules?regionCode=310101002001').expect(200);
    expect(body.items).toMatchObject([
      { validFrom: TODAY, validTo: '2026-11-06', late: { shareBp: 5000 }, noShow: { feeFen: 1000 } },
      { validFrom: '2026-11-06', freeMinutes: 0 },
    ]);
  });

  it('is shown before, owed by the resident who cancels late, told with its rule, and stands with the booking', async () => {
    const { id } = await confirmed();
    const terms = await world.frontEnd.get(`/v1/bookings/${id}/cancellation`).expect(200);
    // The session begins at 08:30 in Shanghai, in 23½ hours.
    expect(terms.body).toMatchObject({
      freeUntil: '2026-11-02T00:30:00.000Z',
      feeNowFen: 800,
      noShowFeeFen: 1000,
      exemptReasons: ['illness'],
    });
    expect((await cancel(id).expect(200)).body).toMatchObject({ status: 'cancelled', feeFen: 800 });
    expect(await told(id)).toMatchObject({ feeFen: 800, feeRuleId: terms.body.ruleId, by: 'resident' });
    expect(await world.booking(id)).toMatchObject({ feeFen: 800 });
  });

  it('is nothing in time, for an excused reason, or when the operator cancels', async () => {
    const [early, ill, ours] = [await confirmed(later), await confirmed(), await confirmed()];
    await cancel(early.id).expect(200);
    await cancel(ill.id, { reason: 'illness' }).expect(200);
    await cancel(ours.id, { by: 'operator' }).expect(403);
    await cancel(ours.id, {}, world.owner).expect(200);
    for (const { id } of [early, ill, ours]) expect(await told(id)).not.toHaveProperty('feeFen');
  });

  it('can’t be got around by moving, and never keeps anybody from booking again', async () => {
    const booking = await confirmed();
    const moved = await world.frontEnd
      .post(`/v1/bookings/${booking.id}/reschedule`)
      .set('prefer', 'wait=0')
      .send({ sessionId: later })
      .expect(409);
    expect(moved.body).toMatchObject({ code: 'too_late_to_move' });
    await cancel(booking.id).expect(200);
    await world.book(lunch, sessionId, booking.residentId).expect(202);
  });

  it('can’t be got around by giving a reason of the service’s own', async () => {
    for (const reason of ['rescheduled', 'offer_declined', 'moved', 'visit_rejected']) {
      const { id } = await confirmed();
      expect((await cancel(id, { reason }).expect(200)).body).toMatchObject({ feeFen: 800 });
    }
  });

  it('of not coming is owed unless excused', async () => {
    const [absent, ill] = [await confirmed(), await confirmed()];
    world.clock.set('2026-11-03T00:45:00Z');
    const attend = (booking: BookingDto, body: Record<string, unknown>) =>
      world.owner.post(`/v1/bookings/${booking.id}/attendance`).send({ outcome: 'no_show', ...body });
    expect((await attend(absent, {}).expect(200)).body).toMatchObject({ status: 'no_show', feeFen: 1000 });
    const excused = (await attend(ill, { reason: 'illness' }).expect(200)).body;
    expect(excused).toMatchObject({ statusReason: 'illness' });
    expect(excused).not.toHaveProperty('feeFen');
    const facts = await world.service.told(BookingNoShow);
    expect(facts.find(({ bookingId }) => bookingId === absent.id)).toMatchObject({ feeFen: 1000 });
    expect(facts.find(({ bookingId }) => bookingId === ill.id)).not.toHaveProperty('feeFen');
  });
});
