import type { ContractMoney, ContractRevision } from '@doorstep/contracts';
import type { Actor } from '@doorstep/platform';
import { anOwner, wholeFile } from '@doorstep/testing';
import {
  aResident,
  type Billing,
  contractNews,
  delivered,
  held,
  setPrice,
  setProgramme,
  startBilling,
} from '../billing.harness';
import { aBankCsv, BANK_ACCOUNT } from '../statements/statements.examples';

export const PATH = '/v1/contract-settlements';

export const SHARE: ContractMoney = {
  settlementCycle: 'monthly',
  fee: { model: 'revenue_share', operatorShareBp: 8_500 },
  rent: { amountFenPerMonth: 100_000, marketFenPerMonth: 900_000 },
  depositFen: 20_000,
};

interface Amounts {
  lines: { kind: string; amountFen: number }[];
}
export const amountsOf = ({ lines }: Amounts): Record<string, number> =>
  Object.fromEntries(lines.map(({ kind, amountFen }) => [kind, amountFen]));

/**
 * A billing service for the stories of contracts' own money: meals at 18 yuan of which the operator lets one off, two owners
 * beside the finance officer, and a bank account.
 */
export async function startSettling() {
  const billing: Billing = await startBilling({ PERIODIC: 'false' });
  const call = (actor = billing.finance) => billing.as(actor);
  const [owner, other] = [anOwner(billing.scene.operatorId), anOwner(billing.scene.operatorId)];
  await setPrice(billing);
  const { id } = await setProgramme(billing, { funderId: billing.scene.operatorId, fixedFen: 100 });
  for (const period of ['2026-12', '2027-02'])
    await call(billing.administrator)
      .post(`/v1/programmes/${id}/budgets`)
      .send({ period, amountFen: 10_000 })
      .expect(201);
  const { body: bank } = await call().post('/v1/statement-accounts').send(BANK_ACCOUNT).expect(201);
  const contracts = contractsOf(billing);

  const close = (contractId: string, period: string) =>
    call().post('/v1/periods/close').send({ contractId, period }).expect(200);
  async function reopen(contractId: string, period: string): Promise<void> {
    const asking = { contractId, period, reason: '漏记' };
    const asked = await call(owner).post('/v1/periods/reopenings').send(asking).expect(201);
    const approve = `/v1/periods/reopenings/${asked.body.id}/approve`;
    await call(other).post(approve).send({ comment: '核对' }).expect(200);
  }
  const draw = (contractId: string, period: string, expected = 201) =>
    call().post(PATH).send({ contractId, period }).expect(expected);
  const agree = (settlementId: string, expected = 200, actor = owner) =>
    call(actor)
      .post(`${PATH}/${settlementId}/agree`)
      .send({ reference: '民函〔2026〕118号' })
      .expect(expected);
  const see = async (settlementId: string, actor: Actor = billing.finance) =>
    (await call(actor).get(`${PATH}/${settlementId}`).expect(200)).body;

  /** A line of the bank, matched as far as it matches; below zero it was paid. */
  async function onStatement(day: string, fen: number, text: string): Promise<number> {
    const csv = aBankCsv([[day, Math.max(fen, 0), Math.max(-fen, 0), text, '街道办']], Math.abs(fen) + 7);
    const { body } = await call()
      .post(`/v1/statement-files?accountId=${bank.id}`)
      .set('content-type', 'text/csv')
      .send(csv)
      .expect(201);
    const { body: lines } = await call()
      .get(`/v1/account-statements/${body.statements[0].id}/lines`)
      .expect(200);
    await call().post('/v1/statement-matches').send({ accountId: bank.id }).expect(201);
    return lines.items[0].id;
  }
  const life = { close, reopen, draw, agree, see, onStatement };
  return { billing, owner, other, call, ...contracts, ...life, ...booksOf(billing) };
}

/** What other services would have told. */
function contractsOf(billing: Billing) {
  let version = 1;
  /** A contract with its terms of money, each from a day on. */
  async function tellContract(
    contractId: string,
    [from, to]: [string, string],
    terms: [string, ContractMoney][],
    begun = true,
  ): Promise<void> {
    const { services } = contractNews(billing.scene);
    const revisions = terms.map(([begins, money], index): ContractRevision => {
      const ends = terms[index + 1]?.[0] ?? '2029-01-01';
      return { revision: index + 1, from: begins, to: ends, services, money };
    });
    const told = { contractId, from, to, revisions, begun, number: `DS-${contractId.slice(-4)}` };
    await billing.deliver(contractNews(billing.scene, { ...told, version: ++version }));
  }
  async function lunch(day: string): Promise<void> {
    const person = aResident(billing.scene);
    const times = { start: `${day}T03:00:00.000Z`, end: `${day}T04:30:00.000Z` };
    const booking = held(billing.scene, person.residentId, { serviceDay: day, ...times });
    await billing.deliver(person);
    await billing.deliver(booking);
    await billing.deliver(delivered(booking));
  }
  return { tellContract, lunch };
}

/** What the books and papers say. */
function booksOf(billing: Billing) {
  const call = () => billing.as(billing.finance);
  async function balances(contractId: string): Promise<Record<string, number>> {
    const { body } = await call().get(`/v1/ledger/trial-balance?contractId=${contractId}`).expect(200);
    return Object.fromEntries(
      body.rows.map(({ kind, balanceFen }: { kind: string; balanceFen: number }) => [kind, balanceFen]),
    );
  }
  /** Sums of the differences of a month's ties, over all contracts and of this one. */
  async function untied(contractId: string, period: string): Promise<number[]> {
    const sums = [];
    for (const scope of ['', `&contractId=${contractId}`]) {
      const { body } = await call().get(`/v1/reports/ties?period=${period}${scope}`).expect(200);
      sums.push(body.differenceFen);
    }
    return sums;
  }
  async function paper(settlementId: string, format: string): Promise<Buffer> {
    const { body } = await call()
      .get(`${PATH}/${settlementId}/paper?format=${format}`)
      .buffer(true)
      .parse(wholeFile)
      .expect(200);
    return body as Buffer;
  }
  return { balances, untied, paper };
}
