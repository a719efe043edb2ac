import { event, OrganisationSnapshot, SiteSnapshot } from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import type { Actor } from '@doorstep/platform';
import { aFrontEnd, aFunder, anAuthority, anOwner } from '@doorstep/testing';
import {
  type Billing,
  aResident,
  aScene,
  AT,
  budgetOf,
  held,
  newsOf,
  setPrice,
  setProgramme,
  startBilling,
} from '../billing.harness';

let billing: Billing;
let funder: Actor;
beforeAll(async () => {
  billing = await startBilling();
  funder = aFunder(billing.scene.funderId);
  await setPrice(billing);
});
afterAll(() => billing?.stop());

const meals = (changes: Record<string, unknown> = {}) => ({
  ...{
    code: `P-${newId().slice(-8)}`,
    name: { zh: '补贴' },
    funderId: billing.scene.funderId,
    regionPrefix: '3101',
  },
  ...{ kinds: ['meals'], from: '2026-01-01', base: 'gross', fixedFen: 200, order: 10 },
  ...changes,
});
const create = (body: Record<string, unknown>, actor = funder) =>
  billing.as(actor).post('/v1/programmes').send(body);

describe('setting up a programme', () => {
  it('keeps all its rules and gives them back', async () => {
    const rules = {
      ...{
        to: '2027-01-01',
        modes: ['session'],
        rateBp: 3000,
        fixedFen: null,
        minimumGrossFen: 1500,
        base: 'remaining',
      },
      eligibility: {
        ageYearsMin: 60,
        ageYearsMax: 79,
        careLevels: ['moderate'],
        assessedMonthsMax: 12,
        hardship: true,
      },
      caps: { perUseFen: 200, perDayFen: 300, perDayUses: 1, perMonthFen: 4000, perYearFen: 40_000 },
      excludes: ['OTHER'],
    };
    const { body } = await create(meals(rules)).expect(201);
    expect(body).toMatchObject({
      funderId: billing.scene.funderId,
      payer: 'funder',
      name: { zh: '补贴' },
      version: 1,
    });
    expect(body.terms).toMatchObject([{ from: '2026-01-01', kinds: ['meals'], order: 10, ...rules }]);
    expect((await billing.as(funder).get(`/v1/programmes/${body.id}`).expect(200)).body).toEqual(body);
    const { body: found } = await billing
      .as(funder)
      .get(`/v1/programmes?code=${body.code}&kind=meals`)
      .expect(200);
    expect(found.items).toEqual([body]);
  });

  it('waits a moment for a funder that has just been registered', async () => {
    const organisationId = newId();
    const news = event(OrganisationSnapshot, {
      organisationId,
      kind: 'funder',
      name: 'x',
      version: 1,
      at: AT,
    });
    const asked = create(meals({ funderId: organisationId }), billing.administrator);
    const [{ status }] = await Promise.all([asked, billing.deliver(news)]);
    expect(status).toBe(201);
  });

  it.each<[string, Record<string, unknown>, number, string]>([
    ['without rate and fixed amount', { fixedFen: null }, 422, 'amount_ambiguous'],
    ['with both', { rateBp: 1 }, 422, 'amount_ambiguous'],
    ['above the whole', { fixedFen: null, rateBp: 10_001 }, 400, 'validation_failed'],
    ['for nobody', { eligibility: { ageYearsMin: 80, ageYearsMax: 79 } }, 422, 'age_range_empty'],
    ['for no month', { eligibility: { ageMonthsMin: 36, ageMonthsMax: 36 } }, 422, 'age_range_empty'],
    ['that excludes itself', { code: 'SELF', excludes: ['SELF'] }, 422, 'excludes_itself'],
    ['without kinds', { kinds: [] }, 400, 'validation_failed'],
    ['of no region', { regionPrefix: '310' }, 400, 'validation_failed'],
    ['with a condition too many', { eligibility: { income: 1 } }, 400, 'validation_failed'],
    ['with a cap of a text', { caps: { perDayUses: 'one' } }, 400, 'validation_failed'],
    ['that ends before it begins', { to: '2025-01-01' }, 422, 'period_empty'],
  ])('%s is refused', async (_name, changes, status, code) => {
    const { body } = await create(meals(changes)).expect(status);
    expect(body).toMatchObject({ code, mend: expect.any(String) });
  });

  it('under a code that is taken is refused, also by another funder', async () => {
    const body = meals();
    await create(body).expect(201);
    expect((await create(body).expect(409)).body.code).toBe('programme_code_taken');
  });

  it('is for whoever pays', async () => {
    expect((await create(meals(), aFunder()).expect(403)).body.code).toBe('not_your_programme');
    expect((await create(meals(), anAuthority('3101')).expect(403)).body.code).toBe('not_your_programme');
    await create(meals(), billing.finance).expect(403);
    await create(meals(), billing.administrator).expect(201);
  });
});

