import { newId } from '@doorstep/kernel';
import {
  aResident,
  asChildcare,
  type Billing,
  DAY,
  delivered,
  held,
  setPrice,
  startBilling,
} from '../billing.harness';

export const PERIOD = DAY.slice(0, 7);

/** A billing service for the stories of claims: meals at 18 yuan, and what a funder and the operator's finance do. */
export async function startClaims() {
  const billing: Billing = await startBilling({ PERIODIC: 'false' });
  await setPrice(billing);
  const { funderId, contractId } = billing.scene;
  const finance = () => billing.as(billing.finance);
  const wanted = (period = PERIOD) => ({ funderId, contractId, period });

  /** @returns the resident who was served so often */
  async function serve(count: number, childcare = false): Promise<string> {
    const person = aResident(billing.scene, childcare ? { birthDate: '2024-05-05' } : {});
    await billing.deliver(person);
    for (let i = 0; i < count; i++) {
      const at = (hour: string) => `${DAY}T${hour}:0${i}:00.000Z`;
      const what = { ...(childcare && asChildcare(billing.scene)), start: at('01'), end: at('03') };
      const booking = held(billing.scene, person.residentId, what);
      await billing.deliver(booking);
      await billing.deliver(delivered(booking, { minutes: 120 }));
    }
    return person.residentId;
  }

  /** The claim as it was drawn up. */
  async function submitted(period = PERIOD) {
    const { body: claim } = await finance().post('/v1/claims').send(wanted(period)).expect(201);
    await finance().post(`/v1/claims/${claim.id}/submit`).expect(200);
    return claim;
  }
  const linesOf = async (claimId: string, query = '') =>
    (await finance().get(`/v1/claims/${claimId}/lines?limit=200${query}`).expect(200)).body.items;
  const remit = (body: object, expected = 201) =>
    finance()
      .post('/v1/remittances')
      .send({ funderId, contractId, reference: newId(), receivedOn: DAY, ...body })
      .expect(expected);
  return { billing, finance, wanted, serve, submitted, linesOf, remit };
}
