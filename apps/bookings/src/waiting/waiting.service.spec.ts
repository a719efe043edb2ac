import {
  CapacitySnapshot,
  PlaceOffered,
  PlaceOfferEnded,
  type OfferingSnapshot,
  WaitingLapsed,
} from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import { PeriodicRunner } from '@doorstep/platform';
import { aFrontEnd } from '@doorstep/testing';
import type { BookingDto } from '../bookings/bookings.dto';
import { daily } from '../testing/neighbours.fixture';
import { startWorld, TOMORROW, type World } from '../testing/world.fixture';
import type { WaitingEntryDto } from './waiting.dto';
import { waitingLists } from './waiting.fixture';

describe('waiting for a place', () => {
  let world: World;
  let { full, join, waits, entries, crowdBehind, everyEntry, statuses, cancel, answer } = {} as ReturnType<
    typeof waitingLists
  >;

  beforeAll(async () => {
    world = await startWorld({ PERIODIC: 'false', OFFER_MINUTES: '30' });
    ({ full, join, waits, entries, crowdBehind, everyEntry, statuses, cancel, answer } = waitingLists(world));
  });
  afterEach(() => world.clock.set('2026-11-02T01:00:00Z'));
  afterAll(async () => {
    await world.assertConsistent();
    await world.service.stop();
  });

  const sweep = () => world.service.running.app.get(PeriodicRunner).runNow('expire-holds');
  const free = async (lunch: OfferingSnapshot) => (await world.session(lunch.offeringId)).free;

  it('is in the order of priority, then of joining', async () => {
    const { sessionId, bookings } = await full(2);
    const first = await waits(sessionId);
    const second = await waits(sessionId);
    const urgent = await waits(sessionId, { priority: 5 });
    expect((await entries(sessionId)).map(({ id, position }) => [id, position])).toEqual([
      [first.id, 2],
      [second.id, 3],
      [urgent.id, 1],
    ]);
    await cancel(bookings[0]?.id);
    expect(await statuses(sessionId)).toEqual(['waiting', 'waiting', 'offered']);
    await cancel(bookings[1]?.id);
    expect(await statuses(sessionId)).toEqual(['offered', 'waiting', 'offered']);
  });

  it('gets a freed place that nobody else can have, until the offer is accepted', async () => {
    const { lunch, sessionId, bookings } = await full(1);
    const packageId = newId();
    const entry = await waits(sessionId, { packageId });
    expect(entry).toMatchObject({ packageId });
    await cancel(bookings[0]?.id);
    expect(await free(lunch)).toBe(0);
    const passerBy = await world.book(lunch, sessionId, await world.resident()).expect(409);
    expect(passerBy.body).toMatchObject({ code: 'full' });
    const [offered] = await entries(sessionId);
    const told = (await world.service.told(PlaceOffered)).find(
      ({ waitingEntryId }) => waitingEntryId === entry.id,
    );
    expect(told).toMatchObject({ bookingId: offered?.bookingId, acceptBy: '2026-11-02T01:30:00.000Z' });
    expect(await world.booking(offered?.bookingId ?? '')).toMatchObject({
      status: 'offered',
      holdExpiresAt: '2026-11-02T01:30:00.000Z',
    });
    const held = (await answer('accept', offered?.bookingId).expect(202)).body as BookingDto;
    expect(held).toMatchObject({ status: 'held', packageId, holdExpiresAt: '2026-11-02T01:05:00.000Z' });
    await world.service.deliver(world.authorised(held));
    expect(await world.booking(held.id)).toMatchObject({ status: 'confirmed' });
    expect(await statuses(sessionId)).toEqual(['accepted']);
    expect((await answer('accept', held.id).expect(409)).body).toMatchObject({ code: 'booking_confirmed' });
  });

  it('passes an offer on when it is declined, and when it is not answered in time', async () => {
    const { sessionId, bookings } = await full(1);
    const queue = [await waits(sessionId), await waits(sessionId), await waits(sessionId)];
    await cancel(bookings[0]?.id);
    await answer('decline', (await entries(sessionId))[0]?.bookingId).expect(200);
    expect(await statuses(sessionId)).toEqual(['declined', 'offered', 'waiting']);
    world.clock.advance({ minutes: 30 });
    const late = (await entries(sessionId))[1]?.bookingId;
    expect((await answer('accept', late).expect(409)).body).toMatchObject({ code: 'booking_expired' });
    // Over on read, whether or not anybody has written it down.
    expect(await statuses(sessionId)).toEqual(['declined', 'expired', 'waiting']);
    const left = world.owner.delete(`/v1/sessions/${sessionId}/waiting/${queue[1]?.id}`);
    expect((await left.expect(409)).body).toMatchObject({ code: 'waiting_expired' });
    await sweep();
    expect(await statuses(sessionId)).toEqual(['declined', 'expired', 'offered']);
    const told = (await world.service.told(PlaceOfferEnded)).filter(({ waitingEntryId }) =>
      queue.some(({ id }) => id === waitingEntryId),
    );
    expect(told.map(({ waitingEntryId, outcome }) => [waitingEntryId, outcome])).toEqual(
      expect.arrayContaining([
        [queue[0]?.id, 'declined'],
        [queue[1]?.id, 'expired'],
      ]),
    );
  });

  it('never gives a lapsed hold or offer to a passer-by while somebody waits', async () => {
    const lunch = await world.open({ capacity: 1 });
    const { sessionId } = await world.session(lunch.offeringId);
    await world.book(lunch, sessionId, await world.resident()).expect(202);
    await waits(sessionId);
    world.clock.advance({ minutes: 6 });
    expect(await free(lunch)).toBe(0);
    await world.book(lunch, sessionId, await world.resident()).expect(409);
    await sweep();
    expect(await statuses(sessionId)).toEqual(['offered']);
    world.clock.advance({ minutes: 31 });
    expect(await free(lunch)).toBe(1);
    await world.book(lunch, sessionId, await world.resident()).expect(202);
    expect(await statuses(sessionId)).toEqual(['expired']);
  });

  it('serves a family only when there is room for all of them, and others meanwhile', async () => {
    const { sessionId, bookings } = await full(4);
    await waits(sessionId, { partySize: 3 });
    await waits(sessionId);
    await cancel(bookings[0]?.id);
    expect(await statuses(sessionId)).toEqual(['waiting', 'offered']);
    await cancel(bookings[1]?.id);
    await cancel(bookings[2]?.id);
    expect(await statuses(sessionId)).toEqual(['waiting', 'offered']);
    await cancel(bookings[3]?.id);
    expect(await statuses(sessionId)).toEqual(['offered', 'offered']);
  });

  it('comes to whom the place fits behind however many it does not, and is no longer than can be looked at', async () => {
    const { sessionId, bookings } = await full(4);
    const [family, busy] = [await waits(sessionId, { partySize: 3 }), await waits(sessionId)];
    // Their consent is withdrawn while they wait.
    await crowdBehind(busy.id, 120, false);
    await crowdBehind(family.id, 120);
    await world.service.db.query(`DELETE FROM consent WHERE resident_id = $1`, [busy.residentId]);
    const fits = await waits(sessionId);
    await cancel(bookings[0]?.id);
    const offered = (await everyEntry(sessionId)).filter(({ status }) => status === 'offered');
    expect(offered.map(({ id }) => id)).toEqual([fits.id]);
    await crowdBehind(family.id, 500 - 242);
    const [late] = await world.crowd(1);
    expect((await join(sessionId, late ?? '').expect(409)).body).toMatchObject({
      code: 'waiting_list_full',
      details: { longest: 500 },
    });
  });

  it('offers once: a winner who cancels later is out', async () => {
    const { sessionId, bookings } = await full(1);
    await waits(sessionId);
    await cancel(bookings[0]?.id);
    const won = (await entries(sessionId))[0]?.bookingId;
    await answer('accept', won).expect(202);
    await cancel(won);
    expect(await statuses(sessionId)).toEqual(['accepted']);
    const { rows } = await world.service.db.query(
      `SELECT status FROM booking WHERE session_id = $1 AND status IN ('offered', 'held', 'confirmed')`,
      [sessionId],
    );
    expect(rows).toEqual([]);
  });

  it('promotes nobody twice when many places come free at once', async () => {
    const { sessionId, bookings } = await full(6);
    for (let n = 0; n < 4; n++) await waits(sessionId);
    await Promise.all(bookings.map(({ id }) => cancel(id)));
    expect(await statuses(sessionId)).toEqual(['offered', 'offered', 'offered', 'offered']);
    const offers = (await entries(sessionId)).map(({ bookingId }) => bookingId);
    expect(new Set(offers).size).toBe(4);
  });

  it('hears of a court that another offering gave back', async () => {
    const spaceId = '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1a';
    const exclusive = { kind: 'sports', capacityModel: 'exclusive', capacity: 1, spaceId } as const;
    const site = world.site();
    const tennis = world.offering({ ...exclusive, siteId: site.siteId, schedule: daily('14:00', '15:00') });
    const dance = world.offering({ ...exclusive, siteId: site.siteId, schedule: daily('14:30', '15:30') });
    await world.service.deliver(world.contract(), world.contractSite(site.siteId), site, tennis, dance);
    const [first, second] = [await world.session(tennis.offeringId), await world.session(dance.offeringId)];
    const booking = (await world.book(tennis, first.sessionId, await world.resident()).expect(202))
      .body as BookingDto;
    await waits(second.sessionId);
    await cancel(booking.id);
    expect(await statuses(second.sessionId)).toEqual(['offered']);
    expect((await world.session(tennis.offeringId)).reasons).toEqual(['space_taken']);
  });

  it('is offered what a larger capacity brings', async () => {
    const { lunch, sessionId } = await full(1);
    await waits(sessionId);
    await world.service.deliver(Object.assign(lunch, { version: 2, capacity: 2 }));
    await world.service.eventually(async () =>
      expect((await world.session(lunch.offeringId)).capacity).toBe(2),
    );
    await world.service.running.app.get(PeriodicRunner).runNow('offer-places');
    expect(await statuses(sessionId)).toEqual(['offered']);
  });

  it('can be left, with an offer or without', async () => {
    const { sessionId, bookings } = await full(1);
    const [first, second] = [await waits(sessionId), await waits(sessionId)];
    const leave = (id: string) => world.frontEnd.delete(`/v1/sessions/${sessionId}/waiting/${id}`);
    await cancel(bookings[0]?.id);
    expect((await leave(first.id).expect(200)).body).toMatchObject({ status: 'declined' });
    expect(await statuses(sessionId)).toEqual(['declined', 'offered']);
    await leave(second.id).expect(200);
    expect((await leave(second.id).expect(409)).body).toMatchObject({ code: 'waiting_declined' });
  });

  it('is over when the session begins, and counts as waited in vain', async () => {
    const { lunch, sessionId } = await full(1);
    const { id, residentId } = await waits(sessionId, { partySize: 1 });
    await waits(sessionId);
    const waitingOf = async (): Promise<number | undefined> => {
      await world.service.running.app.get(PeriodicRunner).runNow('tell-capacity');
      const told = await world.service.told(CapacitySnapshot);
      const ofLunch = told.filter(({ offeringId }) => offeringId === lunch.offeringId);
      return ofLunch.at(-1)?.days.find(({ day }) => day === TOMORROW)?.waiting;
    };
    world.clock.set((await world.session(lunch.offeringId)).start);
    // Over on read, whether or not anybody has written it down.
    expect(await statuses(sessionId)).toEqual(['lapsed', 'lapsed']);
    const leave = world.owner.delete(`/v1/sessions/${sessionId}/waiting/${id}`);
    expect((await leave.expect(409)).body).toMatchObject({ code: 'waiting_lapsed' });
    const lapse = () => world.service.running.app.get(PeriodicRunner).runNow('lapse-waiting');
    await lapse();
    await lapse();
    const told = (await world.service.told(WaitingLapsed)).filter((one) => one.waitingEntryId === id);
    expect(told).toMatchObject([{ sessionId, residentId, offeringId: lunch.offeringId, partySize: 1 }]);
    expect(await waitingOf()).toBe(2);
  });

  it('is for full sessions, once per resident, and priority is the operator’s to give', async () => {
    const { lunch, sessionId, bookings } = await full(1);
    const [resident] = await world.crowd(1);
    await join(sessionId, resident ?? '').expect(201);
    expect((await join(sessionId, resident ?? '').expect(409)).body).toMatchObject({ code: 'waits_already' });
    expect((await join(sessionId, bookings[0]?.residentId ?? '').expect(409)).body).toMatchObject({
      code: 'resident_busy',
    });
    const refused = await join(sessionId, resident ?? '', { priority: 3 }, world.frontEnd).expect(403);
    expect(refused.body).toMatchObject({ code: 'priority_not_yours' });
    const [, later] = await world.sessions(lunch.offeringId, '2026-11-03', '2026-11-05');
    expect((await join(later?.sessionId ?? '', resident ?? '').expect(409)).body).toMatchObject({
      code: 'place_free',
    });
  });

  it('is the turn of the API client that joined, and of who has its token', async () => {
    const { sessionId, bookings } = await full(2);
    const ask = async () => {
      const [resident] = await world.crowd(1);
      return (await join(sessionId, resident ?? '', {}, world.frontEnd).expect(201)).body as WaitingEntryDto;
    };
    const [first, second] = [await ask(), await ask()];
    // Who cancels isn't who waits: the place that comes free is held for the one who waits.
    const stranger = world.service.as(aFrontEnd(world.operatorId));
    for (const { id } of bookings)
      await stranger.post(`/v1/bookings/${id}/cancel`).send({ reason: 'changed_plans' }).expect(200);
    const [a, b] = (await entries(sessionId)).map(({ bookingId }) => bookingId);
    const answerAs = (verb: string, id: string | undefined, token?: string) => {
      const asked = stranger
        .post(`/v1/bookings/${id}/${verb}`)
        .set('prefer', 'wait=0')
        .send({ reason: 'no' });
      return token === undefined ? asked : asked.set('hold-token', token);
    };
    for (const verb of ['accept', 'decline', 'cancel'])
      expect((await answerAs(verb, a).expect(403)).body).toMatchObject({ code: 'hold_of_other_client' });
    expect((await answerAs('accept', a, second.holdToken).expect(403)).body).toMatchObject({
      code: 'hold_token_wrong',
    });
    const entry = `/v1/sessions/${sessionId}/waiting/${second.id}`;
    await stranger.delete(entry).expect(403);
    expect(await statuses(sessionId)).toEqual(['offered', 'offered']);
    await answerAs('accept', a, first.holdToken).expect(202);
    await answer('accept', b).expect(202);
  });
});
