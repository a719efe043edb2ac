import { newId } from '@doorstep/kernel';
import { aFrontEnd, anOwner } from '@doorstep/testing';
import { DAY, delivered } from '../billing.harness';
import { refundLine } from '../settlement-files/wechat-bill.examples';
import { aBankCsv } from '../statements/statements.examples';
import { startVoids } from './voids.harness';

type Voids = Awaited<ReturnType<typeof startVoids>>;
let voids: Voids;
beforeAll(async () => {
  voids = await startVoids(100_000);
});
afterEach(() => voids.assertTied());
afterAll(() => voids?.billing.stop());

describe('a payment that was never received as recorded', () => {
  it('is taken back whole, owed again, and stays readable', async () => {
    const before = await voids.balances();
    const { id, booking, merchantOrderNo } = await voids.paid({ amountFen: 2_000 });
    const key = newId();
    const first = await voids.voided(id).set('idempotency-key', key).expect(200);
    expect(first.body).toMatchObject({
      ...{ amountFen: 2_000, allocatedFen: 0, unallocatedFen: 0, allocations: [], replacedBy: null },
      voided: { by: voids.billing.finance.id, reason: 'keyed in wrongly' },
    });
    expect(await voids.since(before)).toEqual({});
    expect(await voids.charge(booking)).toMatchObject({ status: 'authorised', paidFen: 0 });
    expect((await voids.voided(id).set('idempotency-key', key).expect(200)).body).toEqual(first.body);
    const again = await voids.voided(id).expect(409);
    expect(again.body).toMatchObject({ code: 'payment_voided', mend: expect.stringContaining(id) });
    expect((await voids.refund(id, 1).expect(409)).body.code).toBe('payment_voided');
    const receipt = await voids.call().post('/v1/receipts').send({ paymentId: id }).expect(409);
    expect(receipt.body.code).toBe('payment_voided');
    // Its number is free again, and both are found by it.
    await voids.paid({ merchantOrderNo, amountFen: 1_800 }, booking);
    const found = async (status: string) =>
      (await voids.call().get(`/v1/payments?merchantOrderNo=${merchantOrderNo}${status}`).expect(200)).body
        .items.length;
    expect(await Promise.all(['', '&status=standing', '&status=voided'].map(found))).toEqual([2, 1, 1]);
  });

  it('that had met its service by then is booked back on each of its days', async () => {
    const { id, booking } = await voids.paid({ paidAt: '2026-10-30T02:00:00Z' });
    await voids.billing.deliver(delivered(booking));
    await voids.voided(id).expect(200);
    expect(await voids.entriesOf(id)).toEqual([
      'payment_received 2026-10-30 channel_clearing 1800',
      'payment_received 2026-10-30 resident_advance -1800',
      'payment_voided 2026-10-30 channel_clearing -1800',
      'payment_voided 2026-10-30 resident_advance 1800',
      `payment_voided ${DAY} resident_receivable 1800`,
      `payment_voided ${DAY} resident_advance -1800`,
    ]);
    expect(await voids.charge(booking)).toMatchObject({ status: 'captured', paidFen: 0 });
    const of = `residentId=${booking.residentId}&contractId=${voids.billing.scene.contractId}&period=2026-11`;
    const { body } = await voids.call().get(`/v1/statements?${of}`).expect(200);
    expect(body).toMatchObject({ closingFen: 1_800, creditFen: 0 });
  });

  it('makes its receipt void', async () => {
    const { id } = await voids.paid({ channel: 'cash' });
    const { body: receipt } = await voids.call().post('/v1/receipts').send({ paymentId: id }).expect(201);
    expect(receipt.voidedAt).toBeNull();
    await voids.voided(id).expect(200);
    const { body } = await voids.call().get(`/v1/receipts/${receipt.id}`).expect(200);
    expect(body).toMatchObject({ number: receipt.number, voidedAt: expect.any(String) });
    const printed = await voids.call().post(`/v1/receipts/${receipt.id}/print`).send({});
    expect(printed.headers['content-type']).toContain('pdf');
  });

  it('is nobody’s to void but finance’s and the owner’s', async () => {
    const { id } = await voids.paid();
    const frontEnd = await voids.post(`${id}/void`, {}, aFrontEnd(voids.billing.scene.operatorId));
    expect(frontEnd.status).toBe(403);
    await voids.post(`${id}/void`, {}, anOwner(newId())).expect(404);
    await voids.post(`${id}/corrections`, { amountFen: 1 }, anOwner(newId())).expect(404);
    await voids.post(`${id}/refunds/${newId()}/void`).expect(404);
    expect((await voids.post(`${id}/corrections`).expect(422)).body.code).toBe('nothing_corrected');
    expect((await voids.post(`${id}/corrections`, { amountFen: 1_800 }).expect(422)).body.code).toBe(
      'nothing_corrected',
    );
    expect(
      (await voids.post(`${id}/corrections`, { paidAt: '2026-11-09T00:00:00Z' }).expect(422)).body.code,
    ).toBe('in_the_future');
    expect((await voids.payment(id)).voided).toBeNull();
  });
});

