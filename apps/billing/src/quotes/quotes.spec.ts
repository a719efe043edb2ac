import { event, SiteRatingSnapshot } from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import { anOwner, aSiteManager } from '@doorstep/testing';
import {
  type Billing,
  aResident,
  asChildcare,
  AT,
  budgetOf,
  DAY,
  held,
  newsOf,
  aScene,
  setPrice,
  setProgramme,
  startBilling,
} from '../billing.harness';

let billing: Billing;
let residentId: string;
beforeAll(async () => {
  billing = await startBilling();
  await setPrice(billing);
  await setPrice(billing, { kind: 'childcare', unit: 'hour', amountFen: 2533 });
  const resident = aResident(billing.scene);
  residentId = resident.residentId;
  await billing.deliver(resident);
});
afterAll(() => billing?.stop());

const lunch = (changes: Record<string, unknown> = {}) => ({
  offeringId: billing.scene.meals,
  residentId,
  start: `${DAY}T03:00:00.000Z`,
  end: `${DAY}T04:30:00.000Z`,
  ...changes,
});
const ask = (body: Record<string, unknown>, actor = billing.owner) =>
  billing.as(actor).post('/v1/quotes').send(body);

describe('a quote', () => {
  it('says who pays what and why, reserves nothing, and holds true for the booking', async () => {
    const programme = await setProgramme(billing, { caps: { perDayUses: 1 }, order: 1 });
    const young = await setProgramme(billing, { eligibility: { ageYearsMax: 17 }, order: 2 });
    const { body } = await ask(lunch()).expect(200);
    expect(body).toMatchObject({
      ...{ serviceDay: DAY, contractId: billing.scene.contractId, unit: 'use', unitFen: 1800 },
      ...{ grossFen: 1800, residentFen: 1600, fundersFen: 200, operatorFen: 0 },
      funders: [{ programmeId: programme.id, funderId: billing.scene.funderId, amountFen: 200 }],
    });
    expect(body.trace).toMatchObject([
      { programmeCode: programme.code, gaveFen: 200, code: 'given' },
      {
        programmeCode: young.code,
        gaveFen: 0,
        code: 'age_out_of_range',
        why: 'Only for the age of 17 years and under.',
      },
    ]);
    expect((await budgetOf(billing, programme.id)).reservedFen).toBe(0);

    const booking = held(billing.scene, residentId);
    await billing.deliver(booking);
    const { body: charges } = await billing
      .as(billing.owner)
      .get(`/v1/charges?bookingId=${booking.bookingId}`)
      .expect(200);
    expect(charges.items).toMatchObject([
      { status: 'authorised', grossFen: 1800, residentFen: 1600, trace: body.trace },
    ]);

    const { body: second } = await ask(lunch()).expect(200);
    expect(second.trace[0]).toMatchObject({ gaveFen: 0, code: 'cap_used_up' });
  });

  it('goes by the stars that the site has on the day of the service, and so does the booking', async () => {
    const { operatorId, siteId } = billing.scene;
    const starred = await setProgramme(billing, { eligibility: { siteStarsMin: 4 }, order: 3 });
    const lineOn = async (day: string) => {
      const on = lunch({ start: `${day}T03:00:00.000Z`, end: `${day}T04:30:00.000Z` });
      const { body } = await ask(on).expect(200);
      return body.trace.find(
        ({ programmeCode }: { programmeCode: string }) => programmeCode === starred.code,
      );
    };
    const tooFew = { gaveFen: 0, code: 'site_stars_too_low' };
    expect(await lineOn(DAY)).toMatchObject(tooFew);
    const ratings = (...list: SiteRatingSnapshot['ratings']) =>
      event(SiteRatingSnapshot, { operatorId, siteId, ratings: list, version: list.length, at: AT });
    const three = { stars: 3, from: '2026-06-01', to: DAY, basis: 'rule' as const };
    const four = { stars: 4, from: DAY, basis: 'set' as const };
    await billing.deliver(ratings(three, four), ratings({ ...four, from: '2026-01-01' }));
    expect(await lineOn('2026-11-01')).toMatchObject({
      ...tooFew,
      why: 'Only at sites of 4 stars or more; this one has 3 stars on the day.',
    });
    for (const day of [DAY, '2026-11-30'])
      expect(await lineOn(day)).toMatchObject({ code: 'given', gaveFen: 200 });

    const booking = held(billing.scene, residentId);
    await billing.deliver(booking);
    const path = `/v1/charges?bookingId=${booking.bookingId}`;
    const { body: charges } = await billing.as(billing.owner).get(path).expect(200);
    expect(charges.items[0].trace).toContainEqual(
      expect.objectContaining({ programmeCode: starred.code, code: 'given' }),
    );
  });

  it('takes the site’s own day: late in the evening in China it is still that day', async () => {
    const late = { start: `${DAY}T15:30:00.000Z`, end: `${DAY}T16:30:00.000Z` };
    expect((await ask(lunch(late)).expect(200)).body.serviceDay).toBe(DAY);
    const after = { start: `${DAY}T16:00:00.000Z`, end: `${DAY}T17:00:00.000Z` };
    expect((await ask(lunch(after)).expect(200)).body.serviceDay).toBe('2026-11-03');
  });

  it('waits a moment for news that is still on its way', async () => {
    const resident = aResident(billing.scene);
    const asked = ask(lunch({ residentId: resident.residentId }));
    const [{ status }] = await Promise.all([asked, billing.deliver(resident)]);
    expect(status).toBe(200);
  });

  it.each<[string, Record<string, unknown>, number, string]>([
    ['of an unknown offering', { offeringId: newId() }, 404, 'offering_not_found'],
    ['for an unknown resident', { residentId: newId() }, 404, 'resident_not_found'],
    ['that ends before it starts', { end: `${DAY}T03:00:00.000Z` }, 422, 'period_empty'],
    [
      'after the contract',
      { start: '2030-01-01T03:00:00Z', end: '2030-01-01T04:00:00Z' },
      422,
      'site_not_in_force',
    ],
    ['without offering', { offeringId: undefined }, 400, 'validation_failed'],
    ['with a local time', { start: '2026-11-02T11:00:00' }, 400, 'validation_failed'],
    ['for nobody', { partySize: 0 }, 400, 'validation_failed'],
  ])('%s is refused', async (_name, changes, status, code) => {
    const { body } = await ask(lunch(changes)).expect(status);
    expect(body).toMatchObject({ code, mend: expect.any(String) });
  });

  it('without a price is refused', async () => {
    const { body } = await ask(lunch({ offeringId: billing.scene.court })).expect(422);
    expect(body.code).toBe('no_price');
  });

  it('is nobody else’s to ask for', async () => {
    const other = aScene();
    await billing.deliver(...newsOf(other));
    expect((await ask(lunch(), anOwner(other.operatorId)).expect(404)).body.code).toBe('offering_not_found');
    const elsewhere = aSiteManager(billing.scene.operatorId, [newId()]);
    expect((await ask(lunch(), elsewhere).expect(404)).body.code).toBe('offering_not_found');
    await billing.anonymous.post('/v1/quotes').send(lunch()).expect(401);
  });
});

