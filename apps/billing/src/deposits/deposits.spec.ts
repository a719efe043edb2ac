import type { BookingHeld } from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import { runAs } from '@doorstep/platform';
import { anOwner } from '@doorstep/testing';
import fc from 'fast-check';
import { aResident, type Billing, DAY, delivered, held, setPrice, startBilling } from '../billing.harness';
import { DepositsService } from './deposits.service';

const period = DAY.slice(0, 7);
let billing: Billing;
beforeAll(async () => {
  billing = await startBilling({ PERIODIC: 'false' });
  await setPrice(billing);
});
afterAll(() => billing?.stop());

const post = (path: string, body: object = {}, actor = billing.owner) =>
  billing.as(actor).post(`/v1/${path}`).send(body);
const get = async (path: string, actor = billing.owner) =>
  (await billing.as(actor).get(`/v1/${path}`).expect(200)).body;

async function someone(): Promise<string> {
  const resident = aResident(billing.scene);
  await billing.deliver(resident);
  return resident.residentId;
}
const deposit = (residentId: string, amountFen: number, changes: object = {}) => ({
  ...{ contractId: billing.scene.contractId, residentId, kind: 'childcare', reason: '入托押金', amountFen },
  ...{ channel: 'wechat' as const, merchantOrderNo: `D${newId()}`, paidAt: `${DAY}T01:00:00Z` },
  ...changes,
});
const giveBack = (amountFen: number) => ({
  ...{ merchantRefundNo: `R${newId()}`, amountFen, refundedAt: `${DAY}T06:00:00Z`, reason: 'place_ended' },
});
async function lunch(residentId: string): Promise<BookingHeld> {
  const booking = held(billing.scene, residentId);
  await billing.deliver(booking);
  await billing.deliver(delivered(booking));
  return booking;
}
const setOff = (id: string, bookings: BookingHeld[], amountFen?: number) =>
  post(`deposits/${id}/set-offs`, {
    bookingIds: bookings.map(({ bookingId }) => bookingId),
    ...{ amountFen, reason: 'fees_unpaid' },
  });
const statement = (residentId: string) =>
  get(`deposit-statements?residentId=${residentId}&contractId=${billing.scene.contractId}&period=${period}`);
const difference = async () =>
  (await get(`reports/ties?period=${period}`, billing.finance)).differenceFen as number;

