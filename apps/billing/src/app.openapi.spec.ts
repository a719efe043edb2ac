import { holesOf } from '@doorstep/platform';
import { policiesComparingText } from '@doorstep/testing';
import { type Billing, startBilling } from './billing.harness';

let billing: Billing;
beforeAll(async () => {
  billing = await startBilling();
});
afterAll(() => billing?.stop());

describe('the API document', () => {
  it('has no holes: every operation, field and parameter is described', async () => {
    const { body } = await billing.anonymous.get('/openapi.json').expect(200);
    expect(holesOf(body)).toEqual([]);
    expect(Object.keys(body.paths).length).toBeGreaterThan(25);
  });
});

it('compares no id as text where rows are kept apart', async () => {
  expect(await policiesComparingText(billing.db)).toEqual([]);
});
