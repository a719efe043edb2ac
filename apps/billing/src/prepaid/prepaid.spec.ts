import type { BookingHeld } from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import { anOwner } from '@doorstep/testing';
import {
  aResident,
  asChildcare,
  type Billing,
  cancelled,
  DAY,
  delivered,
  held,
  setPrice,
  startBilling,
} from '../billing.harness';
import { expiryOf } from './prepaid-card';

const LIMIT_FEN = 500_000;
const period = DAY.slice(0, 7);
let billing: Billing;
beforeAll(async () => {
  billing = await startBilling({ PERIODIC: 'false' });
  await setPrice(billing);
  await setPrice(billing, { kind: 'childcare', unit: 'hour', amountFen: 3000 });
});
afterAll(() => billing?.stop());

const post = (path: string, body: object = {}, actor = billing.owner) =>
  billing.as(actor).post(`/v1/${path}`).send(body);
const get = async (path: string, actor = billing.owner) =>
  (await billing.as(actor).get(`/v1/${path}`).expect(200)).body;
const rule = (changes: object = {}) => ({
  ...{ from: '2026-01-01', balanceMaxFen: LIMIT_FEN, source: '商务部令2012年第9号 第十八条' },
  ...changes,
});
const topUp = (amountFen: number, channel = 'wechat') => ({
  ...{ channel, merchantOrderNo: `TU${newId()}`, amountFen, paidAt: `${DAY}T02:00:00Z` },
});
const refund = (paymentId: string, amountFen: number) => ({
  ...{ paymentId, merchantRefundNo: `R${newId()}`, amountFen, refundedAt: `${DAY}T06:00:00Z` },
  reason: 'asked_for',
});

async function aCard(): Promise<{ cardId: string; residentId: string }> {
  const resident = aResident(billing.scene);
  await billing.deliver(resident);
  const { contractId } = billing.scene;
  const { residentId } = resident;
  const body = { contractId, residentId, number: `N-${newId().slice(-12)}` };
  const { body: card } = await post('prepaid-cards', body).expect(201);
  return { cardId: card.id, residentId };
}
async function aBooking(residentId: string, changes: Partial<BookingHeld> = {}): Promise<BookingHeld> {
  const booking = held(billing.scene, residentId, changes);
  await billing.deliver(booking);
  return booking;
}
const pay = (cardId: string, bookings: BookingHeld[], amountFen?: number) =>
  post(`prepaid-cards/${cardId}/payments`, {
    bookingIds: bookings.map(({ bookingId }) => bookingId),
    amountFen,
  });
const chargeOf = async ({ bookingId }: BookingHeld) => (await get(`charges?bookingId=${bookingId}`)).items[0];
const ties = async () =>
  (await get(`reports/ties?period=${period}`, billing.finance)) as {
    differenceFen: number;
    ties: { name: string; left: { amount: number }; right: { amount: number } }[];
  };

describe('what a card may hold', () => {
  it('has to be set first, follows one upon the other, and is the tenant’s own', async () => {
    const resident = aResident(billing.scene);
    await billing.deliver(resident);
    const card = { contractId: billing.scene.contractId, residentId: resident.residentId, number: 'N-0' };
    expect((await post('prepaid-cards', card).expect(409)).body.code).toBe('no_prepaid_rule');
    await post('prepaid-rules', rule({ validityMonths: 36 })).expect(201);
    await post('prepaid-rules', rule({ from: '2026-02-01' })).expect(201);
    expect((await get('prepaid-rules')).items).toMatchObject([
      { from: '2026-01-01', to: '2026-02-01', validityMonths: 36 },
      { from: '2026-02-01', to: null, validityMonths: null, balanceMaxFen: LIMIT_FEN },
    ]);
    const early = rule({ from: '2025-12-01', to: '2026-01-02' });
    expect((await post('prepaid-rules', early).expect(409)).body.code).toBe('prepaid_rule_overlaps');
    expect((await get('prepaid-rules', anOwner(newId()))).items).toEqual([]);
    expect((await post('prepaid-cards', card).expect(201)).body).toMatchObject({
      ...{ status: 'active', expiresOn: null, balanceFen: 0, reservedFen: 0, topUps: [] },
    });
    expect((await post('prepaid-cards', card).expect(409)).body.code).toBe('prepaid_card_exists');
  });

  it('lets cards expire after so many months, at the end of a shorter one', () => {
    expect(expiryOf({ validityMonths: null }, DAY)).toBeNull();
    expect(expiryOf({ validityMonths: 36 }, '2026-11-02')).toBe('2029-11-02');
    expect(expiryOf({ validityMonths: 1 }, '2027-01-31')).toBe('2027-02-28');
  });

  it('is never exceeded by many top-ups at once', async () => {
    const { cardId } = await aCard();
    const many = Array.from({ length: 64 }, () => post(`prepaid-cards/${cardId}/top-ups`, topUp(10_000)));
    const answers = await Promise.all(many);
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(50);
    const refused = answers.filter(({ status }) => status === 409);
    expect(new Set(refused.map(({ body }) => body.code))).toEqual(new Set(['prepaid_limit_exceeded']));
    expect(await get(`prepaid-cards/${cardId}`)).toMatchObject({ balanceFen: LIMIT_FEN });
  });
});