describe('is refused, and says what to do, when', () => {
  it('it has refunds', async () => {
    const { id } = await voids.paid();
    const { body } = await voids.refund(id, 300).expect(201);
    const refused = await voids.voided(id).expect(409);
    expect(refused.body.code).toBe('payment_refunded');
    const undo = `${id}/refunds/${body.refunds[0].id}/void`;
    expect(refused.body.mend).toContain(undo);
    await voids.post(undo).expect(200);
    await voids.voided(id).expect(200);
  });

  it("the channel's bill has it, or a person says that a line of it is this one", async () => {
    const day = voids.nextDay();
    const [first, second] = [
      await voids.paid({ paidAt: `${day}T02:00:00Z` }),
      await voids.paid({ paidAt: `${day}T02:00:00Z` }),
    ];
    const id = await voids.bill(
      day,
      voids.lineOf(first.merchantOrderNo, 1_800, day),
      voids.lineOf('TYPO1', 1_800, day),
    );
    const refused = await voids.voided(first.id).expect(409);
    expect(refused.body).toMatchObject({
      code: 'payment_settled',
      mend: expect.stringContaining('/refunds'),
    });
    const unknown = id('unknown_in_bill');
    await voids.ask(unknown, 'match', { exceptionId: id('missing_in_bill') }).expect(200);
    const matched = await voids.voided(second.id).expect(409);
    expect(matched.body.mend).toContain(`${unknown}/unmatch`);
    await voids.ask(unknown, 'unmatch', {}).expect(200);
    // What was matched by hand meets by its number now.
    await voids.corrected(second.id, { merchantOrderNo: 'TYPO1' });
    expect(await voids.see(unknown)).toMatchObject({ status: 'resolved', resolution: 'matched' });
  });

  it('a difference of it was written off', async () => {
    const day = voids.nextDay();
    const { id: paymentId } = await voids.paid({ paidAt: `${day}T02:00:00Z`, amountFen: 900 });
    const id = (await voids.bill(day))('missing_in_bill');
    await voids.ask(id, 'write-off', {}).expect(200);
    const refused = await voids.voided(paymentId).expect(409);
    expect(refused.body).toMatchObject({ code: 'payment_written_off', mend: expect.stringContaining(id) });
    await voids.ask(id, 'reopen', {}).expect(200);
    await voids.voided(paymentId).expect(200);
    expect(await voids.see(id)).toMatchObject({ status: 'resolved', resolution: 'corrected' });
    expect((await voids.ask(id, 'reopen', {}).expect(409)).body.code).toBe('recorded_wrongly');
  });

  it('the bank has seen it, or still waits for it', async () => {
    const match = () =>
      voids.call().post('/v1/statement-matches').send({ accountId: voids.accountId }).expect(201);
    const transfer = await voids.paid({ channel: 'bank', merchantOrderNo: `TR${newId().slice(-12)}` });
    const { body: file } = await voids
      .call()
      .post(`/v1/statement-files?accountId=${voids.accountId}`)
      .set('content-type', 'text/csv')
      .send(aBankCsv([[DAY, 1_800, 0, transfer.merchantOrderNo, '王']], 0))
      .expect(201);
    await match();
    const refused = await voids.voided(transfer.id).expect(409);
    expect(refused.body.code).toBe('payment_matched');
    const { body: lines } = await voids
      .call()
      .get(`/v1/account-statements/${file.statements[0].id}/lines`)
      .expect(200);
    expect(refused.body.mend).toContain(`/v1/statement-lines/${lines.items[0].id}/undo`);
    await voids
      .call()
      .post(`/v1/statement-lines/${lines.items[0].id}/undo`)
      .send({ comment: 'x' })
      .expect(200);
    const right = await voids.corrected(transfer.id, { paidAt: '2026-11-01T02:00:00Z' });
    await match();
    const { body: expected } = await voids
      .call()
      .get('/v1/expected-movements?kind=payment&limit=200')
      .expect(200);
    const of = (id: string) => expected.items.find(({ sourceId }: { sourceId: string }) => sourceId === id);
    expect(of(transfer.id)).toMatchObject({ withdrawn: true, matchedFen: 0, writtenOffFen: 1_800 });
    expect(of(right.id)).toMatchObject({ withdrawn: false, matchedFen: 1_800, day: '2026-11-01' });
  });
});

