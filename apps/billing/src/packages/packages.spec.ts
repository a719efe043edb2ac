import { type BookingHeld, BookingNoShow, ChargeDeclined, event } from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import { anOwner } from '@doorstep/testing';
import {
  type Billing,
  cancelled,
  DAY,
  delivered,
  held,
  offeringNews,
  setPrice,
  setProgramme,
  startBilling,
} from '../billing.harness';
import { packageOffer, sale, sellPackage } from './packages.harness';

const period = DAY.slice(0, 7);
let billing: Billing;
beforeAll(async () => {
  billing = await startBilling({ PERIODIC: 'false' });
  await setPrice(billing);
  await setProgramme(billing, { caps: { perDayUses: 1 } });
});
afterAll(() => billing?.stop());

const post = (path: string, body: object = {}, actor = billing.owner) =>
  billing.as(actor).post(`/v1/${path}`).send(body);
const get = async (path: string, actor = billing.owner) =>
  (await billing.as(actor).get(`/v1/${path}`).expect(200)).body;

const sell = (changes?: object) => sellPackage(billing, changes);
const offer = (changes?: object) => packageOffer(billing.scene, changes);
async function book(residentId: string, changes: Partial<BookingHeld> = {}): Promise<BookingHeld> {
  const booking = held(billing.scene, residentId, changes);
  await billing.deliver(booking);
  return booking;
}
const chargeOf = async ({ bookingId }: BookingHeld) => (await get(`charges?bookingId=${bookingId}`)).items[0];
const refund = (id: string) =>
  post(`packages/${id}/refunds`, {
    ...{ merchantRefundNo: `R${newId()}`, refundedAt: `${DAY}T06:00:00Z`, reason: 'moved_away' },
  });
const statement = (id: string) => get(`packages/${id}/statement?period=${period}`);
const difference = async () =>
  (await get(`reports/ties?period=${period}`, billing.finance)).differenceFen as number;

describe('offering a package', () => {
  it.each<[string, object, number, string]>([
    ['with a part above the ceiling', { uses: 8, amountFen: 16_001 }, 422, 'price_above_ceiling'],
    ['at less than a fen for each use', { amountFen: 9 }, 422, 'package_too_cheap'],
    ['of a kind that is not contracted', { kind: 'health' }, 422, 'kind_not_in_contract'],
    ['at an unknown site', { siteId: newId() }, 404, 'site_not_found'],
    ['of no use', { uses: 0 }, 400, 'validation_failed'],
  ])('%s is refused', async (_name, changes, status, code) => {
    expect((await post('package-offers', offer(changes)).expect(status)).body.code).toBe(code);
  });

  it('ends on a day, and nothing is sold from then on; others see none of it', async () => {
    const { body } = await post('package-offers', offer()).expect(201);
    await post(`package-offers/${body.id}/end`, { to: DAY }).expect(200);
    const later = { to: '2027-01-01' };
    expect((await post(`package-offers/${body.id}/end`, later).expect(422)).body.code).toBe(
      'package_offer_ended',
    );
    const { residentId, id } = await sell();
    expect((await post('packages', sale(body.id, residentId)).expect(409)).body.code).toBe(
      'package_not_on_sale',
    );
    const onSale = await get(`package-offers?on=${DAY}`);
    expect(onSale.items.map((one: { id: string }) => one.id)).not.toContain(body.id);
    const stranger = anOwner(newId());
    expect((await get('package-offers', stranger)).items).toEqual([]);
    expect((await get('packages', stranger)).items).toEqual([]);
    await billing.as(stranger).get(`/v1/packages/${id}`).expect(404);
    await post('packages', sale(body.id, residentId), stranger).expect(404);
    const back = { merchantRefundNo: 'R', refundedAt: `${DAY}T06:00:00Z`, reason: 'x' };
    await post(`packages/${id}/refunds`, back, stranger).expect(404);
  });
});

