import type { BookingHeld } from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import { aFrontEnd, anOwner } from '@doorstep/testing';
import {
  type Billing,
  aResident,
  asChildcare,
  cancelled,
  contractNews,
  DAY,
  delivered,
  held,
  setPrice,
  startBilling,
} from '../billing.harness';

let billing: Billing;
let residentId: string;
beforeAll(async () => {
  billing = await startBilling();
  await setPrice(billing);
  await setPrice(billing, { kind: 'childcare', unit: 'hour', amountFen: 3000 });
  const resident = aResident(billing.scene);
  residentId = resident.residentId;
  await billing.deliver(resident);
});
afterAll(() => billing?.stop());

async function aBooking(changes: Partial<BookingHeld> = {}): Promise<BookingHeld> {
  const booking = held(billing.scene, residentId, changes);
  await billing.deliver(booking);
  return booking;
}
const payment = (bookings: BookingHeld[], changes: Record<string, unknown> = {}) => ({
  channel: 'wechat',
  merchantOrderNo: `DS${newId()}`,
  amountFen: 1800,
  paidAt: `${DAY}T02:00:00Z`,
  bookingIds: bookings.map(({ bookingId }) => bookingId),
  ...changes,
});
const pay = (body: Record<string, unknown>, actor = billing.owner) =>
  billing.as(actor).post('/v1/payments').send(body);
const refund = (id: string, amountFen: number, changes: Record<string, unknown> = {}) =>
  billing
    .as(billing.finance)
    .post(`/v1/payments/${id}/refunds`)
    .send({
      merchantRefundNo: `R${newId()}`,
      amountFen,
      refundedAt: `${DAY}T05:00:00Z`,
      reason: 'changed_plans',
      ...changes,
    });
const paidFen = async ({ bookingId }: BookingHeld): Promise<number> => {
  const { body } = await billing.as(billing.owner).get(`/v1/charges?bookingId=${bookingId}`).expect(200);
  return body.items[0].paidFen;
};
/** Balances by kind of account of everything that a payment and its bookings moved. */
async function balances(): Promise<Record<string, number>> {
  const { rows } = await billing.db.query(
    `SELECT kind, sum(amount_fen)::int AS fen FROM ledger_line JOIN ledger_account AS account ON account.id = account_id GROUP BY kind`,
  );
  return Object.fromEntries(rows.map(({ kind, fen }) => [kind, fen]));
}
async function moved(work: () => Promise<unknown>): Promise<Record<string, number>> {
  const before = await balances();
  await work();
  const after = await balances();
  const differences = Object.entries(after).map(([kind, fen]) => [kind, fen - (before[kind] ?? 0)] as const);
  return Object.fromEntries(differences.filter(([, fen]) => fen !== 0));
}

describe('a payment ahead', () => {
  it('waits as an advance and meets the delivered service', async () => {
    const booking = await aBooking();
    expect(await moved(() => pay(payment([booking])).expect(201))).toEqual({
      channel_clearing: 1800,
      resident_advance: -1800,
    });
    expect(await paidFen(booking)).toBe(1800);
    expect(await moved(() => billing.deliver(delivered(booking)))).toEqual({
      resident_advance: 1800,
      service_revenue: -1800,
    });
    expect(await paidFen(booking)).toBe(1800);
  });

  it('for a service that then takes less time keeps the rest as an advance', async () => {
    const booking = await aBooking(asChildcare(billing.scene));
    const { body } = await pay(payment([booking], { amountFen: 6000 })).expect(201);
    await billing.deliver(delivered(booking, { minutes: 90 }));
    const { body: after } = await billing.as(billing.owner).get(`/v1/payments/${body.id}`).expect(200);
    expect(after).toMatchObject({
      allocatedFen: 4500,
      unallocatedFen: 1500,
      allocations: [{ amountFen: 4500, applied: true }],
    });
  });

  it('for a booking that falls is free again and can be given back', async () => {
    const booking = await aBooking();
    const { body } = await pay(payment([booking])).expect(201);
    await billing.deliver(cancelled(booking));
    const { body: free } = await billing.as(billing.owner).get(`/v1/payments/${body.id}`).expect(200);
    expect(free).toMatchObject({ allocatedFen: 0, unallocatedFen: 1800, allocations: [] });
    expect(await moved(() => refund(body.id, 1800).expect(201))).toEqual({
      channel_clearing: -1800,
      resident_advance: 1800,
    });
  });
});

