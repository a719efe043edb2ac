import type { ContractMoney } from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import { anOwner } from '@doorstep/testing';
import {
  aResident,
  contractNews,
  setPrice,
  setProgramme,
  startBilling,
  type Billing,
} from '../billing.harness';
import { packageOffer } from '../packages/packages.harness';
import { BANK_ACCOUNT } from '../statements/statements.examples';
import type { Stage } from './walk.harness';

const SERVICES = [
  { kind: 'meals', priceCeilingFen: 2_000 },
  { kind: 'sports', priceCeilingFen: 5_000 },
  { kind: 'childcare', mode: 'timed' as const, priceCeilingFen: 4_000 },
  { kind: 'childcare', mode: 'full_day' as const, priceCeilingFen: 300_000 },
];
const MONEY: ContractMoney[] = [
  {
    settlementCycle: 'monthly',
    fee: { model: 'revenue_share', operatorShareBp: 8_500 },
    ...{ rent: { amountFenPerMonth: 10_000, marketFenPerMonth: 90_000 }, depositFen: 20_000 },
  },
  { settlementCycle: 'monthly', fee: { model: 'management_fee', amountFen: 30_000 } },
];

/** A service that has been set up by everybody who sets it up, with nothing done yet. */
export async function setStage(): Promise<Stage> {
  const billing = await startBilling({ PERIODIC: 'false' });
  billing.clock.set('2026-11-20T00:00:00Z');
  const contracts = [billing.scene.contractId, newId()];
  for (const [index, contractId] of contracts.entries())
    await standing(billing, contractId, MONEY[index], index + 2);
  const people = ['1955-05-05', '1948-01-01', '1990-02-02', '2024-05-05', '2025-03-05'].map((birthDate) =>
    aResident(billing.scene, { birthDate }),
  );
  await billing.deliver(...people);
  const post = async (path: string, body: object, actor = billing.finance) =>
    (await billing.as(actor).post(`/v1/${path}`).send(body).expect(201)).body.id as string;
  const owners = [anOwner(billing.scene.operatorId), anOwner(billing.scene.operatorId)];
  const terms = {
    toleranceFen: 2,
    writeOffMaxFen: 50_000,
    fourEyesAboveFen: 500,
    confirmationsNeeded: 2,
    overdueDays: 5,
  };
  await post('prepaid-rules', { from: '2026-01-01', balanceMaxFen: 30_000, source: 'x' }, owners[0]);
  await post('reconciliation-terms', { from: '2026-01-01', ...terms }, owners[0]);
  const payerNames = [{ channel: 'wechat', name: '财付通' }];
  return {
    ...{
      billing,
      owners,
      contracts,
      handedOver: false,
      residents: people.map(({ residentId }) => residentId),
    },
    programmes: await programmesOf(billing),
    accountId: await post('statement-accounts', { ...BANK_ACCOUNT, payerNames }),
    offerId: await post(
      'package-offers',
      packageOffer(billing.scene, { uses: 3, amountFen: 4_001 }),
      owners[0],
    ),
    ...{ bookings: [], months: [], letters: [], count: 0, log: [], answers: new Map() },
  };
}

async function standing(
  billing: Billing,
  contractId: string,
  money: ContractMoney,
  version: number,
): Promise<void> {
  const revisions = [{ revision: 1, from: '2026-10-01', to: '2029-01-01', services: SERVICES, money }];
  const told = {
    contractId,
    from: '2026-10-01',
    services: SERVICES,
    revisions,
    begun: true,
    number: `DS-${version}`,
    version,
  };
  await billing.deliver(contractNews(billing.scene, told));
  for (const [kind, unit, amountFen, mode] of [
    ['meals', 'use', 1_800, undefined],
    ['sports', 'hour', 3_001, undefined],
    ['childcare', 'hour', 3_000, 'timed'],
    ['childcare', 'month', 200_000, 'full_day'],
  ] as const)
    await setPrice(billing, { contractId, kind, unit, amountFen, ...(mode && { mode }) });
  const rule = {
    contractId,
    kind: 'childcare',
    from: '2026-01-01',
    sickMonthBp: 0,
    sickDaysMin: 5,
    sickDaysBp: 5_000,
  };
  await billing
    .as(billing.finance)
    .post('/v1/absence-rules')
    .send({ ...rule, absentMonthBp: 5_000, closedDayBackBp: 10_000, forceMajeureDayBackBp: 10_000 })
    .expect(201);
}

/** Funders' for meals and childcare with small budgets, and one of the operator's own. */
async function programmesOf(billing: Billing): Promise<string[]> {
  const caps = { perMonthFen: 700 };
  const programmes = [
    await setProgramme(billing, { caps, budgetFen: 2_000 }),
    await setProgramme(billing, {
      kinds: ['childcare'],
      rateBp: 2_500,
      caps: { perMonthFen: 60_000 },
      budgetFen: 90_000,
    }),
    await setProgramme(billing, {
      funderId: billing.scene.operatorId,
      fixedFen: 100,
      caps,
      order: 20,
      budgetFen: 10_000,
    }),
  ];
  for (const { id } of programmes)
    for (const period of ['2026-10', '2026-12'])
      await billing
        .as(billing.administrator)
        .post(`/v1/programmes/${id}/budgets`)
        .send({ period, amountFen: 2_500 })
        .expect(201);
  return programmes.map(({ id }) => id);
}