describe('a refund that never went out as recorded', () => {
  it('pays again what it had paid, as far as that is open', async () => {
    const [eaten, ordered] = [await voids.aBooking(), await voids.aBooking()];
    await voids.billing.deliver(delivered(eaten));
    const bookingIds = [eaten.bookingId, ordered.bookingId];
    const { id } = await voids.paid({ amountFen: 4_000, bookingIds }, eaten);
    const before = await voids.balances();
    const { body } = await voids.refund(id, 3_900).expect(201);
    await voids.paid({ amountFen: 500 }, eaten);
    const [{ id: refundId }] = body.refunds;
    const { body: after } = await voids.post(`${id}/refunds/${refundId}/void`).expect(200);
    expect(after).toMatchObject({
      ...{ refundedFen: 0, allocatedFen: 3_100, unallocatedFen: 900 },
      refunds: [{ amountFen: 3_900, voided: { reason: 'keyed in wrongly' } }],
    });
    expect(await voids.charge(eaten)).toMatchObject({ paidFen: 1_800 });
    expect(await voids.charge(ordered)).toMatchObject({ paidFen: 1_800 });
    expect(await voids.since(before)).toEqual({ channel_clearing: 500, resident_advance: -500 });
    expect((await voids.post(`${id}/refunds/${refundId}/void`).expect(409)).body.code).toBe('refund_voided');
    // Its number is free again.
    const merchantRefundNo = body.refunds[0].merchantRefundNo;
    await voids.refund(id, 100, { merchantRefundNo }).expect(201);
  });

  it('meets the service that was delivered meanwhile', async () => {
    const { id, booking } = await voids.paid();
    const { body } = await voids.refund(id, 1_800).expect(201);
    await voids.billing.deliver(delivered(booking));
    await voids.post(`${id}/refunds/${body.refunds[0].id}/void`).expect(200);
    expect(await voids.charge(booking)).toMatchObject({ status: 'captured', paidFen: 1_800 });
    expect((await voids.payment(id)).allocations).toMatchObject([{ amountFen: 1_800, applied: true }]);
  });

  it('leaves its line of the bill to what is recorded instead', async () => {
    const day = voids.nextDay();
    const { id, merchantOrderNo } = await voids.paid({ paidAt: `${day}T02:00:00Z` });
    const numbers = { merchantRefundNo: `R${newId()}`, refundedAt: `${day}T05:00:00Z` };
    const { body } = await voids.refund(id, 300, numbers).expect(201);
    const back = { at: `${day} 12:00:00`, order: merchantOrderNo, refundNo: numbers.merchantRefundNo };
    const named = await voids.bill(
      day,
      voids.lineOf(merchantOrderNo, 1_800, day),
      refundLine({ ...back, refunded: '4.00', fee: '0.00000' }),
    );
    await voids.post(`${id}/refunds/${body.refunds[0].id}/void`).expect(200);
    expect(await voids.see(named('refund_mismatch'))).toMatchObject({
      status: 'resolved',
      resolution: 'corrected',
    });
    await voids.refund(id, 400, numbers).expect(201);
    await voids.sweep();
    const { body: list } = await voids.call().get('/v1/exceptions?type=unknown_refund&limit=200').expect(200);
    expect(list.items).toMatchObject([{ resolution: 'matched', theirsFen: -400 }]);
    expect((await voids.payment(id)).refundedFen).toBe(400);
  });
});
