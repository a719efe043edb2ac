import { event, SiteInspectionSnapshot, SiteLicenceSnapshot } from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import { startWorld, type World } from '../testing/world.fixture';

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
});
