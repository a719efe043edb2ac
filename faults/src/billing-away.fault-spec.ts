import { eventually } from '@doorstep/testing';
import { TwoServices } from './billing-away.scene';

jest.setTimeout(120_000);
const PATIENT = { timeoutMs: 30_000, pauseMs: 200 };

let world: TwoServices;
beforeAll(async () => {
  world = await TwoServices.open();
});
afterAll(() => world?.close());

describe('bookings while billing is away', () => {
  it('stay held and expire, or stand without a price and settle when it is back: by the offering’s policy', async () => {
    const [waits, goesOn] = (await world.open('hold', 'confirm')) as [string, string];
    const billing = await world.startBilling();
    const { contractId } = world;
    const price = { contractId, kind: 'meals', unit: 'use', amountFen: 1800, from: '2020-01-01' };
    // The contract may still be on its way.
    await eventually(() => billing.post('/v1/prices').send(price).expect(201), PATIENT);
    const resident = await world.resident();
    const before = await world.book(goesOn, resident);
    await eventually(
      async () => expect(await world.booking(before)).toMatchObject({ status: 'confirmed' }),
      PATIENT,
    );
    await world.stopBilling();

    const [held, unpriced] = [await world.book(waits, resident), await world.book(goesOn, resident)];
    await eventually(async () => {
      expect(await world.booking(held)).toMatchObject({ status: 'expired' });
      expect(await world.booking(unpriced)).toMatchObject({ status: 'confirmed', unpriced: true });
    }, PATIENT);
    await world.owner.post(`/v1/bookings/${unpriced}/attendance`).send({ outcome: 'attended' }).expect(200);

    await world.startBilling();
    await eventually(async () => {
      expect(await world.booking(unpriced)).toMatchObject({ status: 'delivered', price: { grossFen: 1800 } });
      expect(await world.charge(unpriced)).toMatchObject({ status: 'captured', gross_fen: 1800 });
      expect(await world.charge(held)).toMatchObject({ status: 'released' });
    }, PATIENT);
    expect(await world.booking(held)).toMatchObject({ status: 'expired' });
    // What was charged is what was delivered, once.
    const { rows } = await world.books.query(
      `SELECT count(*)::int AS entries, sum(amount_fen) FILTER (WHERE amount_fen > 0)::int AS fen FROM ledger_line`,
    );
    expect(rows).toEqual([{ entries: 2, fen: 1800 }]);
  });
});
