import { newId } from '@doorstep/kernel';
import { anOwner } from '@doorstep/testing';
import type { Actor } from '@doorstep/platform';
import { aResident, type Billing, held, setPrice, startBilling } from '../billing.harness';
import { aBankCsv, BANK_MAPPING } from '../statements/statements.examples';
import { anAlipayBill } from '../settlement-files/alipay-bill.examples';
import { aBill, line } from '../settlement-files/wechat-bill.examples';

let billing: Billing;
let accountId: string;
let colleague: Actor;
beforeAll(async () => {
  billing = await startBilling();
  await setPrice(billing);
  colleague = anOwner(billing.scene.operatorId);
  const body = {
    ...{
      code: 'icbc',
      name: '基本户',
      kind: 'bank',
      accountNo: '1001',
      layout: 'mapped',
      mapping: BANK_MAPPING,
    },
    payerNames: [{ channel: 'wechat', name: '财付通' }],
  };
  accountId = (await call().post('/v1/statement-accounts').send(body).expect(201)).body.id;
});
afterAll(() => billing?.stop());

const call = (actor = billing.finance) => billing.as(actor);
const ask = (id: string, what: string, body: object, actor = billing.finance) =>
  call(actor)
    .post(`/v1/exceptions/${id}/${what}`)
    .send({ comment: 'x', ...body });
const see = async (id: string) => (await call().get(`/v1/exceptions/${id}`).expect(200)).body;
async function balances(): Promise<Record<string, number>> {
  const { body } = await call().get('/v1/ledger/trial-balance').expect(200);
  return Object.fromEntries(
    body.rows.map(({ kind, balanceFen }: { kind: string; balanceFen: number }) => [kind, balanceFen]),
  );
}
/** What the books moved since. */
async function since(before: Record<string, number>): Promise<Record<string, number>> {
  const now = await balances();
  return Object.fromEntries(
    Object.entries(now)
      .map(([kind, fen]) => [kind, fen - (before[kind] ?? 0)] as const)
      .filter(([, fen]) => fen !== 0),
  );
}

async function pay(amountFen: number, day: string, channel = 'wechat'): Promise<string> {
  const person = aResident(billing.scene);
  const booking = held(billing.scene, person.residentId);
  await billing.deliver(person);
  await billing.deliver(booking);
  const merchantOrderNo = `DS${newId().replaceAll('-', '').slice(-20)}`;
  const paid = { channel, merchantOrderNo, amountFen, paidAt: `${day}T02:00:00Z` };
  const payment = { ...paid, bookingIds: [booking.bookingId] };
  await call().post('/v1/payments').send(payment).expect(201);
  return merchantOrderNo;
}

async function billed(channel: string, day: string, text: string) {
  const { body: file } = await call()
    .post(`/v1/settlement-files?channel=${channel}&billDay=${day}`)
    .set('content-type', 'text/csv')
    .send(text)
    .expect(201);
  const { body } = await call().post('/v1/reconciliations').send({ settlementFileId: file.id }).expect(201);
  return (await call().get(`/v1/exceptions?reconciliationId=${body.id}&limit=200`).expect(200)).body.items;
}

/** A bill of a day of its own with these lines; the exceptions that its reconciliation named, by their type. */
let days = 0;
async function reconciled(pays: number[], lines: (orders: string[], day: string) => string[]) {
  const day = `2026-10-${String(++days).padStart(2, '0')}`;
  const orders: string[] = [];
  for (const fen of pays) orders.push(await pay(fen, day));
  const items = await billed('wechat', day, aBill({ lines: lines(orders, `${day} 09:00:00`) }));
  return {
    day,
    items,
    id: (type: string): string => items.find((e: { type: string }) => e.type === type)?.id,
  };
}

describe('the queue', () => {
  it('says of each difference what, how much, how old and what is usually done', async () => {
    const { id, day } = await reconciled([1_800], () => []);
    const exception = await see(id('missing_in_bill'));
    expect(exception).toMatchObject({
      ...{ type: 'missing_in_bill', differenceFen: -1_800, contractId: billing.scene.contractId, day },
      ...{ proposedAction: 'ask_channel', ageDays: 0, proposal: null },
    });
    const { body } = await call().get(`/v1/exceptions?contractId=${newId()}`).expect(200);
    expect(body.items).toEqual([]);
  });

  it('keeps every word', async () => {
    const { id } = await reconciled([1_800], () => []);
    const it = id('missing_in_bill');
    await ask(it, 'assign', { ownerId: colleague.id, comment: 'yours' }).expect(200);
    await ask(it, 'dispute', { comment: 'asked on Monday' }).expect(200);
    await ask(it, 'reopen', { comment: 'they deny it' }).expect(200);
    await ask(it, 'resolve', { resolution: 'channel_corrects' }).expect(200);
    const { body } = await call().get(`/v1/exceptions/${it}/history`).expect(200);
    expect(body.items.map(({ status, comment }: Record<string, string>) => [status, comment])).toEqual([
      ['open', null],
      ['open', 'yours'],
      ['disputed', 'asked on Monday'],
      ['open', 'they deny it'],
      ['resolved', 'x'],
    ]);
  });
});

