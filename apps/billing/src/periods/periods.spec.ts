import { anOwner } from '@doorstep/testing';
import type { Actor } from '@doorstep/platform';
import { aResident, type Billing, DAY, delivered, held, setPrice, startBilling } from '../billing.harness';
import { aBill, line } from '../settlement-files/wechat-bill.examples';
import { aBankCsv, BANK_ACCOUNT } from '../statements/statements.examples';

let billing: Billing;
let [one, other]: Actor[] = [];
const period = DAY.slice(0, 7);
const call = (actor = billing.finance) => billing.as(actor);
const of = () => ({ contractId: billing.scene.contractId, period });
const checks = async (): Promise<Record<string, number>> => {
  const { contractId } = of();
  const { body } = await call()
    .get(`/v1/periods/checklist?contractId=${contractId}&period=${period}`)
    .expect(200);
  return Object.fromEntries(
    body.checks
      .filter(({ ok }: { ok: boolean }) => !ok)
      .map(({ name, count }: { name: string; count: number }) => [name, count]),
  );
};
const ties = async () => (await call().get(`/v1/reports/ties?period=${period}`).expect(200)).body;

beforeAll(async () => {
  billing = await startBilling();
  [one, other] = [anOwner(billing.scene.operatorId), anOwner(billing.scene.operatorId)];
  await setPrice(billing);
});
afterAll(() => billing?.stop());

async function lunch(): Promise<string> {
  const person = aResident(billing.scene);
  const booking = held(billing.scene, person.residentId);
  await billing.deliver(person);
  await billing.deliver(booking);
  await billing.deliver(delivered(booking));
  return booking.bookingId;
}

