import type { OfferingSnapshot, SiteSnapshot } from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import { anAuthority } from '@doorstep/testing';
import { PeriodicRunner } from '@doorstep/platform';
import { daily } from '../testing/neighbours.fixture';
import { nextDay, startWorld, TOMORROW, type World } from '../testing/world.fixture';
import type { SessionDto } from './sessions.dto';

describe('sessions', () => {
  let world: World;

  beforeAll(async () => {
    world = await startWorld({ PERIODIC: 'false', SESSION_HORIZON_DAYS: '5' });
  });
  afterAll(async () => {
    await world.assertConsistent();
    await world.service.stop();
  });
  afterEach(() => world.clock.set('2026-11-02T01:00:00Z'));

  const changed = (offering: OfferingSnapshot, changes: Partial<OfferingSnapshot>): OfferingSnapshot =>
    Object.assign(offering, { version: offering.version + 1, ...changes });
  const shown = async (offeringId: string, days: [string, string] = [TOMORROW, nextDay(TOMORROW)]) =>
    (await world.availability(offeringId, `from=${days[0]}&to=${days[1]}`)).map(
      ({ start, end, capacity, free, reasons }) =>
        `${start.slice(8, 16)}–${end.slice(11, 16)} ${free}/${capacity} ${reasons.join()}`.trim(),
    );
  const eventuallyShown = (offeringId: string, expected: string[]) =>
    world.service.eventually(async () => expect(await shown(offeringId)).toEqual(expected));

  it('are made for every day of the horizon, in UTC', async () => {
    const { offeringId } = await world.open();
    expect(await shown(offeringId, ['2026-11-01', '2026-11-30'])).toEqual([
      '02T03:00–04:30 30/30',
      '03T03:00–04:30 30/30',
      '04T03:00–04:30 30/30',
      '05T03:00–04:30 30/30',
      '06T03:00–04:30 30/30',
    ]);
  });

  it('are made when the site comes after its offering', async () => {
    const site = world.site();
    const offering = world.offering({ siteId: site.siteId });
    await world.service.deliver(world.contract(), offering);
    await world.service.deliver(site);
    expect(await world.sessions(offering.offeringId)).toHaveLength(1);
    expect(await shown(offering.offeringId)).toEqual(['03T03:00–04:30 30/30 contract_not_in_force']);
  });

  it('come into the horizon as days go by', async () => {
    const { offeringId } = await world.open();
    world.clock.advance({ days: 1 });
    await world.service.running.app.get(PeriodicRunner).runNow('extend-sessions');
    expect(await shown(offeringId, ['2026-11-07', '2026-11-09'])).toEqual(['07T03:00–04:30 30/30']);
  });

  it('follow a changed schedule where nobody has booked', async () => {
    const offering = await world.open();
    await world.service.deliver(changed(offering, { schedule: daily('11:30', '13:00') }));
    await eventuallyShown(offering.offeringId, ['03T03:00–04:30 30/30 closed', '03T03:30–05:00 30/30']);
    await world.service.deliver(changed(offering, { schedule: daily('11:30', '12:00') }));
    await eventuallyShown(offering.offeringId, ['03T03:00–04:30 30/30 closed', '03T03:30–04:00 30/30']);
  });

  it('that have bookings are closed and not destroyed, and their seats are not sold twice', async () => {
    const offering = await world.open({ capacity: 10 });
    const { sessionId } = await world.session(offering.offeringId);
    const booking = await world
      .book(offering, sessionId, await world.resident(), { partySize: 4 })
      .expect(202);
    await world.service.deliver(changed(offering, { schedule: daily('11:30', '13:00') }));
    await eventuallyShown(offering.offeringId, ['03T03:00–04:30 6/10 closed', '03T03:30–05:00 6/6']);
    const { body } = await world.frontEnd.get(`/v1/bookings/${(booking.body as { id: string }).id}`);
    expect(body).toMatchObject({ status: 'held', start: '2026-11-03T03:00:00.000Z' });
    const refused = await world.book(offering, sessionId, await world.resident()).expect(409);
    expect(refused.body).toMatchObject({ code: 'closed' });
  });

  it('shrink without losing a booking, and sell no seat until the rest has shrunk too', async () => {
    const offering = await world.open({ capacity: 10 });
    const { sessionId } = await world.session(offering.offeringId);
    const booked = await Promise.all(
      [3, 3, 2].map(async (partySize) =>
        world.book(offering, sessionId, await world.resident(), { partySize }).expect(202),
      ),
    );
    await world.service.deliver(changed(offering, { capacity: 4 }));
    await eventuallyShown(offering.offeringId, ['03T03:00–04:30 0/4 full']);
    const cancel = async (n: number) =>
      world.frontEnd
        .post(`/v1/bookings/${(booked[n]?.body as { id: string }).id}/cancel`)
        .send({ reason: 'changed_plans' })
        .expect(200);
    await cancel(0);
    expect(await shown(offering.offeringId)).toEqual(['03T03:00–04:30 0/4 full']);
    await cancel(1);
    expect(await shown(offering.offeringId)).toEqual(['03T03:00–04:30 2/4']);
  });

  it('are closed on a day that becomes an exception', async () => {
    const site = world.site();
    const offering = world.offering({ siteId: site.siteId });
    await world.service.deliver(world.contract(), world.contractSite(site.siteId), site, offering);
    await world.sessions(offering.offeringId);
    const closed: SiteSnapshot = Object.assign(site, {
      version: 2,
      openingExceptions: [{ day: TOMORROW, reason: 'flood', spans: [] }],
    });
    await world.service.deliver(closed);
    await eventuallyShown(offering.offeringId, ['03T03:00–04:30 30/30 closed']);
  });

  it('ignore a snapshot older than the one they were made from', async () => {
    const offering = await world.open({ version: 5, capacity: 8 });
    await world.service.deliver(Object.assign(offering, { version: 4, capacity: 80 }));
    await world.service.deliver(Object.assign(offering, { version: 6, capacity: 9 }));
    await eventuallyShown(offering.offeringId, ['03T03:00–04:30 9/9']);
  });

  it('show why they cannot be booked: inactive, site suspended, no contract', async () => {
    const site = world.site();
    const offering = world.offering({ siteId: site.siteId });
    const contractSite = world.contractSite(site.siteId);
    await world.service.deliver(world.contract(), contractSite, site, offering);
    await world.sessions(offering.offeringId);
    await world.service.deliver(Object.assign(contractSite, { version: 2, inForce: false }));
    await world.service.deliver(Object.assign(site, { version: 2, status: 'suspended' }));
    await world.service.deliver(changed(offering, { active: false }));
    await eventuallyShown(offering.offeringId, [
      '03T03:00–04:30 30/30 offering_inactive,suspended,contract_not_in_force',
    ]);
    await world.service.deliver(
      Object.assign(contractSite, { version: 3, inForce: true, kinds: ['sports'] }),
    );
    await eventuallyShown(offering.offeringId, [
      '03T03:00–04:30 30/30 offering_inactive,suspended,contract_not_in_force',
    ]);
  });

  it('that nobody booked are cleared away once they are past', async () => {
    const offering = await world.open();
    const { sessionId } = await world.session(offering.offeringId);
    await world.book(offering, sessionId, await world.resident()).expect(202);
    world.clock.advance({ days: 4 });
    await world.service.running.app.get(PeriodicRunner).runNow('clear-unused-sessions');
    const { rows } = await world.service.db.query<{ id: string }>(
      'SELECT id FROM session WHERE offering_id = $1 AND starts_at < $2',
      [offering.offeringId, '2026-11-05T01:00:00Z'],
    );
    expect(rows.map(({ id }) => id)).toEqual([sessionId]);
  });

  describe('on the roster', () => {
    it('count who is expected, page by page, for the tenant and for the authority of the region', async () => {
      const offering = await world.open();
      const { sessionId } = await world.session(offering.offeringId);
      await world.book(offering, sessionId, await world.resident(), { partySize: 3 }).expect(202);
      await world.confirmed(offering, sessionId, await world.resident());
      const cancelled = await world.confirmed(offering, sessionId, await world.resident());
      await world.owner.post(`/v1/bookings/${cancelled.id}/cancel`).send({ reason: 'ill' }).expect(200);
      const path = `/v1/sessions?siteId=${offering.siteId}&from=${TOMORROW}&to=2026-11-05&limit=1`;
      const { body } = await world.owner.get(path).expect(200);
      const { items, nextCursor } = body as { items: SessionDto[]; nextCursor: string };
      expect(items).toEqual([
        expect.objectContaining({
          id: sessionId,
          taken: 4,
          held: 3,
          confirmed: 1,
          cancelled: 1,
          capacity: 30,
        }),
      ]);
      const next = await world.owner.get(`${path}&cursor=${nextCursor}`).expect(200);
      expect((next.body as { items: SessionDto[] }).items[0]).toMatchObject({ taken: 0, confirmed: 0 });
      const seen = async (prefix: string) => {
        const answer = await world.service.as(anAuthority(prefix)).get(path).expect(200);
        return (answer.body as { items: SessionDto[] }).items.length;
      };
      expect([await seen('310101'), await seen('310104')]).toEqual([1, 0]);
    });
  });

  it('of an unknown offering are a problem, and so are too many days', async () => {
    await world.frontEnd
      .get(`/v1/availability?offeringId=${newId()}&from=${TOMORROW}&to=2026-11-04`)
      .expect(404);
    const { offeringId } = await world.open();
    const asked = (query: string) => world.frontEnd.get(`/v1/availability?${query}`);
    await asked(`offeringId=${offeringId}&from=2026-11-03&to=2026-11-03`).expect(422);
    await asked(`offeringId=${offeringId}&from=2026-11-03&to=2027-11-03`).expect(422);
    await asked(`offeringId=${offeringId}&from=2026-02-30&to=2026-03-03`).expect(400);
    await asked(`from=2026-11-03&to=2026-11-04`).expect(400);
  });
});
