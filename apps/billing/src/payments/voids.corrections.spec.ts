import { newId } from '@doorstep/kernel';
import { cancelled, delivered } from '../billing.harness';
import { startVoids } from './voids.harness';

type Voids = Awaited<ReturnType<typeof startVoids>>;
let voids: Voids;
beforeAll(async () => {
  voids = await startVoids(100_000);
});
afterEach(() => voids.assertTied());
afterAll(() => voids?.billing.stop());

describe('a correction', () => {
  it('of the amount is a payment for the same bookings in the same order, and meets the line that differed', async () => {
    const day = voids.nextDay();
    const [eaten, ordered] = [await voids.aBooking(), await voids.aBooking()];
    await voids.billing.deliver(delivered(eaten));
    const bookingIds = [eaten.bookingId, ordered.bookingId];
    const wrong = await voids.paid({ amountFen: 300, bookingIds, paidAt: `${day}T02:00:00Z` }, eaten);
    const named = await voids.bill(day, voids.lineOf(wrong.merchantOrderNo, 3_000, day));
    const before = await voids.balances();
    const key = newId();
    const say = () => voids.post(`${wrong.id}/corrections`, { amountFen: 3_000 }).set('idempotency-key', key);
    const { body: right } = await say().expect(201);
    expect(right).toMatchObject({
      ...{ amountFen: 3_000, merchantOrderNo: wrong.merchantOrderNo, replaces: wrong.id, voided: null },
      allocations: [
        { bookingId: eaten.bookingId, amountFen: 1_800, applied: true },
        { bookingId: ordered.bookingId, amountFen: 1_200, applied: false },
      ],
    });
    expect((await say().expect(201)).body).toEqual(right);
    const again = await voids.post(`${wrong.id}/corrections`, { amountFen: 3_000 }).expect(409);
    expect(again.body).toMatchObject({ code: 'payment_voided', details: { replacedBy: right.id } });
    expect(await voids.payment(wrong.id)).toMatchObject({
      replacedBy: right.id,
      voided: { reason: 'keyed in wrongly' },
    });
    // The difference is met, by nobody's word; the money is where it belongs.
    expect(await voids.see(named('amount_mismatch'))).toMatchObject({
      status: 'resolved',
      resolution: 'corrected',
    });
    expect(await voids.since(before)).toEqual({
      ...{ channel_clearing: -300, unassigned_receipts: 3_000 },
      ...{ resident_receivable: -1_500, resident_advance: -1_200 },
    });
    const of = `reconciliationId=${(await voids.see(named('amount_mismatch'))).reconciliationId}&limit=200`;
    const { body: all } = await voids.call().get(`/v1/exceptions?${of}`).expect(200);
    expect(all.items.map(({ type, status }: Record<string, string>) => `${type} ${status}`).sort()).toEqual([
      ...['amount_mismatch resolved', 'missing_in_bill resolved', 'unknown_in_bill resolved'],
    ]);
    expect((await voids.voided(right.id).expect(409)).body.code).toBe('payment_settled');
  });

  it('of the number makes two differences one, whichever day it is recorded for', async () => {
    const [day, other] = [voids.nextDay(), voids.nextDay()];
    const wrong = await voids.paid({ paidAt: `${day}T02:00:00Z` });
    const number = `DS${newId().slice(-20)}`;
    const missing = (await voids.bill(day))('missing_in_bill');
    const unknown = (await voids.bill(other, voids.lineOf(number, 1_800, other)))('unknown_in_bill');
    await voids.corrected(wrong.id, { merchantOrderNo: number, paidAt: '2026-10-31T02:00:00Z' });
    expect(await voids.see(missing)).toMatchObject({ status: 'resolved', resolution: 'corrected' });
    expect(await voids.see(unknown)).toMatchObject({ status: 'resolved', resolution: 'matched' });
  });

  it('of the channel leaves the one bill and meets the other', async () => {
    const day = voids.nextDay();
    const wrong = await voids.paid({ channel: 'alipay', paidAt: `${day}T02:00:00Z` });
    const unknown = (await voids.bill(day, voids.lineOf(wrong.merchantOrderNo, 1_800, day)))(
      'unknown_in_bill',
    );
    await voids.corrected(wrong.id, { channel: 'wechat' });
    expect(await voids.see(unknown)).toMatchObject({ status: 'resolved', resolution: 'matched' });
  });

  it('that still differs has its name in the queue, and can be corrected again', async () => {
    const day = voids.nextDay();
    const wrong = await voids.paid({ amountFen: 1_500, paidAt: `${day}T02:00:00Z` });
    const order = wrong.merchantOrderNo;
    // Two lines of one number: what was said of both is said anew.
    await voids.bill(day, voids.lineOf(order, 1_800, day), voids.lineOf(order, 1_900, day));
    const still = await voids.corrected(wrong.id, { amountFen: 1_600 });
    const open = async () => {
      const { body } = await voids.call().get('/v1/exceptions?status=open&limit=200').expect(200);
      const mine = body.items.filter((one: { merchantOrderNo: string }) => one.merchantOrderNo === order);
      return mine
        .map(({ type, differenceFen }: Record<string, unknown>) => `${type} ${differenceFen}`)
        .sort();
    };
    const lines = ['unknown_in_bill 1800', 'unknown_in_bill 1900'];
    expect(await open()).toEqual(['missing_in_bill -1600', ...lines]);
    await voids.corrected(still.id, { amountFen: 1_900 });
    expect(await open()).toEqual([lines[0]]);
  });

  it('of a closed month is booked on the next open day, and of an invoice stays on it', async () => {
    const lunch = await voids.aBooking();
    await voids.billing.deliver(delivered(lunch));
    const run = {
      contractId: voids.billing.scene.contractId,
      period: '2026-11',
      residentId: lunch.residentId,
    };
    await voids.call().post('/v1/invoices/issue').send(run).expect(200);
    const { body: list } = await voids.call().get(`/v1/invoices?residentId=${lunch.residentId}`).expect(200);
    const [invoice] = list.items;
    const money = {
      channel: 'cash',
      merchantOrderNo: newId(),
      amountFen: 1_800,
      paidAt: '2026-09-30T02:00:00Z',
    };
    const { body } = await voids.call().post(`/v1/invoices/${invoice.id}/payments`).send(money).expect(201);
    const { operatorId, contractId } = voids.billing.scene;
    await voids.billing.db.query(
      `INSERT INTO ledger_period (operator_id, contract_id, month, status, changed_at, changed_by)
       VALUES ($1, $2, '2026-09-01', 'closed', now(), $1)`,
      [operatorId, contractId],
    );
    const right = await voids.corrected(body.payment.id, { amountFen: 2_500 });
    expect(await voids.entriesOf(body.payment.id, right.id)).toEqual([
      'payment_received 2026-09-30 channel_clearing 1800',
      'payment_received 2026-09-30 resident_receivable -1800',
      'payment_voided 2026-10-01 channel_clearing -1800',
      'payment_voided 2026-10-01 resident_receivable 1800',
      'payment_received 2026-10-01 channel_clearing 2500',
      'payment_received 2026-10-01 resident_receivable -1800',
      'payment_received 2026-10-01 resident_advance -700',
    ]);
    // What is left over of a payment on an invoice is that resident's credit.
    const of = `residentId=${lunch.residentId}&contractId=${contractId}&period=2026-11`;
    expect((await voids.call().get(`/v1/statements?${of}`).expect(200)).body.creditFen).toBe(700);
    const settled = await voids.call().get(`/v1/invoices/${invoice.id}`).expect(200);
    expect(settled.body.openFen).toBe(0);
    await voids.voided(right.id).expect(200);
    expect((await voids.call().get(`/v1/invoices/${invoice.id}`).expect(200)).body.openFen).toBe(1_800);
    expect((await voids.call().get(`/v1/statements?${of}`).expect(200)).body.creditFen).toBe(0);
  });

  it('takes no number that another payment has', async () => {
    const [one, other] = [await voids.paid(), await voids.paid()];
    const refused = await voids
      .post(`${one.id}/corrections`, { merchantOrderNo: other.merchantOrderNo })
      .expect(409);
    expect(refused.body.code).toBe('payment_exists');
    expect((await voids.payment(one.id)).voided).toBeNull();
  });
});

