import { BookingExpired, BookingNoShow, ChargeCaptured, ChargeReleased, event } from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import {
  type Billing,
  aResident,
  asChildcare,
  budgetOf,
  cancelled,
  DAY,
  delivered,
  held,
  setPrice,
  setProgramme,
  startBilling,
  type ProgrammeSetUp,
} from '../billing.harness';

let billing: Billing;
let meal: ProgrammeSetUp;
let childcare: ProgrammeSetUp;
const resident = () => aResident(billing.scene);

beforeAll(async () => {
  billing = await startBilling();
  await setPrice(billing);
  await setPrice(billing, { kind: 'childcare', unit: 'hour', amountFen: 3000 });
  meal = await setProgramme(billing, { caps: { perDayUses: 1, perMonthFen: 5000 } });
  childcare = await setProgramme(billing, {
    kinds: ['childcare'],
    rateBp: 3000,
    caps: { perMonthFen: 140_000 },
  });
});
afterAll(() => billing?.stop());

const chargeOf = async (bookingId: string) => {
  const { rows } = await billing.db.query('SELECT * FROM charge WHERE booking_id = $1', [bookingId]);
  return rows[0];
};
const countersOf = async (residentId: string) => {
  const { rows } = await billing.db.query(
    'SELECT span, used_fen, uses FROM cap_counter WHERE resident_id = $1 ORDER BY span',
    [residentId],
  );
  return rows.map(({ span, used_fen, uses }) => [span, used_fen, uses]);
};
const linesOf = async (chargeId: string) => {
  const { rows } = await billing.db.query(
    `SELECT account.kind, line.amount_fen, line.booked_on FROM ledger_line AS line
     JOIN ledger_account AS account ON account.id = line.account_id WHERE charge_id = $1 ORDER BY entry_id, line`,
    [chargeId],
  );
  return rows.map(({ kind, amount_fen }) => [kind, amount_fen]);
};

describe('a cancelled booking', () => {
  it('gives back what it had reserved, once', async () => {
    const person = resident();
    const booking = held(billing.scene, person.residentId);
    const before = await budgetOf(billing, meal.id);
    await billing.deliver(person);
    await billing.deliver(booking);
    expect((await budgetOf(billing, meal.id)).reservedFen).toBe(before.reservedFen + 200);
    expect(await countersOf(person.residentId)).toEqual([
      ['day', 200, 1],
      ['month', 200, 1],
    ]);

    const { expiresAt: _expiresAt, ...facts } = booking;
    await billing.deliver(
      cancelled(booking),
      cancelled(booking),
      event(BookingExpired, { ...facts, version: 4 }),
    );
    expect(await budgetOf(billing, meal.id)).toEqual(before);
    expect(await countersOf(person.residentId)).toEqual([
      ['day', 0, 0],
      ['month', 0, 0],
    ]);
    expect(await chargeOf(booking.bookingId)).toMatchObject({
      status: 'released',
      code: 'cancelled',
      version: 2,
    });
    const told = (await billing.told(ChargeReleased)).filter(
      ({ bookingId }) => bookingId === booking.bookingId,
    );
    expect(told).toMatchObject([{ reason: 'cancelled', version: 2 }]);
    expect(await linesOf((await chargeOf(booking.bookingId)).id)).toEqual([]);
  });

  it('whose end overtakes its beginning reserves nothing', async () => {
    const person = resident();
    const booking = held(billing.scene, person.residentId);
    const before = await budgetOf(billing, meal.id);
    await billing.deliver(person);
    await billing.deliver(cancelled(booking));
    await billing.deliver(booking);
    expect(await chargeOf(booking.bookingId)).toMatchObject({ status: 'released', gross_fen: 0 });
    expect(await budgetOf(billing, meal.id)).toEqual(before);
  });

  it('lets the same resident have the subsidy again that day', async () => {
    const person = resident();
    const [first, second] = [held(billing.scene, person.residentId), held(billing.scene, person.residentId)];
    await billing.deliver(person);
    await billing.deliver(first);
    await billing.deliver(cancelled(first));
    await billing.deliver(second);
    expect(await chargeOf(second.bookingId)).toMatchObject({ funders_fen: 200 });
  });
});

