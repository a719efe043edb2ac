import type { BookingCancelled, BookingHeld, ServiceDelivered } from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import { type Received, runAs, SYSTEM_ACTOR } from '@doorstep/platform';
import {
  aResident,
  asChildcare,
  type Billing,
  budgetOf,
  cancelled,
  DAY,
  delivered,
  held,
  setPrice,
  setProgramme,
  startBilling,
} from '../billing.harness';
import { CapturesService } from '../charges/captures.service';
import { HoldsService } from '../charges/holds.service';
import { ReleasesService } from '../charges/releases.service';
import { ReRatingsRunner } from './re-ratings.runner';

/*
 * The past is rated again while the present goes on: whatever holds, captures and releases of the same residents and
 * budgets do meanwhile, no cap and no budget is exceeded, and the sums beside the charges are those of the charges.
 */
let billing: Billing;
let priceId: string;
beforeAll(async () => {
  billing = await startBilling({ PERIODIC: 'false' });
  priceId = await setPrice(billing, { amountFen: 1_000 });
  await setPrice(billing, { kind: 'childcare', unit: 'hour', amountFen: 3_000 });
});
afterAll(() => billing?.stop());

const service = <T>(type: new (...args: never[]) => T): T => billing.running.app.get(type);
const received = <E extends BookingHeld | BookingCancelled | ServiceDelivered>(
  all: readonly E[],
): Received<E>[] =>
  all.map((data) => ({
    ...{ id: newId(), type: 'bookings.BookingCancelled.v1', data, key: data.bookingId },
    ...{ operatorId: data.operatorId, version: data.version, time: new Date(), correlationId: newId() },
  }));
const hold = (...all: BookingHeld[]) =>
  runAs(SYSTEM_ACTOR, () => service(HoldsService).authorise(received(all)));
const deliver = (...all: BookingHeld[]) =>
  runAs(SYSTEM_ACTOR, () => service(CapturesService).capture(received(all.map((one) => delivered(one)))));
const release = (...all: BookingHeld[]) =>
  runAs(SYSTEM_ACTOR, () => service(ReleasesService).release(received(all.map((one) => cancelled(one)))));

const lunch = (residentId: string, serviceDay = DAY) => held(billing.scene, residentId, { serviceDay });
async function people(count: number): Promise<string[]> {
  const residents = Array.from({ length: count }, () => aResident(billing.scene));
  await billing.deliver(...residents);
  return residents.map(({ residentId }) => residentId).sort();
}
async function changeTerms(programmeId: string, terms: Record<string, unknown>): Promise<void> {
  const body = { kinds: ['meals'], base: 'gross', order: 10, from: DAY, ...terms };
  await billing.as(billing.administrator).post(`/v1/programmes/${programmeId}/terms`).send(body).expect(201);
}
const asked = (changes: Record<string, unknown>) => ({
  ...{ contractId: billing.scene.contractId, from: '2026-11-01', to: '2026-12-01' },
  ...changes,
});
const preview = async (changes: Record<string, unknown>) =>
  (await billing.as(billing.finance).post('/v1/re-ratings').send(asked(changes)).expect(201)).body;
const apply = async (id: string) =>
  (await billing.as(billing.finance).post(`/v1/re-ratings/${id}/apply`).expect(200)).body;

/** What of a programme's budget and counters the charges say, and what stands beside them. */
async function sums(programmeId: string) {
  const { rows } = await billing.db.query(
    `WITH standing AS (
       SELECT c.resident_id, c.service_day, c.status, coalesce(s.captured_fen, s.reserved_fen) AS fen
       FROM charge_share s JOIN charge c ON c.id = s.charge_id WHERE s.programme_id = $1 AND c.status <> 'released'
       UNION ALL
       SELECT c.resident_id, c.service_day, c.status, k.amount_fen
       FROM share_correction k JOIN charge c ON c.id = k.charge_id WHERE k.programme_id = $1),
     by_resident AS (SELECT resident_id, sum(fen) AS fen FROM standing GROUP BY 1)
     SELECT (SELECT coalesce(sum(fen), 0)::int FROM standing WHERE status = 'authorised') AS reserved,
            (SELECT coalesce(sum(fen), 0)::int FROM standing WHERE status = 'captured') AS spent,
            (SELECT count(*)::int FROM by_resident JOIN cap_counter k USING (resident_id)
             WHERE k.programme_id = $1 AND k.span = 'month' AND k.used_fen <> fen) AS "countersOff",
            (SELECT count(*)::int FROM (SELECT FROM ledger_line GROUP BY entry_id HAVING sum(amount_fen) <> 0) AS x)
              AS unbalanced`,
    [programmeId],
  );
  return rows[0];
}
const endTerms = (programmeId: string) =>
  billing.db.query(
    `UPDATE programme_terms SET to_day = from_day + 1 WHERE programme_id = $1 AND to_day IS NULL`,
    [programmeId],
  );

