import { ChargeCorrected, event, SiteRatingSnapshot } from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import type { Actor } from '@doorstep/platform';
import { anOwner } from '@doorstep/testing';
import {
  aResident,
  asChildcare,
  AT,
  type Billing,
  budgetOf,
  DAY,
  delivered,
  held,
  setPrice,
  setProgramme,
  startBilling,
} from '../billing.harness';

let billing: Billing;
let priceId: string;
let programme: { id: string; code: string };
let one: string;
let other: string;

const as = (actor: Actor = billing.finance) => billing.as(actor);
const asked = (changes: Record<string, unknown> = {}) => ({
  ...{ contractId: billing.scene.contractId, reason: 'price_changed', from: '2026-11-01', to: '2026-12-01' },
  ...changes,
});
const preview = async (changes: Record<string, unknown> = {}) =>
  (await as().post('/v1/re-ratings').send(asked(changes)).expect(201)).body;
const apply = async (id: string, actor = billing.finance) =>
  (await as(actor).post(`/v1/re-ratings/${id}/apply`).expect(200)).body;
const entries = async () => (await billing.db.query(`SELECT count(*)::int AS n FROM ledger_entry`)).rows[0].n;
const chargeOf = async (bookingId: string) => {
  const { body } = await as().get(`/v1/charges?bookingId=${bookingId}`).expect(200);
  return (await as().get(`/v1/charges/${body.items[0].id}`).expect(200)).body;
};

async function lunch(residentId: string, serviceDay = DAY): Promise<string> {
  const times = { start: `${serviceDay}T03:00:00Z`, end: `${serviceDay}T04:30:00Z` };
  const booking = held(billing.scene, residentId, { serviceDay, ...times });
  await billing.deliver(booking);
  await billing.deliver(delivered(booking));
  return booking.bookingId;
}

beforeAll(async () => {
  billing = await startBilling({ PERIODIC: 'false' });
  priceId = await setPrice(billing);
  await setPrice(billing, { kind: 'childcare', unit: 'hour', amountFen: 3000 });
  programme = await setProgramme(billing, { rateBp: 1_000, caps: { perMonthFen: 300 } });
  const people = [aResident(billing.scene), aResident(billing.scene)];
  await billing.deliver(...people);
  [one, other] = people.map(({ residentId }) => residentId).sort();
});
afterAll(() => billing?.stop());

it('a price that was wrong is corrected for everybody whom it concerns, by differences, once', async () => {
  const bookings = [await lunch(one), await lunch(one, '2026-11-03'), await lunch(other)];
  const claim = { funderId: billing.scene.funderId, contractId: billing.scene.contractId, period: '2026-11' };
  const { body: claimed } = await as().post('/v1/claims').send(claim).expect(201);
  expect(claimed.amountFen).toBe(180 + 120 + 180);
  await as().post(`/v1/claims/${claimed.id}/submit`).expect(200);

  // It was wrong from its first day: it is withdrawn, and the right one set for the same days.
  const withdrawn = await as(billing.owner).post(`/v1/prices/${priceId}/withdraw`).expect(200);
  expect((await as(billing.owner).post(`/v1/prices/${priceId}/withdraw`).expect(200)).body).toEqual(
    withdrawn.body,
  );
  const ended = await as(billing.owner)
    .post(`/v1/prices/${priceId}/end`)
    .send({ to: '2026-11-01' })
    .expect(409);
  expect(ended.body.code).toBe('price_withdrawn');
  await setPrice(billing, { amountFen: 1_000 });
  const before = await entries();
  const ready = await preview();
  expect(ready).toMatchObject({
    ...{ status: 'ready', chargesTotal: 3, chargesSeen: 3, changed: 3, skipped: 0, touchesClosed: false },
    ...{ grossFen: -2_400, fundersFen: -180, residentFen: -2_220, operatorFen: 0 },
  });
  const { body: people } = await as().get(`/v1/re-ratings/${ready.id}/residents`).expect(200);
  expect(people.items).toMatchObject([
    { residentId: one, charges: 2, owedBeforeFen: 3_300, owedAfterFen: 1_800 },
    { residentId: other, charges: 1, owedBeforeFen: 1_620, owedAfterFen: 900 },
  ]);
  expect(await entries()).toBe(before);

  const applied = await apply(ready.id);
  expect(applied).toMatchObject({ status: 'applied', applied: 3, appliedBy: billing.finance.id });
  expect(await entries()).toBe(before + 3);
  expect(await apply(ready.id)).toEqual(applied);
  expect((await budgetOf(billing, programme.id)).spentFen).toBe(300);
  const told = await billing.told(ChargeCorrected);
  expect(told.map(({ reason, grossFen }) => [reason, grossFen])).toEqual(
    Array(3).fill(['price_changed', -800]),
  );
  const charge = await chargeOf(bookings[1]);
  expect(charge).toMatchObject({
    grossFen: 1_800,
    corrections: [{ reason: 'price_changed', grossFen: -800, residentFen: -780, fundersFen: -20 }],
    ratings: [{ unitFen: 1_000, trace: [{ gaveFen: 100, code: 'given' }] }],
  });
  const { body: back } = await as().post('/v1/claims').send(claim).expect(201);
  expect(back).toMatchObject({ lines: 3, amountFen: -180 });
  expect((await as().get('/v1/reports/ties?period=2026-11').expect(200)).body.differenceFen).toBe(0);

  expect(await preview()).toMatchObject({ changed: 0, grossFen: 0 });
});