describe('writing off', () => {
  it('within the limit is done at once, booked, and booked back when opened again', async () => {
    const { id } = await reconciled([1_000], () => []);
    const before = await balances();
    const it = id('missing_in_bill');
    await ask(it, 'write-off', {}).expect(200);
    expect(await since(before)).toEqual({ channel_clearing: -1_000, reconciliation_differences: 1_000 });
    expect((await ask(it, 'write-off', {}).expect(409)).body.code).toBe('exception_resolved');
    await ask(it, 'reopen', {}).expect(200);
    expect(await since(before)).toEqual({});
    await ask(it, 'write-off', {}).expect(200);
    expect((await since(before)).reconciliation_differences).toBe(1_000);
  });

  it('is taken back when what was missing comes with a later file', async () => {
    const { id } = await reconciled([900], () => []);
    const before = await balances();
    const it = id('missing_in_bill');
    await ask(it, 'write-off', {}).expect(200);
    const { body: exception } = await call().get(`/v1/exceptions/${it}`).expect(200);
    await reconciled([], (_, at) => [
      line({ order: exception.merchantOrderNo, at, amount: '9.00', fee: '0.05000' }),
    ]);
    expect(await since(before)).toEqual({ channel_clearing: -900, bank_in_transit: 895, channel_fees: 5 });
    expect(await see(it)).toMatchObject({ status: 'resolved', resolution: 'explained' });
  });

  it('above it needs a second person, beyond all limits nobody may', async () => {
    const { id } = await reconciled([1_800, 200_000], ([, large]) =>
      [line({ order: large, amount: '1.00', fee: '0.01000' })].slice(1),
    );
    const before = await balances();
    const rows = (await call().get('/v1/exceptions?type=missing_in_bill&status=open&limit=200').expect(200))
      .body.items;
    const small = rows.find(({ oursFen }: { oursFen: number }) => oursFen === 1_800);
    const large = rows.find(({ oursFen }: { oursFen: number }) => oursFen === 200_000);
    expect(id('missing_in_bill')).toBeDefined();
    expect((await ask(large.id, 'write-off', {}).expect(409)).body.code).toBe('write_off_too_large');
    const { body } = await ask(small.id, 'write-off', { comment: 'not worth a letter' }).expect(200);
    expect(body).toMatchObject({
      status: 'proposed',
      proposal: { by: billing.finance.id, comment: 'not worth a letter' },
    });
    expect((await ask(small.id, 'approve', {}).expect(403)).body.code).toBe('four_eyes');
    expect(await since(before)).toEqual({});
    await ask(small.id, 'reject', {}, colleague).expect(200);
    await ask(small.id, 'write-off', {}).expect(200);
    await ask(small.id, 'approve', {}, colleague).expect(200);
    expect(await since(before)).toEqual({ channel_clearing: -1_800, reconciliation_differences: 1_800 });
  });

  it('a line that differs settles its payment and names the rest', async () => {
    const { id } = await reconciled([1_000], ([order], at) => [
      line({ order, at, amount: '10.50', fee: '0.06000' }),
    ]);
    const before = await balances();
    await ask(id('amount_mismatch'), 'write-off', {}).expect(200);
    expect(await since(before)).toEqual({
      ...{
        unassigned_receipts: 1_044,
        channel_fees: 6,
        channel_clearing: -1_000,
        reconciliation_differences: -50,
      },
    });
  });
});