it('a tight budget is dealt out as the preview showed, whoever among the residents is not concerned', async () => {
  const residents = await people(26);
  const programme = await setProgramme(billing, { budgetFen: 4_500 });
  const concerned = residents.slice(5).map((residentId) => lunch(residentId));
  const others = residents.slice(0, 5).map((id) => held(billing.scene, id, asChildcare(billing.scene)));
  await hold(...concerned, ...others);
  await deliver(...concerned, ...others);
  await changeTerms(programme.id, { fixedFen: 300 });

  const ready = await preview({ reason: 'programme_changed' });
  expect(ready).toMatchObject({ status: 'ready', chargesSeen: 26, fundersFen: 300 });
  expect(await apply(ready.id)).toMatchObject({ status: 'applied', applied: ready.changed });
  expect(await budgetOf(billing, programme.id)).toMatchObject({ spentFen: 4_500, leftFen: 0 });
  await endTerms(programme.id);
});

it('a month under two rules is rated again, each charge up to the cap of its own', async () => {
  const [resident] = await people(1);
  const programme = await setProgramme(billing, { caps: { perMonthFen: 300 } });
  await changeTerms(programme.id, { from: '2026-11-16', fixedFen: 400, caps: { perMonthFen: 600 } });
  const [early, late] = [lunch(resident, '2026-11-10'), lunch(resident, '2026-11-20')];
  // Booked in the other order, so the early one found nothing left.
  await hold(late);
  await hold(early);
  await deliver(late, early);
  await billing.as(billing.owner).post(`/v1/prices/${priceId}/withdraw`).expect(200);
  priceId = await setPrice(billing, { amountFen: 1_100 });

  const ready = await preview({ reason: 'price_changed', residentId: resident });
  expect(ready).toMatchObject({ status: 'ready', changed: 2, fundersFen: 200 });
  expect(await apply(ready.id)).toMatchObject({ status: 'applied', applied: 2 });
  await endTerms(programme.id);
});

it('in parallel with holds, captures and releases of the same people, nothing is exceeded or lost', async () => {
  const residents = await people(8);
  const programme = await setProgramme(billing, { budgetFen: 6_000, caps: { perMonthFen: 900 } });
  const past = residents.flatMap((id) => ['2026-11-03', '2026-11-04'].map((day) => lunch(id, day)));
  await hold(...past);
  await deliver(...past);
  await changeTerms(programme.id, { fixedFen: 250, caps: { perMonthFen: 700 } });
  const reason = { reason: 'programme_changed', from: '2026-11-03', to: '2026-11-05' };
  const previews = [await preview(reason), await preview(reason)];

  const live = Array.from({ length: 24 }, (_, index) => lunch(residents[index % 8], '2026-11-05'));
  const batches = Array.from({ length: 8 }, (_, index) => live.slice(3 * index, 3 * index + 3));
  const outcomes = await Promise.all([
    ...previews.map(({ id }) => apply(id)),
    ...batches.map(async (batch, index) => {
      await hold(...batch);
      await (index % 2 === 0 ? deliver(...batch) : release(...batch));
    }),
  ]);
  // Who else has written in between makes a preview outdated; it is made anew until it goes through.
  const statuses = outcomes.slice(0, 2).map((outcome) => (outcome as { status: string }).status);
  expect(statuses.every((status) => ['applying', 'applied', 'outdated'].includes(status))).toBe(true);
  await runAs(SYSTEM_ACTOR, () => service(ReRatingsRunner).goOn());
  const again = await preview(reason);
  expect(await apply(again.id)).toMatchObject({ status: 'applied' });
  expect(await preview(reason)).toMatchObject({ status: 'ready', changed: 0 });

  const { reserved, spent, countersOff, unbalanced } = await sums(programme.id);
  expect({ countersOff, unbalanced }).toEqual({ countersOff: 0, unbalanced: 0 });
  expect(await budgetOf(billing, programme.id)).toMatchObject({ reservedFen: reserved, spentFen: spent });
  expect(reserved + spent).toBeLessThanOrEqual(6_000);
  const { rows: over } = await billing.db.query(
    `SELECT FROM cap_counter WHERE programme_id = $1 AND span = 'month' AND used_fen > 900`,
    [programme.id],
  );
  expect(over).toEqual([]);
}, 60_000);