describe('charges', () => {
  it('are seen by the site managers of their site, page by page, and not by other tenants', async () => {
    for (let i = 0; i < 2; i++)
      await billing.deliver(held(billing.scene, residentId, asChildcare(billing.scene)));
    const manager = aSiteManager(billing.scene.operatorId, [billing.scene.siteId]);
    const path = '/v1/charges?status=authorised&period=2026-11&limit=2';
    const { body: first } = await billing.as(manager).get(path).expect(200);
    expect(first.items).toHaveLength(2);
    const { body: rest } = await billing.as(manager).get(`${path}&cursor=${first.nextCursor}`).expect(200);
    expect(rest.items).toHaveLength(2);
    expect(rest.nextCursor).toBeNull();
    const ids = [...first.items, ...rest.items].map(({ id }) => id);
    expect(new Set(ids).size).toBe(4);

    const [id] = ids;
    const { body: detail } = await billing.as(manager).get(`/v1/charges/${id}`).expect(200);
    expect(detail).toMatchObject({ id, entries: [] });
    for (const stranger of [anOwner(newId()), aSiteManager(billing.scene.operatorId, [newId()])]) {
      expect((await billing.as(stranger).get('/v1/charges').expect(200)).body.items).toEqual([]);
      await billing.as(stranger).get(`/v1/charges/${id}`).expect(404);
    }
  });
});

describe('the price that holds', () => {
  const unitFen = async () => (await ask(lunch()).expect(200)).body.unitFen;

  it('is the site’s own before the contract’s, and the mode’s own before any mode’s', async () => {
    const { siteId } = billing.scene;
    expect(await unitFen()).toBe(1800);
    await setPrice(billing, { mode: 'session', amountFen: 1700 });
    expect(await unitFen()).toBe(1700);
    await setPrice(billing, { siteId, amountFen: 1600, to: '2026-11-03' });
    expect(await unitFen()).toBe(1600);
    await setPrice(billing, { siteId, mode: 'session', amountFen: 1500, to: DAY });
    // which ended the day before, as the next begins the day after
    await setPrice(billing, { siteId, mode: 'session', amountFen: 1400, from: '2026-11-03' });
    // of another mode, and of another class
    await setPrice(billing, { siteId, mode: 'order', amountFen: 1300 });
    await setPrice(billing, { siteId, mode: 'session', ageClass: 'toddler', amountFen: 1200 });
    expect(await unitFen()).toBe(1600);
    await setPrice(billing, { siteId, mode: 'session', amountFen: 1100, from: DAY, to: '2026-11-03' });
    expect(await unitFen()).toBe(1100);
  });
});
