import { ContractSiteSnapshot, event, SiteSnapshot } from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import { PeriodicRunner } from '@doorstep/platform';
import {
  aResident,
  AT,
  type Billing,
  DAY,
  delivered,
  held,
  newsOf,
  setPrice,
  setProgramme,
  startBilling,
} from '../billing.harness';
import { aBill, line, refundLine } from '../settlement-files/wechat-bill.examples';
import { aBankCsv, BANK_ACCOUNT } from '../statements/statements.examples';

const NEXT_DAY = '2026-11-03';
const period = DAY.slice(0, 7);
const otherSite = newId();
type Figures = Record<string, number>;

let billing: Billing;
let accountId: string;
let statements = 0;
const call = () => billing.as(billing.finance);

/** Rows by their key, each figure by its column's. */
async function table(by: string): Promise<Record<string, Figures>> {
  const { body } = await call().get(`/v1/reports/tables/four-way-by-${by}?period=${period}`).expect(200);
  return Object.fromEntries(
    body.rows.map((row: (string | number)[]) => [
      row[0],
      Object.fromEntries(
        body.columns.slice(1).map(({ key }: { key: string }, i: number) => [key, row[i + 1]]),
      ),
    ]),
  );
}

const added = (rows: Figures[]): Figures =>
  rows.reduce((sums, row) =>
    Object.fromEntries(Object.entries(row).map(([key, fen]) => [key, fen + sums[key]])),
  );

/** Where the money is. Whatever it is counted under, it is the same money, and nothing is left over. */
async function where(): Promise<Figures> {
  const [contracts, sites, days, funders] = await Promise.all(
    ['contract', 'site', 'day', 'funder'].map(async (by) => Object.values(await table(by))),
  );
  const whole = added(contracts);
  expect([added(sites), added(days)]).toEqual([whole, whole]);
  const claims = added(funders);
  expect([whole.difference, claims.difference]).toEqual([0, 0]);
  expect([claims.claimed, claims.unclaimed, claims.unremitted]).toEqual([
    ...[whole.claimed, whole.unclaimed, whole.unremitted],
  ]);
  return whole;
}

async function serve(day: string, siteId = billing.scene.siteId): Promise<string> {
  const person = aResident(billing.scene);
  const at = { serviceDay: day, start: `${day}T03:00:00.000Z`, end: `${day}T04:30:00.000Z` };
  const booking = held(billing.scene, person.residentId, { ...at, siteId });
  await billing.deliver(person, booking);
  await billing.deliver(delivered(booking));
  return booking.bookingId;
}

async function pay(channel: string, merchantOrderNo: string, amountFen: number, bookingIds: string[]) {
  const payment = { channel, merchantOrderNo, amountFen, bookingIds, paidAt: `${DAY}T02:00:00Z` };
  return (await call().post('/v1/payments').send(payment).expect(201)).body.id as string;
}

async function billed(day: string, lines: string[]) {
  const { body: file } = await call()
    .post(`/v1/settlement-files?channel=wechat&billDay=${day}`)
    .set('content-type', 'text/csv')
    .send(aBill({ lines }))
    .expect(201);
  const { body } = await call().post('/v1/reconciliations').send({ settlementFileId: file.id }).expect(201);
  return (await call().get(`/v1/exceptions?reconciliationId=${body.id}`).expect(200)).body.items;
}

/** A line of the bank, matched by the rules, or by hand with what is expected of a kind and has so much. */
async function onBank(
  fen: number,
  text: string,
  byHand?: { kind: string; amountFen: number },
): Promise<void> {
  const { body } = await call()
    .post(`/v1/statement-files?accountId=${accountId}`)
    .set('content-type', 'text/csv')
    .send(aBankCsv([[`2026-11-0${++statements}`, fen, 0, text, '某人']], statements * 1_000_000))
    .expect(201);
  await call().post('/v1/statement-matches').send({ accountId }).expect(201);
  if (!byHand) return;
  const lines = `/v1/account-statements/${body.statements[0].id}/lines`;
  const [{ id }] = (await call().get(lines).expect(200)).body.items;
  const list = await call().get(`/v1/expected-movements?kind=${byHand.kind}&limit=200`).expect(200);
  const expected = list.body.items.find(({ amountFen }: Figures) => amountFen === byHand.amountFen);
  const match = { expectedIds: [expected.id], comment: '电话确认' };
  await call().post(`/v1/statement-lines/${id}/match`).send(match).expect(200);
}