it('what belongs to a closed month goes to the next open one, and takes a second person', async () => {
  const eligible = aResident(billing.scene);
  await billing.deliver(eligible);
  const only = await setProgramme(billing, {
    fixedFen: 500,
    order: 1,
    eligibility: { hardship: true, siteStarsMin: 3 },
  });
  const bookingId = await lunch(eligible.residentId);
  await billing.db.query(
    `INSERT INTO ledger_period (operator_id, contract_id, month, status, changed_at, changed_by)
     VALUES ($1, $2, '2026-11-01', 'closed', now(), $1)`,
    [billing.scene.operatorId, billing.scene.contractId],
  );
  const { residentId } = eligible;
  await billing.deliver(aResident(billing.scene, { residentId, hardship: true, version: 2 }));
  const reason = { reason: 'eligibility_changed', residentId };
  expect(await preview(reason)).toMatchObject({ changed: 0 });
  const { operatorId, siteId } = billing.scene;
  const ratings = [{ stars: 3, from: '2026-10-01', basis: 'rule' as const }];
  await billing.deliver(event(SiteRatingSnapshot, { operatorId, siteId, ratings, version: 1, at: AT }));
  const ready = await preview(reason);
  expect(ready).toMatchObject({ changed: 1, touchesClosed: true, fundersFen: 500, residentFen: -500 });
  const { body: lines } = await as().get(`/v1/re-ratings/${ready.id}/lines`).expect(200);
  expect(lines.items).toMatchObject([
    { bookedOn: '2026-12-01', shares: [{ programmeId: only.id, amountFen: 500 }], outcome: 'changed' },
  ]);
  expect((await as().post(`/v1/re-ratings/${ready.id}/apply`).expect(403)).body.code).toBe('four_eyes');
  expect(await apply(ready.id, billing.owner)).toMatchObject({ status: 'applied' });
  const charge = await chargeOf(bookingId);
  expect(charge.entries.at(-1)).toMatchObject({ reason: 'charge_corrected', bookedOn: '2026-12-01' });
  expect(await preview(reason)).toMatchObject({ changed: 0 });
  // What nobody had asked that funder for in the closed month is asked for in the month that has it, checked like any share.
  const claim = { funderId: billing.scene.funderId, contractId: billing.scene.contractId, period: '2026-12' };
  const { body: claimed } = await as().post('/v1/claims').send(claim).expect(201);
  expect(claimed).toMatchObject({ lines: 1, amountFen: 500, findings: [] });
  const { body: claimLines } = await as().get(`/v1/claims/${claimed.id}/lines`).expect(200);
  expect(claimLines.items).toMatchObject([{ bookingId, programmeId: only.id, basis: 'share' }]);
});

it('attendance that was wrong is told by booking; what nobody came to costs nothing', async () => {
  const child = aResident(billing.scene, { birthDate: '2024-05-05' });
  await billing.deliver(child);
  const bookings = [0, 1].map((hour) => {
    const times = { start: `2026-12-02T0${hour}:00:00Z`, end: `2026-12-02T0${hour + 1}:00:00Z` };
    return held(billing.scene, child.residentId, {
      ...asChildcare(billing.scene),
      ...times,
      serviceDay: '2026-12-02',
    });
  });
  await billing.deliver(...bookings);
  await billing.deliver(...bookings.map((booking) => delivered(booking, { minutes: 60 })));
  const attendance = [
    { bookingId: bookings[0].bookingId, minutes: 30 },
    { bookingId: bookings[1].bookingId, minutes: null },
  ];
  const changes = { reason: 'attendance_changed', from: '2026-12-01', to: '2027-01-01', attendance };
  const ready = await preview(changes);
  expect(ready).toMatchObject({ changed: 2, grossFen: -4_500 });
  await apply(ready.id);
  expect(await preview(changes)).toMatchObject({ changed: 0 });
  const back = await preview({ ...changes, attendance: [{ bookingId: bookings[1].bookingId, minutes: 60 }] });
  expect(back).toMatchObject({ changed: 1, grossFen: 3_000 });
});

