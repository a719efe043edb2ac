import { BookingCancelled } from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import { aSiteManager } from '@doorstep/testing';
import type { BookingDto } from '../bookings/bookings.dto';
import { daily } from '../testing/neighbours.fixture';
import { startWorld, TOMORROW, type World } from '../testing/world.fixture';
import type { ClosureDto } from './closures.dto';

describe('a closure', () => {
  let world: World;

  beforeAll(async () => {
    world = await startWorld({ PERIODIC: 'false', SESSION_HORIZON_DAYS: '4' });
  });
  afterEach(() => world.clock.set('2026-11-02T01:00:00Z'));
  afterAll(async () => {
    await world.assertConsistent();
    await world.service.stop();
  });

  const day = { from: '2026-11-02T16:00:00Z', to: '2026-11-03T16:00:00Z', reason: 'water_damage' };
  const close = (body: Record<string, unknown>) => world.owner.post('/v1/closures').send({ ...day, ...body });
  const reasons = async (offeringId: string, from = TOMORROW) =>
    (await world.sessions(offeringId, from)).map((slot) => slot.reasons.join());

  it('is counted first, then does what was counted, and tells each cancelled booking', async () => {
    const lunch = await world.open({ schedule: daily('11:00', '13:00', 60), capacity: 5 });
    const [first, second] = await world.sessions(lunch.offeringId);
    const [, , next] = await world.sessions(lunch.offeringId, TOMORROW, '2026-11-05');
    const confirmed = await world.confirmed(lunch, first?.sessionId ?? '', await world.resident());
    await world.book(lunch, second?.sessionId ?? '', await world.resident(), { partySize: 5 }).expect(202);
    const stays = await world.confirmed(lunch, next?.sessionId ?? '', await world.resident());
    const [waiting] = await world.crowd(1);
    await world.owner
      .post(`/v1/sessions/${second?.sessionId}/waiting`)
      .send({ residentId: waiting })
      .expect(201);

    const expected = { sessions: 2, bookings: 2, people: 6, waiting: 1 };
    const preview = await close({ siteId: lunch.siteId, preview: true }).expect(200);
    expect(preview.body).toMatchObject({ preview: true, counts: expected });
    expect(await world.booking(confirmed.id)).toMatchObject({ status: 'confirmed' });

    const { body } = await close({ siteId: lunch.siteId, bookingsExpected: 2 }).expect(201);
    expect(body).toMatchObject({ preview: false, counts: expected });
    expect(await world.booking(confirmed.id)).toMatchObject({
      status: 'cancelled',
      statusReason: 'water_damage',
    });
    expect(await world.booking(stays.id)).toMatchObject({ status: 'confirmed' });
    expect(await reasons(lunch.offeringId)).toEqual(['closed', 'closed']);
    const told = await world.service.told(BookingCancelled);
    expect(told.find(({ bookingId }) => bookingId === confirmed.id)).toMatchObject({
      by: 'operator',
      reason: 'water_damage',
    });
    const again = await close({ siteId: lunch.siteId }).expect(201);
    expect(again.body).toMatchObject({ counts: { bookings: 0, people: 0, waiting: 0 } });
  });

  it('does nothing at all when there is more than was expected', async () => {
    const lunch = await world.open();
    const { sessionId } = await world.session(lunch.offeringId);
    const booking = (await world.book(lunch, sessionId, await world.resident()).expect(202))
      .body as BookingDto;
    const { body } = await close({ siteId: lunch.siteId, bookingsExpected: 0 }).expect(409);
    expect(body).toMatchObject({ code: 'more_than_expected', details: { bookings: 1 } });
    expect(await world.booking(booking.id)).toMatchObject({ status: 'held' });
    expect(await reasons(lunch.offeringId)).toEqual(['']);
  });

  it('touches one offering when it is told so', async () => {
    const site = world.site();
    const lunch = world.offering({ siteId: site.siteId });
    const dinner = world.offering({ siteId: site.siteId, schedule: daily('17:00', '18:00') });
    await world.service.deliver(world.contract(), world.contractSite(site.siteId), site, lunch, dinner);
    await world.sessions(lunch.offeringId);
    await world.sessions(dinner.offeringId);
    await close({ siteId: site.siteId, offeringId: lunch.offeringId }).expect(201);
    expect([await reasons(lunch.offeringId), await reasons(dinner.offeringId)]).toEqual([['closed'], ['']]);
  });

  it('holds for sessions that are made later, and ends when it is lifted', async () => {
    const lunch = await world.open();
    const span = { from: '2026-11-05T16:00:00Z', to: '2026-11-07T16:00:00Z' };
    const closure = (await close({ siteId: lunch.siteId, ...span }).expect(201)).body as ClosureDto;
    expect(closure.counts.sessions).toBe(0);
    world.clock.advance({ days: 3 });
    await world.service.deliver(Object.assign(lunch, { version: 2, capacity: 31 }));
    expect(await reasons(lunch.offeringId, '2026-11-06')).toEqual(['closed']);
    await world.owner.delete(`/v1/closures/${closure.id}`).expect(200);
    await world.service.eventually(async () =>
      expect(await reasons(lunch.offeringId, '2026-11-06')).toEqual(['']),
    );
    expect((await world.owner.delete(`/v1/closures/${closure.id}`).expect(409)).body).toMatchObject({
      code: 'closure_lifted',
    });
    const list = await world.owner.get(`/v1/closures?siteId=${lunch.siteId}`).expect(200);
    expect((list.body as { items: ClosureDto[] }).items).toEqual([
      expect.objectContaining({ id: closure.id, liftedAt: '2026-11-05T01:00:00.000Z' }),
    ]);
  });

  it('is refused for an empty time, an unknown site, and by who has no business there', async () => {
    const lunch = await world.open();
    await close({ siteId: lunch.siteId, to: day.from }).expect(422);
    await close({ siteId: lunch.siteId, to: '2027-11-03T16:00:00Z' }).expect(422);
    await close({ siteId: lunch.siteId, from: 'tomorrow' }).expect(400);
    await close({ siteId: newId() }).expect(404);
    await world.frontEnd
      .post('/v1/closures')
      .send({ ...day, siteId: lunch.siteId })
      .expect(403);
    const manager = world.service.as(aSiteManager(world.operatorId, [newId()]));
    await manager
      .post('/v1/closures')
      .send({ ...day, siteId: lunch.siteId })
      .expect(404);
  });
});