it('a month is closed when its work is done, and opens again by two people', async () => {
  const bookingId = await lunch();
  const payment = {
    channel: 'wechat',
    merchantOrderNo: 'DS1',
    amountFen: 1_800,
    paidAt: `${DAY}T02:00:00Z`,
    bookingIds: [bookingId],
  };
  await call().post('/v1/payments').send(payment).expect(201);
  expect(await checks()).toEqual({ month_over: 1, payments_explained: 1 });
  billing.clock.set('2026-12-02T00:00:00Z');

  // The channel's bill has a line that nobody knows, and pays everything out.
  const text = aBill({
    lines: [line({ order: 'DS1' }), line({ order: 'X9', amount: '5.00', fee: '0.03000' })],
  });
  const { body: file } = await call()
    .post('/v1/settlement-files?channel=wechat')
    .set('content-type', 'text/csv')
    .send(text)
    .expect(201);
  expect(await checks()).toEqual({ files_reconciled: 1, payments_explained: 1 });
  await call().post('/v1/reconciliations').send({ settlementFileId: file.id }).expect(201);
  const account = { ...BANK_ACCOUNT, payerNames: [{ channel: 'wechat', name: '财付通' }] };
  const { body: bank } = await call().post('/v1/statement-accounts').send(account).expect(201);
  const csv = aBankCsv([['2026-11-04', 1_789 + 497, 0, '结算款', '财付通']]);
  await call()
    .post(`/v1/statement-files?accountId=${bank.id}&from=2026-11-01&to=2026-11-30`)
    .set('content-type', 'text/csv')
    .send(csv)
    .expect(201);
  expect(await checks()).toEqual({ statements_matched: 1, exceptions_settled: 1 });
  await call().post('/v1/statement-matches').send({ accountId: bank.id }).expect(201);
  const refused = await call().post('/v1/periods/close').send(of()).expect(409);
  expect(refused.body).toMatchObject({
    code: 'period_not_ready',
    details: { checks: [{ name: 'exceptions_settled' }] },
  });

  const [exception] = (await call().get('/v1/exceptions?status=open').expect(200)).body.items;
  await call().post(`/v1/exceptions/${exception.id}/write-off`).send({ comment: '无人认领' }).expect(200);
  expect(await ties()).toMatchObject({ differenceFen: 0 });
  const { body: trial } = await call().get('/v1/ledger/trial-balance').expect(200);
  const balance = (kind: string) =>
    trial.rows.find((row: { kind: string }) => row.kind === kind)?.balanceFen ?? 0;
  expect(['bank', 'bank_in_transit', 'unassigned_receipts', 'channel_clearing'].map(balance)).toEqual([
    2_286, 0, 0, 0,
  ]);

  const closes = await Promise.all([1, 2, 3].map(() => call().post('/v1/periods/close').send(of())));
  expect(closes.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
  await lunch();
  const { body: entries } = await call().get('/v1/ledger/entries?from=2026-12-01').expect(200);
  expect(entries.items).toMatchObject([{ reason: 'charge_captured', bookedOn: '2026-12-01' }]);
  await before();
  await reopened();
});

/** What nobody has closed by name is closed with a later month: its balance stays. */
async function before(): Promise<void> {
  const balance = async () =>
    (await call().get(`/v1/ledger/trial-balance?asOf=2026-11-30`).expect(200)).body.debitFen;
  const [fen, bookingId] = [await balance(), await lunch()];
  const cash = { channel: 'cash', merchantOrderNo: 'CASH1', amountFen: 1_800, bookingIds: [bookingId] };
  await call()
    .post('/v1/payments')
    .send({ ...cash, paidAt: '2026-09-15T02:00:00Z' })
    .expect(201);
  expect(await balance()).toBe(fen);
  const { contractId, operatorId } = billing.scene;
  const word = `INSERT INTO ledger_period (operator_id, contract_id, month, status, changed_at, changed_by)
                VALUES ($1, $2, '2026-09-01', 'open', now(), $1)`;
  await expect(billing.db.query(word, [operatorId, contractId])).rejects.toThrow('nobody has approved');
  const ask = { contractId, period: '2026-09', reason: '补记' };
  const { body: asked } = await call(one).post('/v1/periods/reopenings').send(ask).expect(201);
  await call(other)
    .post(`/v1/periods/reopenings/${asked.id}/approve`)
    .send({ comment: '已核对' })
    .expect(200);
  await call()
    .post('/v1/payments')
    .send({ ...cash, merchantOrderNo: 'CASH2', paidAt: '2026-08-15T02:00:00Z' })
    .expect(201);
  const { body: entries } = await call().get('/v1/ledger/entries?from=2026-09-01&to=2026-10-01').expect(200);
  expect(entries.items).toMatchObject([{ reason: 'payment_received', bookedOn: '2026-09-01' }]);
}

async function reopened(): Promise<void> {
  const ask = { ...of(), reason: '银行更正' };
  const open = `UPDATE ledger_period SET status = 'open'`;
  await expect(billing.db.query(open)).rejects.toThrow('nobody has approved');
  const { body: asked } = await call(one).post('/v1/periods/reopenings').send(ask).expect(201);
  expect((await call(other).post('/v1/periods/reopenings').send(ask).expect(409)).body.code).toBe(
    'reopening_asked',
  );
  const approve = (actor: Actor, what = 'approve') =>
    call(actor).post(`/v1/periods/reopenings/${asked.id}/${what}`).send({ comment: '已核对' });
  expect((await approve(one).expect(403)).body.code).toBe('four_eyes');
  await approve(billing.finance).expect(403);
  await approve(other).expect(200);
  expect((await approve(other, 'reject').expect(409)).body.code).toBe('reopening_decided');
  const { body: months } = await call().get('/v1/periods').expect(200);
  expect(months.items).toMatchObject([
    { period, status: 'open' },
    { period: '2026-09', status: 'open' },
  ]);
  const { body: acts } = await call().get('/v1/periods/acts').expect(200);
  expect(acts.items.map(({ act }: { act: string }) => act)).toEqual([
    'closed',
    ...['reopen_asked', 'reopen_approved'],
    ...['reopen_asked', 'reopen_approved'],
  ]);
  await expect(billing.db.query(`DELETE FROM ledger_period`)).rejects.toThrow('not forgotten');
}