describe('a package', () => {
  it('is quoted, taken by a booking, earned when it is delivered, and the rest goes back', async () => {
    const { id, residentId, paymentId } = await sell();
    const times = { start: `${DAY}T03:00:00.000Z`, end: `${DAY}T04:30:00.000Z` };
    const { body: quote } = await post('quotes', {
      offeringId: billing.scene.meals,
      residentId,
      ...times,
    }).expect(200);
    expect(quote).toMatchObject({
      packageId: id,
      grossFen: 1_601,
      residentFen: 1_601,
      fundersFen: 0,
      trace: [],
    });
    const [eaten, toCome] = [await book(residentId), await book(residentId)];
    expect(await chargeOf(eaten)).toMatchObject({
      ...{ status: 'authorised', packageId: id, unit: 'use', unitFen: 1_601, grossFen: 1_601 },
      ...{ residentFen: 1_601, fundersFen: 0, paidFen: 1_601 },
    });
    await billing.deliver(delivered(eaten));
    expect(await get(`packages/${id}`)).toMatchObject({
      usesFree: 8,
      freeFen: 16_003 - 2 * 1_601,
      paymentId,
    });
    const { lines, closingFen } = await statement(id);
    expect(lines.map((line: { reason: string; amountFen: number }) => [line.reason, line.amountFen])).toEqual(
      [
        ['package_sold', 16_003],
        ['package_used', -1_601],
      ],
    );
    expect(closingFen).toBe(16_003 - 1_601);

    const generic = { merchantRefundNo: 'RP', amountFen: 1, refundedAt: `${DAY}T06:00:00Z`, reason: 'x' };
    expect((await post(`payments/${paymentId}/refunds`, generic).expect(409)).body.code).toBe('payment_held');
    expect((await refund(id).expect(201)).body).toMatchObject({
      ...{ status: 'ended', usesFree: 0, freeFen: 0, refundedFen: 16_003 - 2 * 1_601 },
    });
    expect((await refund(id).expect(409)).body.code).toBe('refund_exceeds_balance');
    expect(await chargeOf(await book(residentId))).toMatchObject({ packageId: null, grossFen: 1_800 });
    // The one that had taken a use falls: its part goes back as well.
    await billing.deliver(cancelled(toCome));
    expect((await refund(id).expect(201)).body).toMatchObject({ refundedFen: 16_003 - 1_601 });
    expect(await statement(id)).toMatchObject({ closingFen: 0 });
    expect(await difference()).toBe(0);
  });

  it('gets a use back from a booking that falls, and pays the fee of one that nobody came to', async () => {
    const { id, residentId } = await sell({ uses: 2, amountFen: 3_000 });
    const falls = await book(residentId);
    await billing.deliver(cancelled(falls));
    await billing.deliver(cancelled(falls));
    expect(await get(`packages/${id}`)).toMatchObject({ usesFree: 2, freeFen: 3_000 });
    const missed = await book(residentId);
    const { expiresAt: _expiresAt, ...facts } = missed;
    await billing.deliver(event(BookingNoShow, { ...facts, feeFen: 500, version: 3 }));
    expect(await chargeOf(missed)).toMatchObject({ evidence: 'no_show', residentFen: 500, paidFen: 500 });
    // The use is gone; what the fee left of its part is the resident's.
    expect(await get(`packages/${id}`)).toMatchObject({ usesFree: 1, freeFen: 2_500 });
    expect(await difference()).toBe(0);
  });

  it('is passed over by guests, after its last day, and as long as the resident wants it kept', async () => {
    const { id, residentId } = await sell({ uses: 3, amountFen: 3_000 });
    expect(await chargeOf(await book(residentId, { partySize: 2 }))).toMatchObject({ packageId: null });
    await post(`packages/${id}/auto-use`, { autoUse: false }).expect(200);
    expect(await chargeOf(await book(residentId))).toMatchObject({ packageId: null });
    await post(`packages/${id}/auto-use`, { autoUse: true }).expect(200);
    expect(await chargeOf(await book(residentId))).toMatchObject({ packageId: id });
    const { validTo } = await get(`packages/${id}`);
    expect(validTo).toBe('2027-01-31');
    const times = { start: `${validTo}T03:00:00Z`, end: `${validTo}T04:30:00Z` };
    expect(await chargeOf(await book(residentId, { serviceDay: validTo, ...times }))).toMatchObject({
      packageId: null,
    });
  });

  it('is taken by the bookings that name it, also when it is kept for later, and by none that names none', async () => {
    const { id, residentId } = await sell({ uses: 3, amountFen: 3_000 });
    const { body: offered } = await post(
      'package-offers',
      offer({ uses: 1, amountFen: 900, validDays: 5 }),
    ).expect(201);
    const { body: first } = await post('packages', sale(offered.id, residentId)).expect(201);
    await post(`packages/${id}/auto-use`, { autoUse: false }).expect(200);
    expect(await chargeOf(await book(residentId, { packageId: id }))).toMatchObject({
      ...{ status: 'authorised', packageId: id, grossFen: 1_000, fundersFen: 0 },
    });
    expect(await chargeOf(await book(residentId, { packageId: 'none' }))).toMatchObject({ packageId: null });
    expect(await chargeOf(await book(residentId))).toMatchObject({ packageId: first.id });
    const times = { start: `${DAY}T03:00:00.000Z`, end: `${DAY}T04:30:00.000Z` };
    const asked = { offeringId: billing.scene.meals, residentId, ...times };
    const quote = (packageId: string) => post('quotes', { ...asked, packageId });
    expect((await quote(id.toUpperCase()).expect(200)).body).toMatchObject({
      packageId: id,
      grossFen: 1_000,
    });
    expect((await quote('none').expect(200)).body).toMatchObject({ packageId: null, grossFen: 1_800 });
    expect((await quote(first.id).expect(422)).body).toMatchObject({ code: 'package_used_up' });
    expect((await quote('any').expect(400)).body.code).toBe('validation_failed');
  });

  it.each<[string, string, (mine: { id: string }) => Promise<Partial<BookingHeld>>]>([
    ['of another resident', 'package_not_theirs', async () => ({ packageId: (await sell()).id })],
    ['that is nowhere', 'package_not_theirs', async () => ({ packageId: newId() })],
    ['for guests', 'package_not_for_guests', async ({ id }) => ({ packageId: id, partySize: 2 })],
    [
      'after its last day',
      'package_not_on_day',
      async ({ id }) => ({
        ...{ packageId: id, serviceDay: '2027-06-01' },
        ...{ start: '2027-06-01T03:00:00Z', end: '2027-06-01T04:30:00Z' },
      }),
    ],
    [
      'that is given back',
      'package_ended',
      async ({ id }) => {
        await refund(id).expect(201);
        return { packageId: id };
      },
    ],
  ])(
    '%s is no package to name: the booking is declined, and says what helps',
    async (_name, code, changes) => {
      const mine = await sell();
      const booking = await book(mine.residentId, await changes(mine));
      expect(await chargeOf(booking)).toMatchObject({
        status: 'declined',
        code,
        packageId: null,
        grossFen: 0,
      });
      const told = (await billing.told(ChargeDeclined)).find((each) => each.bookingId === booking.bookingId);
      expect(told).toMatchObject({ code, mend: expect.stringContaining('none by the price list') });
    },
  );

  it('keeps its name while the charge waits for news', async () => {
    const { id, residentId } = await sell({ uses: 2, amountFen: 3_000 });
    await post(`packages/${id}/auto-use`, { autoUse: false }).expect(200);
    const unheard = newId();
    const booking = await book(residentId, { offeringId: unheard, packageId: id });
    expect(await chargeOf(booking)).toMatchObject({ status: 'pending' });
    const meals = { kind: 'meals', mode: 'session', capacityModel: 'seats' } as const;
    await billing.deliver(offeringNews(billing.scene, unheard, meals));
    expect(await chargeOf(booking)).toMatchObject({ status: 'authorised', packageId: id });
  });

  it('gives its last use to one of many bookings that name it, and declines the others', async () => {
    const { id, residentId } = await sell({ uses: 1, amountFen: 1_500 });
    const bookings = Array.from({ length: 16 }, () => held(billing.scene, residentId, { packageId: id }));
    await Promise.all(bookings.map((booking) => billing.deliver(booking)));
    const charges = await Promise.all(bookings.map(chargeOf));
    const of = (status: string) => charges.filter((charge) => charge.status === status);
    expect([of('authorised').length, of('declined').length]).toEqual([1, 15]);
    expect(new Set(of('declined').map(({ code }) => code))).toEqual(new Set(['package_used_up']));
    // It falls: the next one that names the package has it.
    const [winner] = of('authorised');
    await billing.deliver(
      cancelled(bookings.find(({ bookingId }) => bookingId === winner.bookingId) as BookingHeld),
    );
    expect(await chargeOf(await book(residentId, { packageId: id }))).toMatchObject({ packageId: id });
    expect(await difference()).toBe(0);
  });

  it('is no affair of a changed price; attendance that was none gives the use back', async () => {
    const { id, residentId } = await sell({ uses: 2, amountFen: 3_000 });
    const booking = await book(residentId);
    await billing.deliver(delivered(booking));
    const asked = { contractId: billing.scene.contractId, from: '2026-11-01', to: '2026-12-01', residentId };
    const rate = async (more: object) =>
      (await post('re-ratings', { ...asked, ...more }, billing.finance).expect(201)).body;
    expect(await rate({ reason: 'price_changed' })).toMatchObject({ chargesTotal: 1, changed: 0 });
    expect(await rate({ reason: 'programme_changed' })).toMatchObject({ changed: 0 });
    const attendance = [{ bookingId: booking.bookingId, minutes: null }];
    const ready = await rate({ reason: 'attendance_changed', attendance });
    expect(ready).toMatchObject({ changed: 1, grossFen: -1_500 });
    await post(`re-ratings/${ready.id}/apply`).expect(200);
    expect(await get(`packages/${id}`)).toMatchObject({ usesFree: 2, freeFen: 3_000 });
    expect((await statement(id)).lines.at(-1)).toMatchObject({
      reason: 'package_returned',
      amountFen: 1_500,
    });
    expect(await difference()).toBe(0);
  });

  it('gives out every use once to 64 bookings at once, while it is given back', async () => {
    const { id, residentId } = await sell();
    const bookings = Array.from({ length: 64 }, () => held(billing.scene, residentId));
    await Promise.all(bookings.map((booking) => billing.deliver(booking)));
    const { useList, usesFree, freeFen } = await get(`packages/${id}`);
    expect([usesFree, freeFen]).toEqual([0, 0]);
    const took = useList.map((use: { bookingId: string }) => use.bookingId);
    expect(new Set(took).size).toBe(10);
    const fall = bookings.filter(({ bookingId }) => took.slice(0, 5).includes(bookingId));
    const come = bookings.filter(({ bookingId }) => took.slice(5).includes(bookingId));
    await Promise.all([
      ...fall.map((booking) => billing.deliver(cancelled(booking))),
      ...come.map((booking) => billing.deliver(delivered(booking))),
      ...fall.map(() => book(residentId)),
      refund(id),
    ]);
    await refund(id);
    const after = await get(`packages/${id}`);
    const parts = after.useList.filter((use: { state: string }) => use.state === 'taken');
    const takenFen = parts.reduce((sum: number, use: { partFen: number }) => sum + use.partFen, 0);
    expect(after.freeFen + after.refundedFen + takenFen).toBe(16_003);
    expect(await difference()).toBe(0);
  });

  it('has parts that make its price, by the database', async () => {
    const { id } = await sell();
    const wrong = billing.db.query(`UPDATE package SET amount_fen = amount_fen + 1 WHERE id = $1`, [id]);
    await expect(wrong).rejects.toThrow('do not make its price');
  });
});