describe('a deposit', () => {
  it('is held and no revenue, set off against what is owed, and the rest returned, each with its reason', async () => {
    const residentId = await someone();
    const { body: taken } = await post('deposits', deposit(residentId, 5_000)).expect(201);
    expect(taken).toMatchObject({
      status: 'held',
      amountFen: 5_000,
      heldFen: 5_000,
      setOffFen: 0,
      moves: [],
    });
    const { id } = taken;
    const [eaten, another] = [await lunch(residentId), await lunch(residentId)];
    const toCome = held(billing.scene, residentId);
    await billing.deliver(toCome);
    expect((await setOff(id, [toCome]).expect(409)).body.code).toBe('not_owed_yet');
    await setOff(id, [eaten]).expect(201);
    await setOff(id, [another], 1_000).expect(201);
    expect((await setOff(id, [another], 801).expect(409)).body.code).toBe('not_owed');
    const excess = post(`deposits/${id}/refunds`, giveBack(2_201));
    expect((await excess.expect(409)).body.code).toBe('refund_exceeds_balance');
    const { body: settled } = await post(`deposits/${id}/refunds`, giveBack(2_200)).expect(201);
    expect(settled).toMatchObject({ status: 'settled', heldFen: 0, setOffFen: 2_800, returnedFen: 2_200 });
    expect(settled.moves).toMatchObject([
      { what: 'set_off', amountFen: 1_800, reason: 'fees_unpaid', bookingId: eaten.bookingId },
      { what: 'set_off', amountFen: 1_000, bookingId: another.bookingId },
      { what: 'returned', amountFen: 2_200, reason: 'place_ended' },
    ]);
    const { openingFen, lines, closingFen } = await statement(residentId);
    expect([openingFen, closingFen]).toEqual([0, 0]);
    expect(lines.map((line: { reason: string; amountFen: number }) => [line.reason, line.amountFen])).toEqual(
      [
        ['deposit_taken', 5_000],
        ['deposit_set_off', -1_800],
        ['deposit_set_off', -1_000],
        ['deposit_returned', -2_200],
      ],
    );
    expect(await difference()).toBe(0);
  });

  it('stands on the resident’s statement, pays no invoice by itself, and gets back what a credit note frees', async () => {
    const residentId = await someone();
    const [first, second] = await Promise.all(
      [1_000, 2_000].map(async (fen) => (await post('deposits', deposit(residentId, fen)).expect(201)).body),
    );
    const booking = await lunch(residentId);
    const { contractId } = billing.scene;
    await post('invoices/issue', { contractId, period, residentId }, billing.finance).expect(200);
    const [invoice] = (await get(`invoices?residentId=${residentId}`)).items;
    const applied = await post(`invoices/${invoice.id}/apply-credit`, {}, billing.finance);
    expect(applied.body).toMatchObject({ appliedFen: 0 });
    await setOff(first.id, [booking], 1_000).expect(201);
    await setOff(second.id, [booking]).expect(201);
    const own = `statements?residentId=${residentId}&contractId=${contractId}&period=${period}`;
    const zero = { prepaidFen: 0, packageFen: 0 };
    expect(await get(own)).toMatchObject({
      closingFen: 0,
      creditFen: 0,
      held: { ...zero, depositFen: 1_200 },
    });
    await post(`invoices/${invoice.id}/credit-notes`, { amountFen: 300 }, billing.finance).expect(201);
    expect(await get(own)).toMatchObject({ held: { ...zero, depositFen: 1_500 } });
    const { lines, closingFen } = await statement(residentId);
    expect(lines.at(-1)).toMatchObject({ reason: 'deposit_freed', amountFen: 300 });
    expect(closingFen).toBe(1_500);
    expect(await get(`deposits/${second.id}`)).toMatchObject({ status: 'held', heldFen: 1_500 });
    const settled = await get(`deposits?residentId=${residentId}&status=settled`);
    expect(settled.items.map((one: { id: string }) => one.id)).toEqual([first.id]);
    expect(await difference()).toBe(0);
  });

  it('is set off and returned to the last fen, and never beyond, by 64 clients at once', async () => {
    const residentId = await someone();
    const { body } = await post('deposits', deposit(residentId, 10_000)).expect(201);
    const bookings = Array.from({ length: 32 }, () => held(billing.scene, residentId));
    await billing.deliver(...bookings);
    await billing.deliver(...bookings.map((booking) => delivered(booking)));
    const answers = await Promise.all(
      bookings.flatMap((booking) => [
        setOff(body.id, [booking], 500),
        post(`deposits/${body.id}/refunds`, giveBack(500)),
      ]),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(20);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(44);
    expect(await get(`deposits/${body.id}`)).toMatchObject({ heldFen: 0, status: 'settled' });
    expect(await statement(residentId)).toMatchObject({ closingFen: 0 });
    expect(await difference()).toBe(0);
  });

  it('is refused of strangers and for what is not contracted', async () => {
    const residentId = await someone();
    const health = post('deposits', deposit(residentId, 1, { kind: 'health' }));
    expect((await health.expect(422)).body.code).toBe('kind_not_in_contract');
    const { body } = await post('deposits', deposit(residentId, 1_000)).expect(201);
    const stranger = anOwner(newId());
    await billing.as(stranger).get(`/v1/deposits/${body.id}`).expect(404);
    expect((await get('deposits', stranger)).items).toEqual([]);
    await post(`deposits/${body.id}/refunds`, giveBack(1), stranger).expect(404);
    const others = await lunch(await someone());
    expect((await setOff(body.id, [others]).expect(422)).body.code).toBe('booking_of_another');
  });
});

it('deposits hold what was taken less what was set off and returned, whatever is asked in which order', async () => {
  const step = fc.record({
    do: fc.constantFrom('take', 'lunch', 'set_off', 'give_back'),
    which: fc.nat(5),
    booking: fc.nat(5),
    fen: fc.integer({ min: 1, max: 3_000 }),
  });
  const deposits = () => billing.running.app.get(DepositsService);
  const story = fc.asyncProperty(fc.array(step, { minLength: 8, maxLength: 20 }), async (steps) => {
    const residentId = await someone();
    const taken: { id: string; heldFen: number }[] = [];
    const lunches: { bookingId: string; openFen: number }[] = [];
    for (const { do: what, which, booking, fen } of steps) {
      if (what === 'take') {
        const { id } = await deposits().take(deposit(residentId, fen));
        taken.push({ id, heldFen: fen });
      } else if (what === 'lunch') {
        lunches.push({ bookingId: (await lunch(residentId)).bookingId, openFen: 1_800 });
      } else if (taken.length > 0) {
        const one = taken[which % taken.length];
        if (what === 'give_back') {
          const ok = fen <= one.heldFen;
          const returning = deposits().giveBack(one.id, giveBack(fen));
          await (ok
            ? expect(returning).resolves.toBeDefined()
            : expect(returning).rejects.toThrow('left to give back'));
          if (ok) one.heldFen -= fen;
        } else if (lunches.length > 0) {
          const eaten = lunches[booking % lunches.length];
          const ok = fen <= one.heldFen && fen <= eaten.openFen;
          const use = { bookingIds: [eaten.bookingId], amountFen: fen, reason: 'fees_unpaid' };
          const setting = deposits().setOff(one.id, use);
          await (ok ? expect(setting).resolves.toBeDefined() : expect(setting).rejects.toThrow('fen'));
          if (ok) [one.heldFen, eaten.openFen] = [one.heldFen - fen, eaten.openFen - fen];
        }
      }
    }
    for (const { id, heldFen } of taken) expect(await deposits().find(id)).toMatchObject({ heldFen });
    const { contractId } = billing.scene;
    const closingFen = taken.reduce((sum, one) => sum + one.heldFen, 0);
    expect(await deposits().statement({ residentId, contractId, period })).toMatchObject({ closingFen });
  });
  await runAs(billing.owner, () => fc.assert(story, { numRuns: 10 }));
  expect(await difference()).toBe(0);
});