describe('a payment afterwards', () => {
  it('pays what is due', async () => {
    const booking = await aBooking();
    await billing.deliver(delivered(booking));
    expect(await moved(() => pay(payment([booking])).expect(201))).toEqual({
      channel_clearing: 1800,
      resident_receivable: -1800,
    });
  });

  it('is dealt out over bookings in their order, and the rest waits', async () => {
    const [first, second] = [await aBooking(), await aBooking()];
    await billing.deliver(delivered(first));
    const { body } = await pay(payment([first, second], { amountFen: 4000 })).expect(201);
    expect(body).toMatchObject({
      ...{ amountFen: 4000, allocatedFen: 3600, unallocatedFen: 400, refundedFen: 0, paidDay: DAY },
      siteId: billing.scene.siteId,
      allocations: [
        { bookingId: first.bookingId, amountFen: 1800, applied: true },
        { bookingId: second.bookingId, amountFen: 1800, applied: false },
      ],
    });
    const { body: list } = await billing
      .as(billing.owner)
      .get(`/v1/payments?bookingId=${second.bookingId}`)
      .expect(200);
    expect(list.items).toHaveLength(1);
  });

  it('belongs to its day by China’s clock', async () => {
    const booking = await aBooking();
    const late = payment([booking], { paidAt: '2026-11-01T16:00:00Z' });
    expect((await pay(late).expect(201)).body.paidDay).toBe(DAY);
  });
});

describe('a refund', () => {
  it('of a paid and delivered service makes the resident owe it again', async () => {
    const booking = await aBooking();
    await billing.deliver(delivered(booking));
    const { body } = await pay(payment([booking])).expect(201);
    expect(await moved(() => refund(body.id, 500).expect(201))).toEqual({
      channel_clearing: -500,
      resident_receivable: 500,
    });
    expect(await paidFen(booking)).toBe(1300);
    const refused = await refund(body.id, 1301).expect(409);
    expect(refused.body).toMatchObject({ code: 'refund_exceeds_payment', details: { refundableFen: 1300 } });
    await refund(body.id, 1300).expect(201);
    expect(await paidFen(booking)).toBe(0);
  });

  it('is never more than the payment, however many ask at once', async () => {
    const booking = await aBooking();
    const { body } = await pay(payment([booking])).expect(201);
    const answers = await Promise.all(Array.from({ length: 12 }, () => refund(body.id, 400)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 201, 201, ...Array(8).fill(409)]);
    const { body: after } = await billing.as(billing.owner).get(`/v1/payments/${body.id}`).expect(200);
    expect(after).toMatchObject({ refundedFen: 1600, allocatedFen: 200, unallocatedFen: 0 });
  });
});

describe('recording twice', () => {
  it('is one payment for the same order number, and one refund for the same refund number', async () => {
    const booking = await aBooking();
    const body = payment([booking], { amountFen: 700 });
    const answers = await Promise.all(Array.from({ length: 8 }, () => pay(body)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array(7).fill(409)]);
    const refused = answers.find(({ status }) => status === 409);
    expect(refused?.body.code).toBe('payment_exists');
    expect(await paidFen(booking)).toBe(700);

    const { body: created } = answers.find(({ status }) => status === 201) ?? { body: {} };
    await refund(created.id, 1, { merchantRefundNo: 'R-ONE' }).expect(201);
    expect((await refund(created.id, 1, { merchantRefundNo: 'R-ONE' }).expect(409)).body.code).toBe(
      'refund_exists',
    );
  });

  it('with the same Idempotency-Key gets the first answer', async () => {
    const booking = await aBooking();
    const body = payment([booking]);
    const key = newId();
    const frontEnd = aFrontEnd(billing.scene.operatorId);
    const first = await pay(body, frontEnd).set('idempotency-key', key).expect(201);
    const second = await pay(body, frontEnd).set('idempotency-key', key).expect(201);
    expect(second.body).toEqual(first.body);
    const other = await pay({ ...body, amountFen: 1 }, frontEnd)
      .set('idempotency-key', key)
      .expect(409);
    expect(other.body.code).toBe('idempotency_key_reused');
  });
});