beforeAll(async () => {
  billing = await startBilling();
  await setPrice(billing);
  await setProgramme(billing);
  const { operatorId, contractId } = billing.scene;
  const site = newsOf(billing.scene).find((news) => news instanceof SiteSnapshot) as SiteSnapshot;
  await billing.deliver(
    event(SiteSnapshot, { ...site, siteId: otherSite, code: 'S-OTHER', nameZh: '徐汇站' }),
    event(ContractSiteSnapshot, {
      ...{ operatorId, contractSiteId: newId(), contractId, siteId: otherSite, from: '2026-01-01' },
      ...{ to: '2029-01-01', kinds: [], inForce: true, version: 1, at: AT },
    }),
  );
  const { body } = await call().post('/v1/statement-accounts').send(BANK_ACCOUNT).expect(201);
  accountId = body.id;
});
afterAll(() => billing?.stop());

describe('the four ways of a month', () => {
  it('say of what is paid and in no bill yet that it is on its way', async () => {
    const [a, b, transferred] = [await serve(DAY), await serve(DAY), await serve(DAY)];
    const elsewhere = await serve(NEXT_DAY, otherSite);
    await pay('wechat', 'TWO', 3_200, [a, b]);
    // Of this one 400 fen are an advance, and 300 of them go back.
    const id = await pay('wechat', 'MORE', 2_000, [elsewhere]);
    const back = { amountFen: 300, merchantRefundNo: 'BACK', reason: 'x', refundedAt: `${DAY}T04:00:00Z` };
    await call().post(`/v1/payments/${id}/refunds`).send(back).expect(201);
    await pay('bank', 'TRANSFER0001', 1_600, [transferred]);
    expect(await where()).toMatchObject({
      ...{ charged: 7_200, ledger: 7_200, due: 7_200, documents: 7_200, payments: 6_400, unpaid: 0 },
      ...{ claimed: 0, unclaimed: 800, channel: 0, unsettled: 6_400, inTransit: 0, bank: 0, named: 0 },
    });
  });

  it("then that the channel has confirmed it, less its fees, and the bank hasn't seen it", async () => {
    await billed(DAY, [
      line({ order: 'TWO', amount: '32.00', fee: '0.19000', rate: '0.60%' }),
      line({ order: 'MORE', amount: '20.00', fee: '0.12000', rate: '0.60%' }),
      refundLine({ order: 'MORE', refundNo: 'BACK', refunded: '3.00', fee: '-0.02000', rate: '0.60%' }),
    ]);
    // 12 fen of 2,000 are 10 of the 1,600 that the service took.
    const stands = { channel: 4_800, fees: 29, inTransit: 4_771, bank: 0, unsettled: 1_600 };
    expect(await where()).toMatchObject(stands);
  });

  it('of a payout that came in part, which of the payments it covers', async () => {
    const payoutFen = 3_200 - 19 + (2_000 - 12) - (300 - 2);
    await onBank(1_000, '结算款 1/2', { kind: 'channel_settlement', amountFen: payoutFen });
    // What went back had come from the first payments, too.
    expect(await where()).toMatchObject({ channel: 4_800, fees: 29, bank: 1_298, inTransit: 3_473 });
    expect((await table('day'))[NEXT_DAY]).toMatchObject({
      channel: 1_600,
      fees: 10,
      bank: 0,
      inTransit: 1_590,
    });
    await onBank(payoutFen - 1_000, '结算款 2/2', { kind: 'channel_settlement', amountFen: payoutFen });
    expect(await where()).toMatchObject({ channel: 4_800, fees: 29, bank: 4_771, inTransit: 0 });
  });

  it('of a transfer, that the bank has seen it', async () => {
    await onBank(1_600, 'TRANSFER0001');
    expect(await where()).toMatchObject({ channel: 6_400, bank: 6_371, unsettled: 0 });
  });

  it('of what is claimed: waited for, cut, announced, and on the bank, line by line', async () => {
    const { funderId, contractId } = billing.scene;
    const { body: claim } = await call()
      .post('/v1/claims')
      .send({ funderId, contractId, period })
      .expect(201);
    expect(await where()).toMatchObject({ unclaimed: 0, claimed: 800, unremitted: 800 });
    await call().post(`/v1/claims/${claim.id}/submit`).expect(200);
    const { body: lines } = await call().get(`/v1/claims/${claim.id}/lines`).expect(200);
    const cut = { lineId: lines.items[0].id, outcome: 'cut', acceptedFen: 150, code: 'late' };
    const answer = { lines: [cut], acceptRest: true };
    await call().post(`/v1/claims/${claim.id}/answer`).send(answer).expect(200);
    expect(await where()).toMatchObject({ claimed: 800, named: 50, unremitted: 750 });
    const remittance = { funderId, contractId, reference: 'MZ-1', amountFen: 300, receivedOn: DAY };
    await call()
      .post('/v1/remittances')
      .send({ ...remittance, claimIds: [claim.id] })
      .expect(201);
    expect(await where()).toMatchObject({ named: 50, unremitted: 450, inTransit: 300, channel: 6_700 });
    await onBank(200, '补贴', { kind: 'claim', amountFen: 800 });
    expect(await where()).toMatchObject({ unremitted: 450, inTransit: 100, bank: 6_571 });
    expect((await table('funder'))['市民政局']).toEqual({
      ...{
        charged: 800,
        ledger: 800,
        claimed: 800,
        unclaimed: 0,
        seen: 200,
        inTransit: 100,
        unremitted: 450,
      },
      ...{ open: 550, named: 50, difference: 0 },
    });
    await onBank(550, '补贴', { kind: 'claim', amountFen: 800 });
    expect(await where()).toMatchObject({
      unremitted: 0,
      inTransit: 0,
      named: 50,
      bank: 7_121,
      channel: 7_150,
    });
  });

  it('of what a bill lacks, that it is named, and on its way once it was matched by hand', async () => {
    await pay('wechat', 'LOST', 1_600, [await serve(DAY)]);
    const typo = line({ order: 'TYPO', at: `${NEXT_DAY} 09:00:00`, amount: '16.00', fee: '0.10000' });
    const [unknown] = await billed(NEXT_DAY, [typo]);
    expect(await where()).toMatchObject({ payments: 8_000, unsettled: 1_600, named: 50, unclaimed: 200 });
    // The bill of its day has come without it.
    await billing.running.app.get(PeriodicRunner).runNow('name what was recorded after its bill');
    expect(await where()).toMatchObject({ unsettled: 0, named: 1_650 });
    const { body: missing } = await call().get('/v1/exceptions?type=missing_in_bill').expect(200);
    const pair = { exceptionId: missing.items[0].id, comment: '打错单号' };
    await call().post(`/v1/exceptions/${unknown.id}/match`).send(pair).expect(200);
    expect(await where()).toMatchObject({ named: 50, channel: 8_750, fees: 39, inTransit: 1_590 });
    await onBank(1_590, '结算款', { kind: 'channel_remainder', amountFen: 1_590 });
    expect(await where()).toMatchObject({ channel: 8_750, inTransit: 0, bank: 8_711, unclaimed: 200 });
    // All that the bank has seen is either of the month's services, or an advance that nobody has used.
    const { rows } = await billing.db.query(`SELECT sum(amount_fen)::int AS fen FROM statement_line`);
    const advanceFen = 400 - (12 - 10) - (300 - 2);
    expect(rows[0].fen).toBe(8_711 + advanceFen);
  });

  it.each([
    `UPDATE settlement_allocation SET amount_fen = amount_fen + $1 WHERE payment_id IN (
       SELECT id FROM payment WHERE merchant_order_no = 'TWO')`,
    `UPDATE claim_line SET amount_fen = amount_fen + $1 WHERE answer = 'cut'`,
    `UPDATE payment_allocation SET amount_fen = amount_fen + $1 WHERE payment_id IN (
       SELECT id FROM payment WHERE merchant_order_no = 'LOST')`,
  ])('differ when one book is changed alone: %s', async (change) => {
    const difference = async () => added(Object.values(await table('contract'))).difference;
    await billing.db.query(change, [1]);
    expect(await difference()).toBeGreaterThan(0);
    await billing.db.query(change, [-1]);
    expect(await difference()).toBe(0);
  });
});
