import { newId } from '@doorstep/kernel';
import { aBankCsv } from '../statements/statements.examples';
import { anAlipayBill } from '../settlement-files/alipay-bill.examples';
import { line } from '../settlement-files/wechat-bill.examples';
import { startExceptions } from './exceptions.harness';

type Exceptions = Awaited<ReturnType<typeof startExceptions>>;
let { billing, accountId, colleague, call, ask, see, balances, since, pay, billed, reconciled } =
  {} as Exceptions;

beforeAll(async () => {
  ({ billing, accountId, colleague, call, ask, see, balances, since, pay, billed, reconciled } =
    await startExceptions());
});
afterAll(() => billing?.stop());

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
    const { id } = await reconciled([800], () => []);
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

  it('that waits for a second person waits no more once it is taken back, or the money is found', async () => {
    const { id, items } = await reconciled([1_900, 1_950], (_, at) => [
      line({ order: 'TYPO3', at, amount: '19.50', fee: '0.12000' }),
    ]);
    const of = (fen: number): string =>
      items.find(
        (one: { type: string; oursFen: number }) => one.type === 'missing_in_bill' && one.oursFen === fen,
      )?.id;
    for (const fen of [1_900, 1_950])
      expect((await ask(of(fen), 'write-off', {}).expect(200)).body.status).toBe('proposed');
    const before = await balances();
    // Nobody says by a word that two are one: the match does.
    await ask(of(1_900), 'resolve', { resolution: 'matched' }).expect(400);
    const again = await ask(of(1_900), 'resolve', { resolution: 'explained' }).expect(409);
    expect(again.body.code).toBe('exception_proposed');
    await ask(of(1_900), 'reject', {}).expect(200);
    expect((await ask(of(1_900), 'approve', {}, colleague).expect(409)).body.code).toBe('nothing_proposed');
    expect(await since(before)).toEqual({});
    await ask(id('unknown_in_bill'), 'match', { exceptionId: of(1_950) }).expect(200);
    expect(await see(of(1_950))).toMatchObject({ status: 'resolved', resolution: 'matched', proposal: null });
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
    // The channel brings it once more, as it should have been: it is settled, so that line is a second one.
    const { body: exception } = await call()
      .get(`/v1/exceptions/${id('amount_mismatch')}`)
      .expect(200);
    const order = exception.merchantOrderNo;
    const later = await reconciled([], (_, at) => [line({ order, at, amount: '10.00', fee: '0.06000' })]);
    expect(later.items).toMatchObject([{ type: 'duplicate_in_bill' }]);
    expect((await since(before)).channel_clearing).toBe(-1_000);
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
    const again = await ask(unknown, 'match', { exceptionId: missing }).expect(409);
    expect(again.body.code).toBe('exception_resolved');
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

  it('that says what was found is under them, too', async () => {
    const { items } = await reconciled([400, 1_797], () => []);
    const where = { type: 'missing_in_bill', reconciliationId: items[0].reconciliationId };
    const rule = { where, action: 'resolve', resolution: 'explained', comment: 'rule' };
    const { body } = await call().post('/v1/exceptions/bulk').send(rule).expect(200);
    expect(body).toMatchObject({ changed: 2, proposed: 1 });
    const statuses = items.map(async ({ id }: { id: string }) => (await see(id)).status);
    expect((await Promise.all(statuses)).sort()).toEqual(['proposed', 'resolved']);
  });
});