describe('bad input', () => {
  it.each<[string, Record<string, unknown>, number, string]>([
    ['an unknown booking', { bookingIds: [newId()] }, 422, 'booking_without_charge'],
    ['no booking', { bookingIds: [] }, 400, 'validation_failed'],
    ['nothing', { amountFen: 0 }, 400, 'validation_failed'],
    ['a fraction', { amountFen: 1.5 }, 400, 'validation_failed'],
    ['another channel', { channel: 'bitcoin' }, 400, 'validation_failed'],
    ['a number with a comma', { merchantOrderNo: 'a,b' }, 400, 'validation_failed'],
    ['a day ahead', { paidAt: '2026-11-05T00:00:00Z' }, 422, 'in_the_future'],
    ['a field too many', { currency: 'USD' }, 400, 'validation_failed'],
  ])('of %s is refused', async (_name, changes, status, code) => {
    const { body } = await pay(payment([await aBooking()], changes)).expect(status);
    expect(body).toMatchObject({ code, mend: expect.any(String) });
  });

  it('of bookings of two contracts is refused', async () => {
    const scene = { ...billing.scene, contractId: newId() };
    await billing.deliver(contractNews(scene));
    await billing.db.query(
      `INSERT INTO known_placement SELECT $1, operator_id, $2, site_id, from_day, to_day, kinds, in_force, version FROM known_placement LIMIT 1`,
      [newId(), scene.contractId],
    );
    await setPrice(billing, { contractId: scene.contractId });
    const other = held(scene, residentId);
    await billing.deliver(other);
    expect((await pay(payment([await aBooking(), other])).expect(422)).body.code).toBe(
      'bookings_of_several_contracts',
    );
  });

  it('is nobody else’s to pay, refund or see', async () => {
    const booking = await aBooking();
    const { body } = await pay(payment([booking])).expect(201);
    const stranger = anOwner(newId());
    expect((await pay(payment([booking]), stranger).expect(422)).body.code).toBe('booking_without_charge');
    await billing.as(stranger).get(`/v1/payments/${body.id}`).expect(404);
    expect((await billing.as(stranger).get('/v1/payments').expect(200)).body.items).toEqual([]);
    const taken = { merchantRefundNo: 'X', amountFen: 1, refundedAt: `${DAY}T05:00:00Z`, reason: 'x' };
    await billing.as(stranger).post(`/v1/payments/${body.id}/refunds`).send(taken).expect(404);
  });
});

describe('the whole of it', () => {
  it('keeps what is paid on charges equal to what stands allocated, and the advance equal to what is free', async () => {
    const { rows } = await billing.db.query(`
      SELECT (SELECT sum(paid_fen)::int FROM charge) AS paid,
             (SELECT sum(amount_fen)::int FROM payment_allocation WHERE ended_at IS NULL) AS standing,
             (SELECT sum(allocated_fen)::int FROM payment) AS allocated,
             (SELECT sum(amount_fen - refunded_fen)::int FROM payment) AS kept,
             (SELECT sum(amount_fen - allocated_fen - refunded_fen)::int FROM payment) AS free,
             (SELECT sum(amount_fen)::int FROM payment_allocation WHERE ended_at IS NULL AND NOT applied) AS waiting`);
    const [{ paid, standing, allocated, kept, free, waiting }] = rows;
    expect([standing, allocated]).toEqual([paid, paid]);
    const { channel_clearing, resident_advance } = await balances();
    expect(channel_clearing).toBe(kept);
    expect(resident_advance).toBe(-(free + waiting));
  });
});
