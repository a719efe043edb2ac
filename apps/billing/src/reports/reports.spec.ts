import { type BookingHeld, BookingNoShow, event } from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import { anOwner } from '@doorstep/testing';
import {
  aResident,
  asChildcare,
  type Billing,
  contractNews,
  DAY,
  delivered,
  held,
  setPrice,
  setProgramme,
  startBilling,
} from '../billing.harness';

let billing: Billing;
const period = DAY.slice(0, 7);
const tiesFor = async (actor = billing.finance, more = '') =>
  (await billing.as(actor).get(`/v1/reports/ties?period=${period}${more}`).expect(200)).body;

const missedBy = ({ expiresAt: _expiresAt, ...booking }: BookingHeld) =>
  event(BookingNoShow, { ...booking, feeFen: 500, version: 3 });

beforeAll(async () => {
  billing = await startBilling();
  await setPrice(billing);
  await setProgramme(billing, { caps: { perDayUses: 1 } });
});
afterAll(() => billing?.stop());

describe('the ties of a month', () => {
  it('hold through delivery, payment and claim', async () => {
    const person = aResident(billing.scene);
    const booking = held(billing.scene, person.residentId);
    await billing.deliver(person);
    await billing.deliver(booking);
    expect(await tiesFor()).toMatchObject({ differenceFen: 0 });
    await billing.deliver(delivered(booking));

    const payment = { channel: 'cash', merchantOrderNo: 'M1', amountFen: 1000, paidAt: `${DAY}T04:00:00Z` };
    await billing
      .as(billing.finance)
      .post('/v1/payments')
      .send({ ...payment, bookingIds: [booking.bookingId] })
      .expect(201);
    const { funderId, contractId } = billing.scene;
    await billing.as(billing.finance).post('/v1/claims').send({ funderId, contractId, period }).expect(201);

    const { ties, differenceFen } = await tiesFor();
    expect(differenceFen).toBe(0);
    expect(ties.every((tie: { difference: number }) => tie.difference === 0)).toBe(true);
    expect(ties).toHaveLength(15);
    expect(ties[0].left.amount).toBe(1);
    expect(ties[1].right.amount).toBe(1800);
  });

  it('hold for a service of no minutes that took some after all', async () => {
    await setPrice(billing, { kind: 'childcare', unit: 'hour', amountFen: 3_000 });
    const child = aResident(billing.scene, { birthDate: '2024-05-05' });
    const booking = held(billing.scene, child.residentId, asChildcare(billing.scene));
    await billing.deliver(child, booking);
    await billing.deliver(delivered(booking, { minutes: 0 }));
    const attendance = [{ bookingId: booking.bookingId, minutes: 60 }];
    const days = { from: DAY, to: '2026-11-03', contractId: billing.scene.contractId };
    const finance = billing.as(billing.finance);
    const { body: preview } = await finance
      .post('/v1/re-ratings')
      .send({ ...days, reason: 'attendance_changed', attendance })
      .expect(201);
    await finance.post(`/v1/re-ratings/${preview.id}/apply`).expect(200);
    expect(await tiesFor()).toMatchObject({ differenceFen: 0 });
  });

  it('hold for each contract when a site has passed from one to the other since it was booked', async () => {
    const person = aResident(billing.scene);
    const [one, missed, paid] = [1, 2, 3].map(() => held(billing.scene, person.residentId));
    await billing.deliver(person);
    await billing.deliver(one, missed, paid);
    const payment = { channel: 'cash', merchantOrderNo: 'M2', amountFen: 1000, paidAt: `${DAY}T04:00:00Z` };
    const pays = { ...payment, bookingIds: [paid.bookingId] };
    await billing.as(billing.finance).post('/v1/payments').send(pays).expect(201);
    const next = { ...billing.scene, contractId: newId() };
    await billing.deliver(contractNews(next));
    const under = <B extends { contractId: string }>(booking: B): B => ({
      ...booking,
      contractId: next.contractId,
    });
    await billing.deliver(delivered(under(one)), missedBy(under(missed)), delivered(under(paid)));
    const { rows } = await billing.db.query(
      `SELECT booking_id, contract_id, status FROM charge WHERE booking_id = ANY ($1)`,
      [[one, missed, paid].map(({ bookingId }) => bookingId)],
    );
    const contractOf = new Map(rows.map((row) => [row.booking_id, [row.contract_id, row.status]]));
    for (const { bookingId } of [one, missed])
      expect(contractOf.get(bookingId)).toEqual([next.contractId, 'captured']);
    // Money that is held under the former contract pays there.
    expect(contractOf.get(paid.bookingId)).toEqual([billing.scene.contractId, 'captured']);
    const { ties } = await tiesFor(billing.finance, `&contractId=${next.contractId}`);
    expect(ties[0].left.amount).toBe(1);
    expect(ties[1].right.amount).toBe(2300);
    const ofBoth = [
      ...ties,
      ...(await tiesFor(billing.finance, `&contractId=${billing.scene.contractId}`)).ties,
    ];
    expect(ofBoth.filter((tie: { difference: number }) => tie.difference !== 0)).toEqual([]);
  });

  it('show a service that was delivered and never charged', async () => {
    const { scene } = billing;
    await billing.db.query(
      `INSERT INTO delivery (booking_id, operator_id, contract_id, site_id, kind, service_day, minutes, evidence, event_id,
                             delivered_at)
       VALUES ($1, $2, $3, $4, 'meals', $5, 60, 'attendance', $6, now())`,
      [newId(), scene.operatorId, scene.contractId, scene.siteId, DAY, newId()],
    );
    const { ties } = await tiesFor();
    expect(ties[0]).toMatchObject({ name: 'delivered_charged', difference: 1 });
  });

  it("show nothing of another operator's books", async () => {
    const { ties } = await tiesFor(anOwner(newId()));
    expect(ties.every((tie: { left: { amount: number } }) => tie.left.amount === 0)).toBe(true);
  });
});
