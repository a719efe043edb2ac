import { newId } from '@doorstep/kernel';
import { aResident, type Billing, DAY, type Scene } from '../billing.harness';

/* Packages for specs: ten lunches for 160.03 yuan, unless said otherwise. */

export const packageOffer = ({ contractId }: Scene, changes: object = {}) => ({
  ...{ contractId, name: '午餐十次卡', kind: 'meals', uses: 10, amountFen: 16_003, validDays: 90 },
  ...{ from: '2026-01-01', ...changes },
});

export const sale = (offerId: string, residentId: string) => ({
  ...{ offerId, residentId, channel: 'wechat', merchantOrderNo: `PK${newId()}`, paidAt: `${DAY}T01:00:00Z` },
});

/** Offers a package and sells it to a new resident. */
export async function sellPackage(
  billing: Billing,
  changes: object = {},
): Promise<{ id: string; residentId: string; paymentId: string }> {
  const resident = aResident(billing.scene);
  await billing.deliver(resident);
  const post = (path: string, body: object) =>
    billing.as(billing.owner).post(`/v1/${path}`).send(body).expect(201);
  const { body: offered } = await post('package-offers', packageOffer(billing.scene, changes));
  const { body } = await post('packages', sale(offered.id, resident.residentId));
  return body;
}