describe('new terms', () => {
  it('begin on a day, and end those that hold until then', async () => {
    const { body } = await create(meals()).expect(201);
    const change = (terms: Record<string, unknown>) =>
      billing
        .as(funder)
        .post(`/v1/programmes/${body.id}/terms`)
        .send({ kinds: ['meals'], base: 'gross', order: 10, ...terms });
    const { body: changed } = await change({ from: '2026-12-01', fixedFen: 300 }).expect(201);
    expect(changed).toMatchObject({
      version: 2,
      terms: [
        { from: '2026-01-01', to: '2026-12-01', fixedFen: 200 },
        { from: '2026-12-01', to: null, fixedFen: 300 },
      ],
    });
    expect((await change({ from: '2026-11-01', fixedFen: 1 }).expect(409)).body.code).toBe('terms_overlap');
    await change({ from: '2026-11-01', to: '2026-12-01', fixedFen: 250 }).expect(201);
    const strange = { from: '2027-05-01', fixedFen: 1, kinds: ['meals'], base: 'gross', order: 1 };
    await billing.as(aFunder()).post(`/v1/programmes/${body.id}/terms`).send(strange).expect(404);
  });
});

describe('budgets', () => {
  it('are set once for a period and region, inside of the programme’s', async () => {
    const { body } = await create(meals()).expect(201);
    const set = (budget: Record<string, unknown>) =>
      billing
        .as(funder)
        .post(`/v1/programmes/${body.id}/budgets`)
        .send({ period: '2026-11', amountFen: 1000, ...budget });
    expect((await set({}).expect(201)).body).toMatchObject({
      regionPrefix: '3101',
      reservedFen: 0,
      spentFen: 0,
      leftFen: 1000,
    });
    expect((await set({}).expect(409)).body.code).toBe('budget_exists');
    await set({ regionPrefix: '310101' }).expect(201);
    await set({ period: '2026' }).expect(201);
    expect((await set({ regionPrefix: '3102' }).expect(422)).body.code).toBe('region_outside_programme');
    expect((await set({ period: '2026-13' }).expect(400)).body.code).toBe('validation_failed');
    const { body: list } = await billing
      .as(funder)
      .get(`/v1/programmes/${body.id}/budgets?period=2026-11`)
      .expect(200);
    expect(list.items).toHaveLength(2);
  });

  it('go up and down, never below what is reserved and spent', async () => {
    const programme = await setProgramme(billing, { budgetFen: 1000 });
    const resident = aResident(billing.scene);
    await billing.deliver(resident);
    await billing.deliver(held(billing.scene, resident.residentId));
    const { body: list } = await billing.as(funder).get(`/v1/programmes/${programme.id}/budgets`).expect(200);
    const change = (amountFen: number, actor = funder) =>
      billing
        .as(actor)
        .post(`/v1/programmes/${programme.id}/budgets/${list.items[0].id}/amount`)
        .send({ amountFen });
    expect((await change(199).expect(409)).body.code).toBe('budget_below_use');
    expect((await change(200).expect(200)).body).toMatchObject({
      amountFen: 200,
      reservedFen: 200,
      leftFen: 0,
      version: 2,
    });
    await change(5000).expect(200);
    await change(1, aFunder()).expect(404);
    expect(await budgetOf(billing, programme.id)).toMatchObject({ amountFen: 5000 });
  });
});