describe('a card', () => {
  it('is topped up, pays what is delivered and what is to come, gets back what falls, and ties', async () => {
    const { cardId, residentId } = await aCard();
    const { body: full } = await post(`prepaid-cards/${cardId}/top-ups`, topUp(10_000)).expect(201);
    const [paymentId] = full.topUps.map((one: { paymentId: string }) => one.paymentId);
    const [eaten, falls, childcare] = [
      await aBooking(residentId),
      await aBooking(residentId),
      await aBooking(residentId, asChildcare(billing.scene)),
    ];
    await billing.deliver(delivered(eaten));
    expect((await pay(cardId, [eaten, falls]).expect(201)).body).toMatchObject({
      ...{ balanceFen: 6_400, reservedFen: 1_800 },
    });
    await pay(cardId, [childcare], 5_000).expect(201);
    expect(await chargeOf(falls)).toMatchObject({ paidFen: 1_800 });
    await billing.deliver(cancelled(falls));
    await billing.deliver(delivered(childcare, { minutes: 60 }));
    // 6000 were authorised, 3000 are owed: 2000 of the 5000 come back, and 1800 of the lunch.
    expect(await get(`prepaid-cards/${cardId}`)).toMatchObject({ balanceFen: 5_200, reservedFen: 0 });
    expect(await chargeOf(childcare)).toMatchObject({ residentFen: 3_000, paidFen: 3_000 });

    const generic = { merchantRefundNo: 'RX', amountFen: 1, refundedAt: `${DAY}T06:00:00Z`, reason: 'x' };
    expect((await post(`payments/${paymentId}/refunds`, generic).expect(409)).body.code).toBe('payment_held');
    const tooMuch = post(`prepaid-cards/${cardId}/refunds`, refund(paymentId, 5_201));
    expect((await tooMuch.expect(409)).body.code).toBe('refund_exceeds_balance');
    expect((await post(`prepaid-cards/${cardId}/close`).expect(409)).body.code).toBe(
      'prepaid_card_not_empty',
    );
    await post(`prepaid-cards/${cardId}/refunds`, refund(paymentId, 5_200)).expect(201);
    const statement = await get(`prepaid-cards/${cardId}/statement?period=${period}`);
    expect(statement).toMatchObject({ openingFen: 0, closingFen: 0, more: false });
    expect(
      statement.lines.map((line: { reason: string; amountFen: number }) => [line.reason, line.amountFen]),
    ).toEqual([
      ['prepaid_topped_up', 10_000],
      ['prepaid_used', -1_800],
      ['prepaid_used', -3_000],
      ['prepaid_refunded', -5_200],
    ]);
    // The resident's own statement says how the services were paid.
    const { contractId } = billing.scene;
    const own = await get(`statements?residentId=${residentId}&contractId=${contractId}&period=${period}`);
    expect(own).toMatchObject({ closingFen: 0, creditFen: 0 });
    expect(own.lines.map((line: { reason: string }) => line.reason)).toContain('prepaid_used');

    const said = await ties();
    expect(said.differenceFen).toBe(0);
    const [channels, kept] = ['payments_channels', 'held_ledger'].map((name) =>
      said.ties.find((tie) => tie.name === name),
    );
    // Channel money is what was topped up and given back, on those days, and not what was used.
    expect(channels?.left.amount).toBe(LIMIT_FEN + 10_000 - 5_200);
    expect(kept?.left.amount).toBe(LIMIT_FEN);

    expect((await post(`prepaid-cards/${cardId}/close`).expect(200)).body.status).toBe('closed');
    await post(`prepaid-cards/${cardId}/close`).expect(200);
    expect((await post(`prepaid-cards/${cardId}/top-ups`, topUp(1)).expect(409)).body.code).toBe(
      'prepaid_card_closed',
    );
    const again = { contractId, residentId, number: `N-${newId().slice(-12)}` };
    expect((await post('prepaid-cards', again).expect(201)).body).toMatchObject({ id: cardId, version: 3 });
  });

  it('gives back on itself what a correction leaves paid too much', async () => {
    const { cardId, residentId } = await aCard();
    await post(`prepaid-cards/${cardId}/top-ups`, topUp(1_800)).expect(201);
    const booking = await aBooking(residentId);
    await billing.deliver(delivered(booking));
    await pay(cardId, [booking]).expect(201);
    const { contractId } = billing.scene;
    const issue = await post('invoices/issue', { contractId, period, residentId }, billing.finance).expect(
      200,
    );
    expect(issue.body).toMatchObject({ invoices: 1 });
    const [invoice] = (await get(`invoices?residentId=${residentId}`)).items;
    expect(invoice).toMatchObject({ status: 'paid' });
    await post(`invoices/${invoice.id}/credit-notes`, { amountFen: 300 }, billing.finance).expect(201);
    expect(await get(`prepaid-cards/${cardId}`)).toMatchObject({ balanceFen: 300 });
    const { lines } = await get(`prepaid-cards/${cardId}/statement?period=${period}`);
    expect(lines.at(-1)).toMatchObject({ reason: 'prepaid_returned', amountFen: 300 });
    expect(await ties()).toMatchObject({ differenceFen: 0 });
  });

  it('that has expired pays nothing and keeps what is on it, until it is extended', async () => {
    const { cardId, residentId } = await aCard();
    const { body: full } = await post(`prepaid-cards/${cardId}/top-ups`, topUp(2_000)).expect(201);
    await billing.db.query(`UPDATE prepaid_card SET expires_on = $2 WHERE id = $1`, [cardId, DAY]);
    const booking = await aBooking(residentId);
    expect((await pay(cardId, [booking]).expect(409)).body.code).toBe('prepaid_card_expired');
    const extend = (expiresOn?: string) => post(`prepaid-cards/${cardId}/extend`, { expiresOn });
    expect((await extend(DAY).expect(422)).body.code).toBe('prepaid_card_not_longer');
    expect((await extend('2026-12-01').expect(200)).body.expiresOn).toBe('2026-12-01');
    await pay(cardId, [booking]).expect(201);
    await extend().expect(200);
    expect((await extend('2099-01-01').expect(422)).body.code).toBe('prepaid_card_not_longer');
    await post(`prepaid-cards/${cardId}/refunds`, refund(full.topUps[0].paymentId, 200)).expect(201);
  });

  it('pays all or nothing, once, and only for its own resident', async () => {
    const { cardId, residentId } = await aCard();
    await post(`prepaid-cards/${cardId}/top-ups`, topUp(1_000)).expect(201);
    const booking = await aBooking(residentId);
    expect((await pay(cardId, [booking]).expect(409)).body.code).toBe('balance_too_low');
    expect((await pay(cardId, [booking], 1_801).expect(409)).body.code).toBe('not_owed');
    await pay(cardId, [booking], 1_000).expect(201);
    const another = await aBooking((await aCard()).residentId);
    expect((await pay(cardId, [another]).expect(422)).body.code).toBe('booking_of_another');
    const stranger = anOwner(newId());
    await billing.as(stranger).get(`/v1/prepaid-cards/${cardId}`).expect(404);
    await billing.as(stranger).get(`/v1/prepaid-cards/${cardId}/statement?period=${period}`).expect(404);
    await post(`prepaid-cards/${cardId}/top-ups`, topUp(1), stranger).expect(404);
    expect((await get('prepaid-cards', stranger)).items).toEqual([]);
  });

  it('is spent to the last lunch and never below zero by 64 clients at once', async () => {
    const { cardId, residentId } = await aCard();
    // 11 lunches out of two top-ups, one of them paid from both.
    await post(`prepaid-cards/${cardId}/top-ups`, topUp(10_000)).expect(201);
    await post(`prepaid-cards/${cardId}/top-ups`, topUp(10_000, 'cash')).expect(201);
    const bookings = Array.from({ length: 64 }, () => held(billing.scene, residentId));
    await billing.deliver(...bookings);
    await billing.deliver(...bookings.slice(0, 32).map((booking) => delivered(booking)));
    const answers = await Promise.all(bookings.map((booking) => pay(cardId, [booking])));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(11);
    expect(answers.filter(({ body }) => body.code === 'balance_too_low')).toHaveLength(53);
    const card = await get(`prepaid-cards/${cardId}`);
    expect(card.balanceFen).toBe(20_000 - 11 * 1_800);
    const { closingFen } = await get(`prepaid-cards/${cardId}/statement?period=${period}`);
    expect(closingFen).toBe(card.balanceFen + card.reservedFen);
    await expect(
      billing.db.query(`UPDATE payment SET allocated_fen = amount_fen + 1 WHERE holder_id = $1`, [cardId]),
    ).rejects.toThrow('payment_not_overspent');
  });
});
