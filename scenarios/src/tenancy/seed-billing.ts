import type { Tenant } from './parties';
import { eventually, type Ids } from './seed';

/**
 * A funder's remittance that waits for claims, a plan for reminders, a prepaid card with money on it, a package, a deposit, a
 * payment with a refund, another one whose void waits, and what is settled of the contract itself.
 */
export async function keepAccounts(
  { owner }: Tenant,
  ids: Ids,
  funderId: string,
  mark: string,
): Promise<Ids> {
  const { contractId, residentId } = ids;
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
  await owner.must('POST', '/v1/prepaid-rules', {
    ...{ from: '2026-01-01', balanceMaxFen: 500_000, source: `${mark} 商务部令2012年第9号` },
  });
  const card = await eventually(() =>
    owner.must<{ id: string }>('POST', '/v1/prepaid-cards', { contractId, residentId, number: mark }),
  );
  await owner.must('POST', `/v1/prepaid-cards/${card.id}/top-ups`, {
    ...{ channel: 'cash', merchantOrderNo: `${mark}-TU`, amountFen: 1_000, paidAt: new Date().toISOString() },
  });
  const offer = await owner.must<{ id: string }>('POST', '/v1/package-offers', {
    ...{ contractId, name: `${mark} 十次卡`, kind: 'meals', uses: 10, amountFen: 16_000, validDays: 90 },
    from: '2026-01-01',
  });
  const sold = await owner.must<{ id: string }>('POST', '/v1/packages', {
    ...{ offerId: offer.id, residentId, channel: 'cash', merchantOrderNo: `${mark}-PK` },
    paidAt: new Date().toISOString(),
  });
  const deposit = await owner.must<{ id: string }>('POST', '/v1/deposits', {
    ...{
      contractId,
      residentId,
      kind: 'childcare',
      reason: `${mark} 押金`,
      channel: 'cash',
      amountFen: 1_000,
    },
    ...{ merchantOrderNo: `${mark}-D`, paidAt: new Date().toISOString() },
  });
  const payment = await eventually(() =>
    owner.must<{ id: string }>('POST', '/v1/payments', {
      ...{ bookingIds: [ids.bookingId], channel: 'wechat', merchantOrderNo: `${mark}-P`, amountFen: 900 },
      paidAt: new Date().toISOString(),
    }),
  );
  const { refunds } = await owner.must<{ refunds: { id: string }[] }>(
    ...(['POST', `/v1/payments/${payment.id}/refunds`] as const),
    {
      ...{ merchantRefundNo: `${mark}-R`, amountFen: 100, reason: `${mark} 多付` },
      refundedAt: new Date().toISOString(),
    },
  );
  const { proposedVoid } = await proposedVoidOf(owner, ids.bookingId, mark);
  const first = { contractId, period: `${Number(today.slice(0, 4)) - 1}-01` };
  await owner.must('POST', '/v1/periods/close', first);
  const settlement = await owner.must<{ id: string }>('POST', '/v1/contract-settlements', first);
  return {
    contractSettlementId: settlement.id,
    ...{ paymentId: payment.id, refundId: refunds[0].id, paymentVoidId: proposedVoid },
    depositId: deposit.id,
    ...{ remittanceId: remittance.id, dunningPlanId: plan.id, prepaidCardId: card.id },
    ...{ packageOfferId: offer.id, offerId: offer.id, packageId: sold.id },
  };
}

/** Above the limit of an operator that has set none. */
async function proposedVoidOf(
  owner: Tenant['owner'],
  bookingId: string,
  mark: string,
): Promise<{ proposedVoid: string }> {
  const { id } = await owner.must<{ id: string }>('POST', '/v1/payments', {
    ...{ bookingIds: [bookingId], channel: 'cash', merchantOrderNo: `${mark}-PV`, amountFen: 1_100 },
    paidAt: new Date().toISOString(),
  });
  return owner.must('POST', `/v1/payments/${id}/void`, { reason: `${mark} 录错` });
}