describe('who sees a programme', () => {
  const sees = async (actor: Actor, id: string): Promise<boolean> =>
    (await billing.as(actor).get(`/v1/programmes/${id}`)).status === 200;

  it('is its funder, authorities of its region, and operators with a site in it', async () => {
    const { body } = await create(meals()).expect(201);
    const elsewhere = aScene();
    await billing.deliver(...newsOf(elsewhere).filter((news) => news.constructor.name !== 'SiteSnapshot'));
    expect(await sees(funder, body.id)).toBe(true);
    expect(await sees(anAuthority('31'), body.id)).toBe(true);
    expect(await sees(anAuthority('310101'), body.id)).toBe(true);
    expect(await sees(billing.finance, body.id)).toBe(true);
    expect(await sees(aFrontEnd(billing.scene.operatorId), body.id)).toBe(true);
    expect(await sees(anAuthority('3301'), body.id)).toBe(false);
    expect(await sees(aFunder(), body.id)).toBe(false);
    expect(await sees(anOwner(elsewhere.operatorId), body.id)).toBe(false);
    const { body: hidden } = await billing
      .as(anOwner(elsewhere.operatorId))
      .get('/v1/programmes')
      .expect(200);
    expect(hidden.items).toEqual([]);
    await billing.as(aFunder()).get(`/v1/programmes/${body.id}/budgets`).expect(404);
  });

  it('stays so for an operator whose site has left the region: its charges there are claimed and corrected yet', async () => {
    const { body } = await create(meals()).expect(201);
    const scene = aScene();
    const site = newsOf(scene).find((news): news is SiteSnapshot => news instanceof SiteSnapshot);
    const moved = { ...site, regionCode: '330106002001', version: 2 } as SiteSnapshot;
    await billing.deliver(...newsOf(scene));
    await billing.deliver(event(SiteSnapshot, moved));
    const { body: there } = await create(meals({ regionPrefix: '3301' })).expect(201);
    expect(await sees(anOwner(scene.operatorId), there.id)).toBe(true);
    expect(await sees(anOwner(scene.operatorId), body.id)).toBe(true);
  });
});

describe('an operator’s own concession', () => {
  it('lowers what its residents pay, and nobody else sees it', async () => {
    const { operatorId } = billing.scene;
    const { body } = await create(
      meals({ funderId: operatorId, fixedFen: null, rateBp: 1000, order: 90 }),
      billing.owner,
    ).expect(201);
    expect(body.payer).toBe('operator');
    const budget = { period: '2026-11', amountFen: 100_000 };
    await billing.as(billing.owner).post(`/v1/programmes/${body.id}/budgets`).send(budget).expect(201);
    const resident = aResident(billing.scene);
    await billing.deliver(resident);
    const booking = held(billing.scene, resident.residentId, { serviceDay: '2026-11-29' });
    await billing.deliver(booking);
    const { body: charges } = await billing
      .as(billing.owner)
      .get(`/v1/charges?bookingId=${booking.bookingId}`)
      .expect(200);
    expect(charges.items[0]).toMatchObject({ operatorFen: 180 });

    const other = aScene();
    await billing.deliver(...newsOf(other));
    await billing.as(anOwner(other.operatorId)).get(`/v1/programmes/${body.id}`).expect(404);
    await billing.as(anAuthority('3101')).get(`/v1/programmes/${body.id}`).expect(404);
  });
});
