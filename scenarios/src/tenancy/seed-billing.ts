import type { Tenant } from './parties';
import { eventually, type Ids } from './seed';

/** A funder's remittance that waits for claims, and a plan for reminders. */
export async function keepAccounts(
  { owner }: Tenant,
  ids: Ids,
  funderId: string,
  mark: string,
): Promise<Ids> {
  const { contractId } = ids;
  const today = new Date().toISOString().slice(0, 10);
  // Billing has to have heard of the funder.
  const remittance = await eventually(() =>
    owner.must<{ id: string }>('POST', '/v1/remittances', {
      ...{ funderId, contractId, reference: `${mark}-R1`, amountFen: 5_000, receivedOn: today },
    }),
  );
  const plan = await owner.must<{ id: string }>('POST', '/v1/dunning-plans', {
    ...{ contractId, from: '2026-01-01', steps: [{ afterDays: 3, tone: 'reminder' }] },
  });
  return { remittanceId: remittance.id, dunningPlanId: plan.id };
}