describe('a booking that ends without a service, for a fee', () => {
  it('cancelled late, costs the resident alone, once, and funders get everything back', async () => {
    const person = resident();
    const booking = held(billing.scene, person.residentId);
    const before = await budgetOf(billing, meal.id);
    await billing.deliver(person);
    await billing.deliver(booking);
    await billing.deliver(cancelled(booking, { feeFen: 800 }), cancelled(booking, { feeFen: 800 }));
    await billing.deliver(cancelled(booking));

    const charge = await chargeOf(booking.bookingId);
    expect(charge).toMatchObject({
      status: 'captured',
      evidence: 'late_cancellation',
      gross_fen: 800,
      resident_fen: 800,
      funders_fen: 0,
      version: 2,
    });
    expect(await linesOf(charge.id)).toEqual([
      ['resident_receivable', 800],
      ['service_revenue', -800],
    ]);
    expect(await budgetOf(billing, meal.id)).toEqual(before);
    expect(await countersOf(person.residentId)).toEqual([
      ['day', 0, 0],
      ['month', 0, 0],
    ]);
    const told = (await billing.told(ChargeCaptured)).filter(
      ({ bookingId }) => bookingId === booking.bookingId,
    );
    expect(told).toMatchObject([{ grossFen: 800, residentFen: 800, fundersFen: 0, funders: [] }]);
  });

  it('not come to, costs no more than the resident would have paid', async () => {
    const person = resident();
    const booking = held(billing.scene, person.residentId);
    const { expiresAt: _expiresAt, ...facts } = booking;
    await billing.deliver(person);
    await billing.deliver(booking);
    await billing.deliver(event(BookingNoShow, { ...facts, feeFen: 99_999, version: 3 }));
    expect(await chargeOf(booking.bookingId)).toMatchObject({
      status: 'captured',
      evidence: 'no_show',
      gross_fen: 1600,
      resident_fen: 1600,
    });
  });

  it('before billing ever priced it, costs nothing', async () => {
    const person = resident();
    const booking = held(billing.scene, person.residentId);
    await billing.deliver(cancelled(booking, { feeFen: 800 }));
    await billing.deliver(person);
    await billing.deliver(booking);
    expect(await chargeOf(booking.bookingId)).toMatchObject({ status: 'released', gross_fen: 0 });
  });
});

