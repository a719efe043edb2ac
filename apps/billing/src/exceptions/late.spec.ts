import { newId } from '@doorstep/kernel';
import { PeriodicRunner } from '@doorstep/platform';
import { anAlipayBill } from '../settlement-files/alipay-bill.examples';
import { line } from '../settlement-files/wechat-bill.examples';
import { startExceptions } from './exceptions.harness';

type Exceptions = Awaited<ReturnType<typeof startExceptions>>;
let { billing, call, ask, see, balances, since, record, billed, reconciled } = {} as Exceptions;

beforeAll(async () => {
  ({ billing, call, ask, see, balances, since, record, billed, reconciled } = await startExceptions());
});
afterAll(() => billing?.stop());

describe('what is recorded after its bill was reconciled', () => {
  const sweep = () => billing.running.app.get(PeriodicRunner).runNow('name what was recorded after its bill');
  const unexplained = async (): Promise<number> => {
    const of = `contractId=${billing.scene.contractId}&period=2026-10`;
    const { body } = await call().get(`/v1/periods/checklist?${of}`).expect(200);
    return body.checks.find(({ name }: { name: string }) => name === 'payments_explained').count;
  };
  /** An order that only the bill of its day knew, and is recorded now. */
  const recordedLate = async (fen: number, theirs = fen) => {
    const orders = { X: `LATE${newId().slice(-12)}` };
    const { id, day } = await reconciled([], (_, at) => [
      line({ order: orders.X, at, amount: `${theirs / 100}.00`, fee: '0.00000', rate: '0.00%' }),
    ]);
    const paymentId = await record(orders.X, fen, day);
    return { paymentId, unknown: id('unknown_in_bill') };
  };

  it('meets the line that nobody knew, and is not put together again once somebody took them apart', async () => {
    const before = await unexplained();
    const books = await balances();
    const { unknown, paymentId } = await recordedLate(1_300);
    expect(await unexplained()).toBe(before + 1);
    await sweep();
    expect(await see(unknown)).toMatchObject({ status: 'resolved', resolution: 'matched' });
    expect(await unexplained()).toBe(before);
    expect(await since(books)).toEqual({ unassigned_receipts: 1_300, resident_advance: -1_300 });
    await ask(unknown, 'unmatch', {}).expect(200);
    await sweep();
    expect((await see(unknown)).status).toBe('open');
    const { body } = await call()
      .get('/v1/exceptions?type=missing_in_bill&status=open&limit=200')
      .expect(200);
    const missing = body.items.find((one: { paymentId: string }) => one.paymentId === paymentId);
    await ask(unknown, 'match', { exceptionId: missing.id }).expect(200);
  });

  it('waits where the work of its channel fails, which stops no other channel, and is named once that can be done', async () => {
    const order = `LATE${newId().slice(-12)}`;
    await billed('alipay', '2026-09-30', anAlipayBill({ day: '2026-09-30', lines: [] }));
    const paymentId = await record(order, 1_900, '2026-09-30', 'alipay');
    const { unknown } = await recordedLate(2_100);
    await billing.db.query(`
      CREATE FUNCTION no_luck() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''no luck''; END';
      CREATE TRIGGER no_luck BEFORE INSERT ON reconciliation_exception FOR EACH ROW
        WHEN (NEW.merchant_order_no = '${order}') EXECUTE FUNCTION no_luck()`);
    await expect(sweep()).rejects.toThrow(/alipay of .*no luck/);
    expect(await see(unknown)).toMatchObject({ status: 'resolved', resolution: 'matched' });
    await billing.db.query(`DROP FUNCTION no_luck CASCADE`);
    // Left alone for a while, and longer than a later look goes back.
    await sweep();
    const named = async () => {
      const { body } = await call()
        .get('/v1/exceptions?type=missing_in_bill&status=open&limit=200')
        .expect(200);
      return body.items.filter((one: { paymentId: string }) => one.paymentId === paymentId);
    };
    expect(await named()).toEqual([]);
    billing.clock.advance({ seconds: 11 });
    await sweep();
    expect(await named()).toMatchObject([{ differenceFen: -1_900 }]);
  });

  it('meets one of two lines that say the same of two days', async () => {
    const order = `LATE${newId().slice(-12)}`;
    const bill = () =>
      reconciled([], (_, at) => [line({ order, at, amount: '17.00', fee: '0.00000', rate: '0.00%' })]);
    const [first, second] = [await bill(), await bill()];
    await record(order, 1_700, first.day);
    await sweep();
    const statuses = [first, second].map(async ({ id }) => (await see(id('unknown_in_bill'))).status);
    expect((await Promise.all(statuses)).sort()).toEqual(['open', 'resolved']);
  });

  it('of another amount has a name in the queue', async () => {
    const before = await unexplained();
    const { unknown, paymentId } = await recordedLate(1_400, 1_500);
    await sweep();
    await sweep();
    expect(await unexplained()).toBe(before);
    expect((await see(unknown)).status).toBe('open');
    const { body } = await call()
      .get('/v1/exceptions?type=missing_in_bill&status=open&limit=200')
      .expect(200);
    const named = body.items.filter((one: { paymentId: string }) => one.paymentId === paymentId);
    expect(named).toMatchObject([{ differenceFen: -1_400, contractId: billing.scene.contractId }]);
  });
});
