import { newId } from '@doorstep/kernel';
import { anOwner } from '@doorstep/testing';
import { aResident, held, setPrice, startBilling } from '../billing.harness';
import { BANK_ACCOUNT } from '../statements/statements.examples';
import { aBill } from '../settlement-files/wechat-bill.examples';

const ACCOUNT = { ...BANK_ACCOUNT, payerNames: [{ channel: 'wechat', name: '财付通' }] };

/** A billing service for the stories of differences: what people do with them, and what that moves in the books. */
export async function startExceptions() {
  const billing = await startBilling();
  await setPrice(billing);
  const colleague = anOwner(billing.scene.operatorId);
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

  /** @returns the payment's id */
  async function record(merchantOrderNo: string, amountFen: number, day: string, channel = 'wechat') {
    const person = aResident(billing.scene);
    const booking = held(billing.scene, person.residentId);
    await billing.deliver(person, booking);
    const paid = { channel, merchantOrderNo, amountFen, paidAt: `${day}T02:00:00Z` };
    const payment = { ...paid, bookingIds: [booking.bookingId] };
    const { body } = await call().post('/v1/payments').send(payment).expect(201);
    return body.id as string;
  }

  async function pay(amountFen: number, day: string, channel = 'wechat'): Promise<string> {
    const merchantOrderNo = `DS${newId().replaceAll('-', '').slice(-20)}`;
    await record(merchantOrderNo, amountFen, day, channel);
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
  const { id: accountId } = (await call().post('/v1/statement-accounts').send(ACCOUNT).expect(201)).body;
  return { billing, accountId, colleague, call, ask, see, balances, since, pay, record, billed, reconciled };
}