describe('a delivered service', () => {
  it('is captured: budget spent, ledger balanced, told', async () => {
    const person = resident();
    const booking = held(billing.scene, person.residentId);
    const before = await budgetOf(billing, meal.id);
    await billing.deliver(person);
    await billing.deliver(booking);
    await billing.deliver(delivered(booking), delivered(booking));

    const charge = await chargeOf(booking.bookingId);
    expect(charge).toMatchObject({ status: 'captured', booked_on: DAY, evidence: 'attendance', version: 2 });
    expect(await linesOf(charge.id)).toEqual([
      ['resident_receivable', 1600],
      ['funder_receivable', 200],
      ['service_revenue', -1800],
    ]);
    expect(await budgetOf(billing, meal.id)).toMatchObject({
      reservedFen: before.reservedFen,
      spentFen: before.spentFen + 200,
    });
    const told = (await billing.told(ChargeCaptured)).filter(
      ({ bookingId }) => bookingId === booking.bookingId,
    );
    expect(told).toMatchObject([{ grossFen: 1800, residentFen: 1600, fundersFen: 200, version: 2 }]);
  });

  it('that took less time costs less, and gives back what it no longer needs', async () => {
    const child = aResident(billing.scene, { birthDate: '2025-01-01' });
    const booking = held(billing.scene, child.residentId, asChildcare(billing.scene));
    const before = await budgetOf(billing, childcare.id);
    await billing.deliver(child);
    await billing.deliver(booking);
    expect((await budgetOf(billing, childcare.id)).reservedFen).toBe(before.reservedFen + 1800);
    await billing.deliver(delivered(booking, { minutes: 90 }));

    const charge = await chargeOf(booking.bookingId);
    expect(charge).toMatchObject({
      gross_fen: 4500,
      funders_fen: 1350,
      resident_fen: 3150,
      billed_minutes: 90,
    });
    expect(await linesOf(charge.id)).toEqual([
      ['resident_receivable', 3150],
      ['funder_receivable', 1350],
      ['service_revenue', -4500],
    ]);
    expect(await budgetOf(billing, childcare.id)).toMatchObject({
      reservedFen: before.reservedFen,
      spentFen: before.spentFen + 1350,
    });
    expect(await countersOf(child.residentId)).toEqual([['month', 1350, 1]]);
  });

  it('of no minutes at all moves no money and gives the whole reservation back', async () => {
    const child = aResident(billing.scene, { birthDate: '2025-01-01' });
    const booking = held(billing.scene, child.residentId, asChildcare(billing.scene));
    await billing.deliver(child);
    await billing.deliver(booking);
    await billing.deliver(delivered(booking, { minutes: 0 }));
    const charge = await chargeOf(booking.bookingId);
    expect(charge).toMatchObject({ status: 'captured', gross_fen: 0, funders_fen: 0 });
    expect(await linesOf(charge.id)).toEqual([]);
    expect(await countersOf(child.residentId)).toEqual([['month', 0, 0]]);
  });

  it('before its charge is decided waits, and is captured in the end', async () => {
    const person = resident();
    const booking = held(billing.scene, person.residentId);
    await billing.deliver(booking);
    await expect(billing.deliver(delivered(booking))).rejects.toThrow('charge_undecided');
    await billing.deliver(person);
    await billing.eventually(
      async () => expect((await chargeOf(booking.bookingId)).status).toBe('captured'),
      { timeoutMs: 15_000, pauseMs: 200 },
    );
  });

  it('whose charge was released is noted as delivered, and not charged', async () => {
    const person = resident();
    const booking = held(billing.scene, person.residentId);
    await billing.deliver(person);
    await billing.deliver(cancelled(booking));
    await billing.deliver(delivered(booking));
    expect(await chargeOf(booking.bookingId)).toMatchObject({ status: 'released' });
    const { rows } = await billing.db.query('SELECT minutes FROM delivery WHERE booking_id = $1', [
      booking.bookingId,
    ]);
    expect(rows).toEqual([{ minutes: 90 }]);
  });

  it('can’t be cancelled afterwards', async () => {
    const person = resident();
    const booking = held(billing.scene, person.residentId);
    await billing.deliver(person);
    await billing.deliver(booking);
    await billing.deliver(delivered(booking));
    await expect(billing.deliver(cancelled(booking))).rejects.toThrow('charge_captured');
    expect(await chargeOf(booking.bookingId)).toMatchObject({ status: 'captured' });
  });
});

describe('the whole of it', () => {
  it('leaves every reservation explained by a standing charge', async () => {
    const { rows } = await billing.db.query(`
      SELECT budget.id, budget.reserved_fen, budget.spent_fen,
             coalesce(sum(share.reserved_fen) FILTER (WHERE charge.status = 'authorised'), 0)::int AS reserved,
             coalesce(sum(share.captured_fen) FILTER (WHERE charge.status = 'captured'), 0)::int AS captured
      FROM programme_budget AS budget LEFT JOIN charge_share AS share ON share.budget_id = budget.id
      LEFT JOIN charge ON charge.id = share.charge_id GROUP BY budget.id`);
    expect(rows).toHaveLength(2);
    for (const row of rows) expect([row.reserved_fen, row.spent_fen]).toEqual([row.reserved, row.captured]);
  });

  it('is one tenant’s alone', async () => {
    const { rows } = await billing.db.query('SELECT DISTINCT operator_id FROM charge');
    expect(rows).toEqual([{ operator_id: billing.scene.operatorId }]);
    expect(newId()).not.toBe(billing.scene.operatorId);
  });
});
