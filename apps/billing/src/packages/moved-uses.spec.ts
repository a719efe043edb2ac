import type { BookingHeld } from '@doorstep/contracts';
import { type Billing, cancelled, DAY, delivered, held, setPrice, startBilling } from '../billing.harness';
import { sellPackage } from './packages.harness';

/* A booking with the last use of a package moves: the other one is held beside it, and has the use once it has ended. */
let billing: Billing;
beforeAll(async () => {
  billing = await startBilling({ PERIODIC: 'false' });
  await setPrice(billing);
});
afterAll(() => billing?.stop());

const get = async (path: string, actor = billing.owner) =>
  (await billing.as(actor).get(`/v1/${path}`).expect(200)).body;
const chargeOf = async ({ bookingId }: BookingHeld) => (await get(`charges?bookingId=${bookingId}`)).items[0];
const difference = async () =>
  (await get(`reports/ties?period=${DAY.slice(0, 7)}`, billing.finance)).differenceFen as number;

interface Moving {
  id: string;
  residentId: string;
  old: BookingHeld;
  moved: BookingHeld;
}

/** One use, taken by `old`; `moved` is to take its place. */
async function moving(changes: Partial<BookingHeld> = {}): Promise<Moving> {
  const { id, residentId } = await sellPackage(billing, { uses: 1, amountFen: 1_500 });
  const old = held(billing.scene, residentId);
  const moved = held(billing.scene, residentId, { replaces: old.bookingId, ...changes });
  await billing.deliver(old);
  await billing.deliver(moved);
  return { id, residentId, old, moved };
}

describe('a booking that moves with the last use of a package', () => {
  it('costs the same, and has the use once the old one has ended', async () => {
    const { id, old, moved } = await moving();
    const price = { status: 'authorised', packageId: id, grossFen: 1_500, residentFen: 1_500 };
    expect(await chargeOf(moved)).toMatchObject({ ...price, paidFen: 0 });
    expect(await chargeOf(old)).toMatchObject({ ...price, paidFen: 1_500 });
    await billing.deliver(cancelled(old));
    expect(await chargeOf(moved)).toMatchObject({ ...price, paidFen: 1_500 });
    const { useList } = await get(`packages/${id}`);
    expect(useList).toMatchObject([{ state: 'taken', bookingId: moved.bookingId }]);
    await billing.deliver(cancelled(old));
    await billing.deliver(cancelled(moved));
    expect(await get(`packages/${id}`)).toMatchObject({ usesFree: 1, freeFen: 1_500 });
  });

  it('leaves it to the old one when the new one falls, and to nobody else meanwhile', async () => {
    const { id, residentId, old, moved } = await moving();
    const third = held(billing.scene, residentId, { packageId: id });
    const other = held(billing.scene, residentId, { packageId: id, replaces: old.bookingId });
    await billing.deliver(third, other);
    for (const booking of [third, other])
      expect(await chargeOf(booking)).toMatchObject({ status: 'declined', code: 'package_used_up' });
    await billing.deliver(cancelled(moved));
    expect(await chargeOf(old)).toMatchObject({ paidFen: 1_500 });
    const again = held(billing.scene, residentId, { packageId: id, replaces: old.bookingId });
    await billing.deliver(again);
    await billing.deliver(cancelled(old));
    expect(await chargeOf(again)).toMatchObject({ packageId: id, paidFen: 1_500 });
    expect(await difference()).toBe(0);
  });

  it('is paid by it also when it was delivered, or paid in part, before the old one was heard to have ended', async () => {
    const { id, old, moved } = await moving({ packageId: undefined });
    const paid = { channel: 'cash', merchantOrderNo: `M${moved.bookingId}`, paidAt: `${DAY}T01:00:00Z` };
    const payment = { ...paid, amountFen: 400, bookingIds: [moved.bookingId] };
    await billing.as(billing.owner).post('/v1/payments').send(payment).expect(201);
    await billing.deliver(delivered(moved));
    expect(await chargeOf(moved)).toMatchObject({ status: 'captured', paidFen: 400 });
    await billing.deliver(cancelled(old));
    expect(await chargeOf(moved)).toMatchObject({ status: 'captured', paidFen: 1_500 });
    // What was not needed of the part is the resident's.
    expect(await get(`packages/${id}`)).toMatchObject({ usesFree: 0, freeFen: 400 });
    expect((await get(`packages/${id}/statement?period=${DAY.slice(0, 7)}`)).lines).toMatchObject([
      { reason: 'package_sold', amountFen: 1_500 },
      { reason: 'package_used', amountFen: -1_100 },
    ]);
    expect(await difference()).toBe(0);
  });

  it('finds it whatever comes at once: the hold, the old one’s end, other bookings', async () => {
    for (let round = 0; round < 6; round++) {
      const { id, residentId } = await sellPackage(billing, { uses: 1, amountFen: 1_500 });
      const old = held(billing.scene, residentId);
      await billing.deliver(old);
      const moved = held(billing.scene, residentId, { packageId: id, replaces: old.bookingId });
      const others = [1, 2].map(() => held(billing.scene, residentId, { packageId: id }));
      await Promise.all([moved, cancelled(old), ...others].map((event) => billing.deliver(event)));
      const charges = await Promise.all([moved, ...others].map(chargeOf));
      const [{ useList, freeFen }] = [await get(`packages/${id}`)];
      const standing = charges.filter(({ status }) => status === 'authorised');
      // One has it and is paid; nobody else stands at its price.
      expect(standing.map(({ paidFen }) => paidFen)).toEqual(standing.length === 0 ? [] : [1_500]);
      expect(freeFen).toBe(standing.length === 0 ? 1_500 : 0);
      if (standing.length > 0) expect(useList[0].bookingId).toBe(standing[0].bookingId);
    }
    expect(await difference()).toBe(0);
  });
});