describe('many at once', () => {
  it('take back or give back, never both', async () => {
    const { id, booking } = await voids.paid();
    await voids.billing.deliver(delivered(booking));
    const asked = Array.from({ length: 12 }, (_, i) => [
      ...[voids.voided(id), voids.refund(id, 600), voids.post(`${id}/corrections`, { amountFen: 1_000 + i })],
    ]).flat();
    const answers = await Promise.all(asked);
    expect(answers.every(({ status }) => [200, 201, 409].includes(status))).toBe(true);
    const { voided: gone, refundedFen } = await voids.payment(id);
    expect(gone === null).toBe(refundedFen > 0);
    const { rows } = await voids.billing.db.query(
      `SELECT id FROM payment WHERE id = $1 OR replaces_id = $1`,
      [id],
    );
    expect(rows.length).toBeLessThanOrEqual(2);
    const standing = await Promise.all(rows.map((row) => voids.payment(row.id)));
    const paidFen = standing
      .flatMap(({ allocations }) => allocations)
      .reduce((sum, part) => sum + part.amountFen, 0);
    expect(await voids.charge(booking)).toMatchObject({ paidFen });
  });

  it('deliver, cancel, bill and take back', async () => {
    const day = voids.nextDay();
    const all = await Promise.all(
      Array.from({ length: 8 }, () => voids.paid({ paidAt: `${day}T02:00:00Z` })),
    );
    const lines = all.map(({ merchantOrderNo }) => voids.lineOf(merchantOrderNo, 1_800, day));
    const answers = await Promise.all([
      ...all.map(({ id }, i) =>
        i % 2 ? voids.voided(id) : voids.post(`${id}/corrections`, { amountFen: 1_801 }),
      ),
      ...all.map(({ booking }, i) => voids.billing.deliver(i % 3 ? delivered(booking) : cancelled(booking))),
      voids.bill(day, ...lines),
    ]);
    const statuses = answers.slice(0, all.length).map((answer) => (answer as { status: number }).status);
    expect(statuses.every((status) => [200, 201, 409].includes(status))).toBe(true);
    const { rows } = await voids.billing.db.query(
      `SELECT count(*)::int AS both FROM payment p JOIN settlement_allocation a ON a.payment_id = p.id WHERE p.voided_at IS NOT NULL`,
    );
    expect(rows).toEqual([{ both: 0 }]);
  });

  it('whatever was done, charges are paid by what stands, and the advance is what is free', async () => {
    const { rows } = await voids.billing.db.query(`
      SELECT (SELECT sum(paid_fen)::int FROM charge) AS paid,
             (SELECT sum(amount_fen)::int FROM payment_allocation WHERE ended_at IS NULL) AS standing,
             (SELECT sum(allocated_fen)::int FROM payment) AS allocated,
             (SELECT sum(amount_fen - allocated_fen - refunded_fen)::int FROM payment WHERE voided_at IS NULL) AS free,
             (SELECT sum(amount_fen)::int FROM payment_allocation WHERE ended_at IS NULL AND NOT applied) AS waiting,
             (SELECT sum(refunded_fen)::int FROM payment) AS refunded,
             (SELECT sum(amount_fen)::int FROM refund WHERE voided_at IS NULL) AS refunds`);
    const [{ paid: paidFen, standing, allocated, free, waiting, refunded, refunds }] = rows;
    expect([standing, allocated, refunded]).toEqual([paidFen, paidFen, refunds]);
    expect((await voids.balances()).resident_advance).toBe(-(free + waiting));
  });

  it('is what the database itself refuses to lose', async () => {
    const { id } = await voids.paid();
    await voids.voided(id).expect(200);
    const change = (what: string) => voids.billing.db.query(`UPDATE payment SET ${what} WHERE id = $1`, [id]);
    await expect(change('voided_at = NULL, voided_by = NULL, void_reason = NULL')).rejects.toThrow(
      'voided stays',
    );
    await expect(change('allocated_fen = 1')).rejects.toThrow('voided stays');
    const standing = await voids.paid();
    const byHand = `UPDATE payment SET voided_at = now(), voided_by = id, void_reason = 'x' WHERE id = $1`;
    await expect(voids.billing.db.query(byHand, [standing.id])).rejects.toThrow('nothing hangs on');
  });
});