describe('splitting and matching by hand', () => {
  it('splits what is missing into parts that make it', async () => {
    const { id } = await reconciled([1_500], () => []);
    const it = id('missing_in_bill');
    const parts = [{ amountFen: -900 }, { amountFen: -600, comment: 'coupon' }];
    expect(
      (await ask(it, 'split', { parts: [{ amountFen: -900 }, { amountFen: -601 }] }).expect(422)).body.code,
    ).toBe('parts_do_not_add_up');
    expect((await ask(it, 'split', { parts }).expect(200)).body.status).toBe('split');
    const children = (await call().get('/v1/exceptions?status=open&limit=200').expect(200)).body.items.filter(
      ({ parentId }: { parentId: string }) => parentId === it,
    );
    expect(children.map(({ differenceFen }: { differenceFen: number }) => differenceFen).sort()).toEqual([
      -600, -900,
    ]);
    const before = await balances();
    // Each part is below the limit, together they are above it, even at the same moment: one needs a second person.
    const asked = await Promise.all(
      children.map((part: { id: string }) => ask(part.id, 'write-off', {}).expect(200)),
    );
    expect(asked.map(({ body }) => body.status).sort()).toEqual(['proposed', 'resolved']);
    const second = asked.find(({ body }) => body.status === 'proposed')?.body;
    expect((await ask(second.id, 'approve', {}).expect(403)).body.code).toBe('four_eyes');
    await ask(second.id, 'approve', {}, colleague).expect(200);
    expect(await since(before)).toEqual({ channel_clearing: -1_500, reconciliation_differences: 1_500 });
  });

  it('matches a line that nobody knew with the payment that the bill lacked, and undoes it', async () => {
    const { id } = await reconciled([1_700], (_, at) => [
      line({ order: 'TYPO1', at, amount: '17.00', fee: '0.10000', rate: '0.60%' }),
    ]);
    const before = await balances();
    const [unknown, missing] = [id('unknown_in_bill'), id('missing_in_bill')];
    await ask(unknown, 'match', { exceptionId: missing }).expect(200);
    expect(await since(before)).toEqual({
      unassigned_receipts: 1_690,
      channel_fees: 10,
      channel_clearing: -1_700,
    });
    expect([(await see(unknown)).resolution, (await see(missing)).resolution]).toEqual([
      'matched',
      'matched',
    ]);
    expect((await ask(unknown, 'reopen', {}).expect(409)).body.code).toBe('exception_matched');
    await ask(unknown, 'unmatch', {}).expect(200);
    expect(await since(before)).toEqual({});
    expect([(await see(unknown)).status, (await see(missing)).status]).toEqual(['open', 'open']);
    await ask(unknown, 'match', { exceptionId: missing }).expect(200);
  });

  it('refuses two that are not the same money', async () => {
    const { id, day } = await reconciled([1_701], (_, at) => [line({ order: 'TYPO2', at, amount: '17.00' })]);
    // The other is of the same amount, and of another channel.
    await pay(1_700, day, 'alipay');
    const [elsewhere] = await billed('alipay', day, anAlipayBill({ day, lines: [] }));
    for (const exceptionId of [id('missing_in_bill'), elsewhere.id]) {
      const { body } = await ask(id('unknown_in_bill'), 'match', { exceptionId }).expect(409);
      expect(body.code).toBe('not_a_pair');
    }
  });
});

describe('lines of a bank', () => {
  it('that are nobody’s are written off as income of a contract, and given back', async () => {
    const csv = aBankCsv([['2026-11-03', 12, 0, '结息', '工商银行']]);
    await call()
      .post(`/v1/statement-files?accountId=${accountId}`)
      .set('content-type', 'text/csv')
      .send(csv)
      .expect(201);
    await call().post('/v1/statement-matches').send({ accountId }).expect(201);
    const [exception] = (await call().get('/v1/exceptions?type=unknown_in_statement&status=open').expect(200))
      .body.items;
    const before = await balances();
    await ask(exception.id, 'write-off', { contractId: billing.scene.contractId }).expect(200);
    expect(await since(before)).toEqual({ bank: 12, reconciliation_differences: -12 });
    await ask(exception.id, 'reopen', {}).expect(200);
    expect(await since(before)).toEqual({});
  });
});

describe('a rule', () => {
  it('does the same with everything that it describes, under the same limits', async () => {
    const { items } = await reconciled([300, 1_799, 1_798], () => []);
    const where = { type: 'missing_in_bill', reconciliationId: items[0].reconciliationId };
    const send = (body: object) =>
      call()
        .post('/v1/exceptions/bulk')
        .send({ comment: 'rule', ...body });
    expect((await send({ where, action: 'assign' }).expect(422)).body.code).toBe('rule_incomplete');
    const assign = { where, action: 'assign', ownerId: colleague.id };
    expect((await send(assign).expect(200)).body).toMatchObject({ changed: 3 });
    // What is as it should be leaves the call to what is not yet.
    expect((await send(assign).expect(200)).body).toMatchObject({ changed: 0 });
    expect((await send({ where, action: 'dispute' }).expect(200)).body).toMatchObject({ changed: 3 });
    expect((await send({ where, action: 'dispute' }).expect(200)).body).toMatchObject({ changed: 0 });
    expect(
      (await send({ where: { ...where, differenceFenMax: 1_000 }, action: 'write_off' }).expect(200)).body,
    ).toMatchObject({ changed: 1, proposed: 0 });
    expect((await send({ where, action: 'write_off' }).expect(200)).body).toMatchObject({
      changed: 2,
      proposed: 2,
    });
    expect(
      (await send({ where: { ...where, ageDaysMin: 3 }, action: 'dispute' }).expect(200)).body,
    ).toMatchObject({ changed: 0 });
  });
});
