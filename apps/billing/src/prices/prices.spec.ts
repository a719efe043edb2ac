import { newId } from '@doorstep/kernel';
import { aFrontEnd, anAuthority, anOwner, aSiteManager } from '@doorstep/testing';
import { type Billing, aScene, contractNews, newsOf, startBilling } from '../billing.harness';

let billing: Billing;
beforeAll(async () => {
  billing = await startBilling();
});
afterAll(() => billing?.stop());

/** A contract of its own for each story, because prices of one contract meet each other. */
async function aContract(): Promise<string> {
  const scene = { ...billing.scene, contractId: newId() };
  await billing.deliver(contractNews(scene));
  return scene.contractId;
}
const band = (changes: Record<string, unknown> = {}) => ({
  ...{ days: ['workday'], from: '18:00', to: '22:00', amountFen: 1900 },
  ...changes,
});
const set = (body: Record<string, unknown>, actor = billing.finance) =>
  billing
    .as(actor)
    .post('/v1/prices')
    .send({ kind: 'meals', unit: 'use', amountFen: 1800, from: '2026-01-01', ...body });

describe('setting a price', () => {
  it('gives it back whole, and lists it by contract, kind and day', async () => {
    const contractId = await aContract();
    const { body } = await set({
      contractId,
      siteId: billing.scene.siteId,
      stepMinutes: 15,
      unit: 'hour',
      bands: [band()],
    }).expect(201);
    expect(body).toMatchObject({
      ...{
        operatorId: billing.scene.operatorId,
        contractId,
        siteId: billing.scene.siteId,
        kind: 'meals',
        mode: null,
      },
      ...{
        unit: 'hour',
        amountFen: 1800,
        stepMinutes: 15,
        bands: [band()],
        from: '2026-01-01',
        to: null,
        version: 1,
      },
    });
    const get = (path: string) => billing.as(billing.finance).get(path).expect(200);
    expect((await get(`/v1/prices/${body.id}`)).body).toEqual(body);
    expect((await get(`/v1/prices?contractId=${contractId}&kind=meals&on=2026-05-05`)).body.items).toEqual([
      body,
    ]);
    expect((await get(`/v1/prices?contractId=${contractId}&on=2025-12-31`)).body.items).toEqual([]);
  });

  it('waits a moment for a contract that has just been signed', async () => {
    const scene = { ...billing.scene, contractId: newId() };
    const [{ status }] = await Promise.all([
      set({ contractId: scene.contractId }),
      billing.deliver(contractNews(scene)),
    ]);
    expect(status).toBe(201);
  });

  it.each<[string, Record<string, unknown>, number, string]>([
    ['above the ceiling in the evening', { bands: [band({ amountFen: 2001 })] }, 422, 'price_above_ceiling'],
    ['with bands that meet', { bands: [band(), band({ from: '21:00', to: '24:00' })] }, 422, 'bands_overlap'],
    ['with a band past midnight', { bands: [band({ to: '02:00' })] }, 422, 'band_empty'],
    ['with an hour that is none', { bands: [band({ to: '25:00' })] }, 400, 'validation_failed'],
    ['with bands that are none', { bands: [[]] }, 400, 'validation_failed'],
    ['with a sort of day that is none', { bands: [band({ days: ['monday'] })] }, 400, 'validation_failed'],
    ['above the ceiling', { amountFen: 2001 }, 422, 'price_above_ceiling'],
    ['of a kind not contracted', { kind: 'health' }, 422, 'kind_not_in_contract'],
    ['of a mode not contracted', { kind: 'childcare', mode: 'full_day' }, 422, 'kind_not_in_contract'],
    ['that ends before it begins', { to: '2026-01-01' }, 422, 'period_empty'],
    ['from a day that is none', { from: '2026-02-30' }, 400, 'validation_failed'],
    ['below zero', { amountFen: -1 }, 400, 'validation_failed'],
    ['in fractions of a fen', { amountFen: 0.5 }, 400, 'validation_failed'],
    ['for an unknown unit', { unit: 'week' }, 400, 'validation_failed'],
    ['at an unknown site', { siteId: newId() }, 404, 'site_not_found'],
    ['under an unknown contract', { contractId: newId() }, 404, 'contract_not_found'],
    ['with a field too many', { discount: 1 }, 400, 'validation_failed'],
  ])('%s is refused', async (_name, changes, status, code) => {
    const { body } = await set({ contractId: billing.scene.contractId, ...changes }).expect(status);
    expect(body).toMatchObject({ code, mend: expect.any(String) });
  });
});

describe('prices in time', () => {
  it('don’t overlap for the same site, kind and mode, whatever their unit', async () => {
    const contractId = await aContract();
    await set({ contractId, to: '2026-07-01' }).expect(201);
    expect((await set({ contractId, from: '2026-06-30', unit: 'day' }).expect(409)).body.code).toBe(
      'price_overlaps',
    );
    await set({ contractId, from: '2026-07-01' }).expect(201);
    await set({ contractId, siteId: billing.scene.siteId }).expect(201);
    await set({ contractId, mode: 'session' }).expect(201);
  });

  it('are set once by many at the same moment', async () => {
    const contractId = await aContract();
    const answers = await Promise.all(Array.from({ length: 8 }, () => set({ contractId })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array(7).fill(409)]);
  });

  it('end on a day, and are followed by the next', async () => {
    const contractId = await aContract();
    const { body } = await set({ contractId }).expect(201);
    const end = (to: string) => billing.as(billing.finance).post(`/v1/prices/${body.id}/end`).send({ to });
    expect((await end('2026-12-01').expect(200)).body).toMatchObject({ to: '2026-12-01', version: 2 });
    await set({ contractId, from: '2026-12-01', amountFen: 1900 }).expect(201);
    expect((await end('2027-01-01').expect(422)).body.code).toBe('price_ended');
    expect((await end('2026-01-01').expect(422)).body.code).toBe('period_empty');
    await end('2026-11-01').expect(200);
  });
});

describe('who sees and sets prices', () => {
  it('is the tenant, and the authority of the contract reads', async () => {
    const contractId = await aContract();
    const { body } = await set({ contractId }).expect(201);
    const stranger = anOwner(newId());
    await billing.as(stranger).get(`/v1/prices/${body.id}`).expect(404);
    expect((await set({ contractId }, stranger).expect(404)).body.code).toBe('contract_not_found');
    await billing.as(stranger).post(`/v1/prices/${body.id}/end`).send({ to: '2027-01-01' }).expect(404);
    const authority = anAuthority('3101', { organisationId: billing.scene.authorityId });
    expect((await billing.as(authority).get(`/v1/prices/${body.id}`).expect(200)).body.id).toBe(body.id);
    expect((await billing.as(anAuthority('3101')).get('/v1/prices').expect(200)).body.items).toEqual([]);
  });

  it('is not everybody of the tenant', async () => {
    const contractId = await aContract();
    await set({ contractId }, aFrontEnd(billing.scene.operatorId)).expect(403);
    await set({ contractId }, aSiteManager(billing.scene.operatorId, [])).expect(403);
    await billing.anonymous.post('/v1/prices').send({}).expect(401);
  });

  it('can’t use another tenant’s site or contract', async () => {
    const other = aScene();
    await billing.deliver(...newsOf(other));
    expect((await set({ contractId: other.contractId }).expect(404)).body.code).toBe('contract_not_found');
    const contractId = await aContract();
    expect((await set({ contractId, siteId: other.siteId }).expect(404)).body.code).toBe('site_not_found');
  });
});
