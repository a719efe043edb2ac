import { event, SiteInspectionSnapshot, SiteLicenceSnapshot } from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import { PeriodicRunner } from '@doorstep/platform';
import { startWorld, type World } from '../testing/world.fixture';
import { HANDOVER_SWEEPER } from './handovers.sweeper';

describe('what the other services tell', () => {
  let world: World;

  beforeAll(async () => {
    world = await startWorld({ PERIODIC: 'false' });
  });
  afterAll(() => world.service.stop());

  const licences = (siteId: string, blockedKinds: string[], version: number) =>
    event(SiteLicenceSnapshot, {
      operatorId: world.operatorId,
      siteId,
      blockedKinds,
      blocks: [],
      version,
      at: '2026-11-02T00:00:00Z',
    });

  it('of a licence that ran out stops new bookings of its kind, and lets those that stand be', async () => {
    const lunch = await world.open();
    const { sessionId } = await world.session(lunch.offeringId);
    const booking = await world.confirmed(lunch, sessionId, await world.resident());
    await world.service.deliver(licences(lunch.siteId, ['childcare', 'meals'], 2));
    expect((await world.session(lunch.offeringId)).reasons).toEqual(['licence_lapsed']);
    const refused = await world.book(lunch, sessionId, await world.resident()).expect(409);
    expect(refused.body).toMatchObject({ code: 'licence_lapsed' });
    expect(await world.booking(booking.id)).toMatchObject({ status: 'confirmed' });
    await world.service.deliver(licences(lunch.siteId, ['meals'], 1));
    await world.service.deliver(licences(lunch.siteId, ['childcare'], 3));
    expect((await world.session(lunch.offeringId)).reasons).toEqual([]);
    const ofItself = { blockedOfferingIds: [lunch.offeringId] };
    await world.service.deliver(Object.assign(licences(lunch.siteId, [], 4), ofItself));
    expect((await world.session(lunch.offeringId)).reasons).toEqual(['licence_lapsed']);
  });

  it('of a severe finding stops new bookings of what it concerns until it is over', async () => {
    const lunch = await world.open();
    const { sessionId } = await world.session(lunch.offeringId);
    const booking = await world.confirmed(lunch, sessionId, await world.resident());
    const nothing = { suspended: false, blockedKinds: [], blockedOfferingIds: [] };
    const tell = (version: number, what: Partial<SiteInspectionSnapshot>) =>
      world.service.deliver(
        event(SiteInspectionSnapshot, {
          ...nothing,
          ...what,
          operatorId: world.operatorId,
          siteId: lunch.siteId,
          blocks: [],
          version,
          at: '2026-11-02T00:00:00Z',
        }),
      );
    const reasons = async () => (await world.session(lunch.offeringId)).reasons;
    await tell(1, { blockedOfferingIds: [lunch.offeringId] });
    expect(await reasons()).toEqual(['suspended_by_inspection']);
    const refused = await world.book(lunch, sessionId, await world.resident()).expect(409);
    expect(refused.body).toMatchObject({ code: 'suspended_by_inspection' });
    expect(await world.booking(booking.id)).toMatchObject({ status: 'confirmed' });
    await tell(2, { blockedKinds: ['meals'] });
    expect(await reasons()).toEqual(['suspended_by_inspection']);
    await tell(4, { suspended: true });
    await tell(3, nothing);
    expect(await reasons()).toEqual(['suspended_by_inspection']);
    await tell(5, { blockedKinds: ['sports'], blockedOfferingIds: [newId()] });
    expect(await reasons()).toEqual([]);
  });

  it('of a contract that is suspended says so, and nothing else is in force', async () => {
    const lunch = await world.open({}, {});
    const site = world.site();
    const [standing, contractId] = [world.contractSite(site.siteId), newId()];
    const offered = world.offering({ siteId: site.siteId });
    const tell = (status: 'active' | 'suspended', version: number) =>
      world.service.deliver(
        world.contract({ contractId, status, version }),
        Object.assign(standing, { contractId, inForce: status === 'active', version }),
      );
    await tell('active', 1);
    await world.service.deliver(site, offered);
    const reasons = async (of = offered) => (await world.session(of.offeringId)).reasons;
    expect(await reasons()).toEqual([]);
    await tell('suspended', 2);
    expect(await reasons()).toEqual(['suspended']);
    expect(await reasons(lunch)).toEqual([]);
    await tell('active', 3);
    expect(await reasons()).toEqual([]);
  });

  it('of a contract lets run what was agreed on for the place and the day, whatever day it is told on', async () => {
    const site = world.site();
    const lunch = world.offering({ siteId: site.siteId });
    const contractId = newId();
    const days = { from: '2026-01-01', to: '2029-01-01' };
    const tell = (version: number, services: { kind: string; regionCode?: string }[], from = '2026-11-10') =>
      world.contract({
        ...{ contractId, ...days, version, services: [{ kind: 'culture' }] },
        revisions: [
          { revision: 1, from: days.from, to: from, services: [{ kind: 'culture' }] },
          { revision: 2, from, to: days.to, services },
        ],
      });
    await world.service.deliver(
      tell(1, [{ kind: 'meals' }]),
      world.contractSite(site.siteId, { contractId }),
      site,
      lunch,
    );
    const reasons = async (day: string) => (await world.sessions(lunch.offeringId, day))[0].reasons;
    expect(await reasons('2026-11-09')).toEqual(['contract_not_in_force']);
    expect(await reasons('2026-11-10')).toEqual([]);
    const [session] = await world.sessions(lunch.offeringId, '2026-11-10');
    await world.confirmed(lunch, session.sessionId, await world.resident());
    await world.service.deliver(tell(2, [{ kind: 'meals', regionCode: '33' }]));
    expect(await reasons('2026-11-10')).toEqual(['contract_not_in_force']);
    await world.service.deliver(tell(3, [{ kind: 'meals', regionCode: site.regionCode.slice(0, 4) }]));
    expect(await reasons('2026-11-10')).toEqual([]);
  });

  it('of a handover reaches a booking that was being made meanwhile', async () => {
    const site = world.site();
    const lunch = world.offering({ siteId: site.siteId });
    const before = world.contractSite(site.siteId);
    await world.service.deliver(world.contract(), before, site, lunch);
    const [session] = await world.sessions(lunch.offeringId, '2026-11-10');
    const booking = await world.confirmed(lunch, session.sessionId, await world.resident());
    const contractId = newId();
    const { contractSiteId: continues } = before;
    await world.service.deliver(
      Object.assign(world.contractSite(site.siteId), before, { to: '2026-11-08', version: 2 }),
      world.contractSite(site.siteId, { contractId, from: '2026-11-08', continues }),
    );
    // As it stood when it was read a moment too early.
    const forget = `UPDATE booking SET contract_id = $2 WHERE id = $1`;
    await world.service.db.query(forget, [booking.id, world.contractId]);
    const sweep = () => world.service.running.app.get(PeriodicRunner).runNow(HANDOVER_SWEEPER);
    await sweep();
    const moved = await world.booking(booking.id);
    expect(moved).toMatchObject({ contractId, status: 'confirmed' });
    await sweep();
    expect((await world.booking(booking.id)).version).toBe(moved.version);
  });

  it.each(['old first', 'new first'])(
    'of a handover takes the bookings of its days along, %s',
    async (order) => {
      const site = world.site();
      const lunch = world.offering({ siteId: site.siteId });
      const before = world.contractSite(site.siteId);
      await world.service.deliver(world.contract(), before, site, lunch);
      const [first, second] = [
        (await world.sessions(lunch.offeringId, '2026-11-03'))[0],
        (await world.sessions(lunch.offeringId, '2026-11-10'))[0],
      ];
      const stays = await world.confirmed(lunch, first?.sessionId ?? '', await world.resident());
      const moves = await world.confirmed(lunch, second?.sessionId ?? '', await world.resident());
      const contractId = newId();
      const ended = Object.assign(world.contractSite(site.siteId), before, { to: '2026-11-08', version: 2 });
      const begun = world.contractSite(site.siteId, {
        contractId,
        from: '2026-11-08',
        continues: before.contractSiteId,
      });
      const told = order === 'old first' ? [ended, begun] : [begun, ended];
      for (const each of told) await world.service.deliver(each);
      expect((await world.booking(stays.id)).contractId).toBe(world.contractId);
      expect(await world.booking(moves.id)).toMatchObject({ contractId, status: 'confirmed', version: 3 });
    },
  );

  describe('of handovers', () => {
    const booked = async () => {
      const site = world.site();
      const lunch = world.offering({ siteId: site.siteId });
      const before = world.contractSite(site.siteId);
      await world.service.deliver(world.contract(), before, site, lunch);
      const [session] = await world.sessions(lunch.offeringId, '2026-11-10');
      const { id } = await world.confirmed(lunch, session.sessionId, await world.resident());
      const ended = Object.assign(world.contractSite(site.siteId), before, { to: '2026-11-08', version: 2 });
      const next = (from: string, to: string, continues: string, contractId = newId()) =>
        world.contractSite(site.siteId, { contractId, from, to, continues });
      return { id, before, ended, next };
    };
    const sweep = () => world.service.running.app.get(PeriodicRunner).runNow(HANDOVER_SWEEPER);

    it('that follow each other at once takes the booking to the last of its day', async () => {
      const { id, before, ended, next } = await booked();
      const second = next('2026-11-08', '2026-11-09', before.contractSiteId);
      const third = next('2026-11-09', '2029-01-01', second.contractSiteId);
      await world.service.deliver(ended, second, third);
      // Told at once they may miss each other; the sweeper doesn't.
      await sweep();
      expect(await world.booking(id)).toMatchObject({ contractId: third.contractId, status: 'confirmed' });
    });

    it('one of which was taken back lets the booking be where it was', async () => {
      const { id, before, ended, next } = await booked();
      const second = next('2026-11-08', '2029-01-01', before.contractSiteId);
      await world.service.deliver(ended, second);
      expect(await world.booking(id)).toMatchObject({ contractId: second.contractId });
      const never = { to: second.from, inForce: false, version: 2 };
      const back = next('2026-11-08', '2029-01-01', second.contractSiteId, before.contractId);
      await world.service.deliver(Object.assign(world.contractSite(before.siteId), second, never), back);
      const home = await world.booking(id);
      expect(home).toMatchObject({ contractId: before.contractId, status: 'confirmed' });
      await sweep();
      await sweep();
      expect(await world.booking(id)).toMatchObject({ contractId: before.contractId, version: home.version });
    });
  });
});