it('a preview that something has overtaken is not applied', async () => {
  const bookingId = await lunch(one, '2026-12-07');
  const month = { from: '2026-12-01', to: '2027-01-01', kind: 'meals', reason: 'programme_changed' };
  const terms = { from: '2026-12-01', kinds: ['meals'], base: 'gross', fixedFen: 50, order: 10 };
  const administrator = as(billing.administrator);
  await administrator.post(`/v1/programmes/${programme.id}/terms`).send(terms).expect(201);
  await administrator
    .post(`/v1/programmes/${programme.id}/budgets`)
    .send({ period: '2026-12', amountFen: 1_000 })
    .expect(201);
  const [stale, fresh] = [await preview(month), await preview(month)];
  expect(stale).toMatchObject({ changed: 1, fundersFen: 50 });
  await apply(fresh.id);
  expect(await apply(stale.id)).toMatchObject({ status: 'outdated', applied: 0 });
  expect((await chargeOf(bookingId)).corrections).toHaveLength(1);
  const gone = await as().post(`/v1/re-ratings/${stale.id}/discard`).expect(409);
  expect(gone.body.code).toBe('re_rating_outdated');
});

it.each([
  ['more than a year', { to: '2028-01-01' }, 422, 'period_too_long'],
  [
    'attendance for another reason',
    { attendance: [{ bookingId: newId() }] },
    422,
    'attendance_with_its_reason',
  ],
  ['an unknown contract', { contractId: newId() }, 404, 'contract_not_found'],
  ['no reason', { reason: undefined }, 400, 'validation_failed'],
])('%s is refused', async (_name, changes, status, code) => {
  const { body } = await as().post('/v1/re-ratings').send(asked(changes)).expect(status);
  expect(body.code).toBe(code);
});

it('is nobody else’s', async () => {
  const { id } = await preview({ kind: 'sports' });
  const stranger = anOwner(newId());
  await as(stranger).get(`/v1/re-ratings/${id}`).expect(404);
  await as(stranger).post(`/v1/re-ratings/${id}/apply`).expect(404);
  expect((await as(stranger).get('/v1/re-ratings').expect(200)).body.items).toEqual([]);
  await as(stranger).post('/v1/re-ratings').send(asked()).expect(404);
});

it('a court that is dearer in the evening is quoted, held, captured and rated again by the minutes of its bands', async () => {
  const { court, contractId } = billing.scene;
  const band = { days: ['workday', 'weekend'], from: '18:00', to: '22:00', amountFen: 5_000 };
  const first = await setPrice(billing, { kind: 'sports', unit: 'hour', amountFen: 3_000, bands: [band] });
  // 17:30 to 19:30 by the clock of the site.
  const times = { start: `${DAY}T09:30:00.000Z`, end: `${DAY}T11:30:00.000Z` };
  const { body: quote } = await as(billing.owner)
    .post('/v1/quotes')
    .send({ offeringId: court, residentId: one, ...times })
    .expect(200);
  const spans = [
    { fromMinute: 0, amountFen: 3_000 },
    { fromMinute: 30, amountFen: 5_000 },
  ];
  expect(quote).toMatchObject({ priceId: first, unitFen: 3_000, spans, grossFen: 1_500 + 7_500 });

  const booking = held(billing.scene, one, { offeringId: court, kind: 'sports', ...times });
  await billing.deliver(booking);
  expect(await chargeOf(booking.bookingId)).toMatchObject({ status: 'authorised', spans, grossFen: 9_000 });
  await billing.deliver(delivered(booking, { minutes: 90 }));
  const captured = await chargeOf(booking.bookingId);
  expect(captured).toMatchObject({ status: 'captured', spans, billedMinutes: 90, grossFen: 1_500 + 5_000 });

  await as(billing.owner).post(`/v1/prices/${first}/withdraw`).expect(200);
  const later = { ...band, from: '19:00' };
  await setPrice(billing, { kind: 'sports', unit: 'hour', amountFen: 3_000, bands: [later] });
  const sports = { contractId, kind: 'sports' };
  const ready = await preview(sports);
  expect(ready).toMatchObject({ changed: 1, grossFen: 4_500 - 6_500 });
  await apply(ready.id, billing.owner);
  expect((await chargeOf(booking.bookingId)).ratings).toMatchObject([
    { unitFen: 3_000, spans: [spans[0], { fromMinute: 90, amountFen: 5_000 }] },
  ]);
  // What was rated by these bands is as it was.
  expect(await preview(sports)).toMatchObject({ changed: 0 });
});
