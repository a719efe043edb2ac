import { newId } from '@doorstep/kernel';
import { aFunder } from '@doorstep/testing';
import { type Billing, startBilling } from '../billing.harness';
import { SHANGHAI } from './shanghai';

let billing: Billing;
beforeAll(async () => {
  billing = await startBilling({ PERIODIC: 'false' });
});
afterAll(() => billing?.stop());

const install = (body: object, actor = billing.administrator, code = 'shanghai') =>
  billing.as(actor).post(`/v1/programme-packs/${code}/install`).send(body);

it('a city’s programmes are set up by one call, once, each funder its own part', async () => {
  const { funderId } = billing.scene;
  const self = aFunder(funderId);
  const { body: meals } = await install({ funders: { meals: funderId } }, self).expect(201);
  expect(meals.installed).toHaveLength(4);
  await install({ funders: { meals: funderId, insurance: newId() } }, self).expect(403);
  const rates = [{ code: 'SH-VOUCHER', rateBp: 6_000 }];
  const all = { meals: funderId, childcare: funderId, voucher: funderId, insurance: funderId };
  const { body: rest } = await install({ funders: all, rates }).expect(201);
  expect(rest.standing).toHaveLength(4);
  expect(rest.installed).toHaveLength(SHANGHAI.programmes.length - 4);
  const { body: voucher } = await billing.as(self).get('/v1/programmes?code=SH-VOUCHER').expect(200);
  expect(voucher.items[0].terms).toMatchObject([{ rateBp: 6_000, caps: { perMonthFen: 80_000 } }]);
  expect((await install({ funders: all }).expect(201)).body.installed).toEqual([]);
  const { body: packs } = await billing.as(billing.owner).get('/v1/programme-packs').expect(200);
  expect(packs[0].programmes.every(({ source }: { source: string }) => source.length > 0)).toBe(true);
});

it.each([
  ['a rate outside of its range', [{ code: 'SH-VOUCHER', rateBp: 7_000 }], 422, 'rate_not_open'],
  ['a rate that is not open', [{ code: 'SH-MEAL-60', rateBp: 5_000 }], 422, 'rate_not_open'],
])('%s is refused', async (_name, rates, status, code) => {
  const { body } = await install({ funders: {}, rates }).expect(status);
  expect(body.code).toBe(code);
});

it('of an unknown city there is none', async () => {
  expect((await install({ funders: {} }, billing.administrator, 'nowhere').expect(404)).body.code).toBe(
    'pack_not_found',
  );
});
