import { event, MonthAttendanceClosed, MonthAttendanceCorrected } from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import { runAs, SYSTEM_ACTOR } from '@doorstep/platform';
import {
  aResident,
  AT,
  type Billing,
  budgetOf,
  contractNews,
  REGION,
  setPrice,
  setProgramme,
  startBilling,
} from '../billing.harness';
import { MonthsService } from './months.service';

let billing: Billing;
let childId: string;
let programme: { id: string };
const finance = () => billing.as(billing.finance);

const NONE = {
  ...{ daysSick: 0, daysAbsentPlanned: 0, daysAbsentUnplanned: 0, daysClosed: 0, daysForceMajeure: 0 },
  ...{ latePickups: 0, latePickupMinutes: 0, minutesReserved: 0, daysReserved: 0 },
};

function closed(
  placementId: string,
  days: Partial<MonthAttendanceClosed['totals']> = {},
): MonthAttendanceClosed {
  const { operatorId, contractId, siteId, childcare } = billing.scene;
  const totals = { ...NONE, daysPlanned: 20, daysAttended: 20, minutesAttended: 9_600, ...days };
  return event(MonthAttendanceClosed, {
    ...{ operatorId, placementId, contractId, siteId, offeringId: childcare, groupId: newId() },
    ...{ residentId: childId, kind: 'childcare', mode: 'full_day', ageClass: 'toddler', regionCode: REGION },
    ...{ from: '2026-09-01', to: '2027-09-01', month: '2026-11', revision: 1, workdays: 21, patternDays: 20 },
    ...{ totals, version: 1, at: AT },
  });
}

function corrected(of: MonthAttendanceClosed, days: object, revision = 2): MonthAttendanceCorrected {
  const totals = { ...of.totals, ...days };
  const delta = { ...NONE, daysPlanned: 0, daysAttended: 0, minutesAttended: 0 };
  const more = { delta, reason: 'x', revision, version: revision };
  return event(MonthAttendanceCorrected, { ...of, totals, ...more });
}

const monthOf = async (placementId: string) => {
  const { body } = await finance().get('/v1/attendance-months?period=2026-11').expect(200);
  return body.items.find((one: { placementId: string }) => one.placementId === placementId);
};
const chargeOf = async (placementId: string) =>
  (
    await finance()
      .get(`/v1/charges/${(await monthOf(placementId)).chargeId}`)
      .expect(200)
  ).body;

beforeAll(async () => {
  billing = await startBilling({ PERIODIC: 'false' });
  const services = [{ kind: 'childcare', priceCeilingFen: 300_000 }];
  const child = aResident(billing.scene, { birthDate: '2025-03-05' });
  childId = child.residentId;
  await billing.deliver(contractNews(billing.scene, { services, version: 2 }), child);
  programme = await setProgramme(billing, {
    ...{ kinds: ['childcare'], rateBp: 10_000, caps: { perMonthFen: 170_000 } },
    eligibility: { ageMonthsMin: 12, ageMonthsMax: 24, attendedBpMin: 5_000 },
  });
  await finance()
    .post('/v1/absence-rules')
    .send({
      ...{ contractId: billing.scene.contractId, kind: 'childcare', from: '2026-01-01', sickMonthBp: 0 },
      ...{ sickDaysMin: 11, sickDaysBp: 5_000, absentMonthBp: 5_000 },
      ...{ closedDayBackBp: 10_000, forceMajeureDayBackBp: 10_000 },
    })
    .expect(201);
});
afterAll(() => billing?.stop());

const sweep = () => runAs(SYSTEM_ACTOR, () => billing.running.app.get(MonthsService).chargeWaiting());

it('a month without a price waits and says why; with one it is charged once, up to the cap of its class', async () => {
  const placement = newId();
  const month = closed(placement);
  await billing.deliver(month);
  expect(await monthOf(placement)).toMatchObject({ status: 'waiting', code: 'no_price', chargeId: null });
  const price = { kind: 'childcare', mode: 'full_day', unit: 'month' };
  await setPrice(billing, { ...price, amountFen: 280_000 });
  await setPrice(billing, { ...price, ageClass: 'toddler', amountFen: 200_000 });
  await sweep();
  await billing.deliver(month);
  expect(await monthOf(placement)).toMatchObject({ status: 'charged', code: null });
  expect(await chargeOf(placement)).toMatchObject({
    ...{ status: 'captured', unit: 'month', serviceDay: '2026-11-01', bookedOn: '2026-11-01' },
    ...{ grossFen: 200_000, fundersFen: 170_000, residentFen: 30_000, evidence: 'attendance' },
  });
  const { body: ties } = await finance().get('/v1/reports/ties?period=2026-11').expect(200);
  expect(ties.differenceFen).toBe(0);

  // Sick for long, after all, and below half of the workdays: half of the fee, and nothing of it from the programme.
  const sick = corrected(month, { daysAttended: 8, daysSick: 12 });
  await billing.deliver(sick, sick);
  const charge = await chargeOf(placement);
  expect(charge.corrections).toMatchObject([
    { reason: 'attendance_changed', grossFen: -100_000, fundersFen: -170_000, residentFen: 70_000 },
  ]);
  expect(charge.ratings[0].trace).toMatchObject([{ code: 'attendance_too_low', gaveFen: 0 }]);
  expect((await budgetOf(billing, programme.id)).spentFen).toBe(0);
  await billing.deliver(corrected(month, { daysAttended: 8, daysSick: 12 }, 3));
  expect((await chargeOf(placement)).corrections).toHaveLength(1);
  await billing.deliver(corrected(month, {}, 4));
  const { corrections } = await chargeOf(placement);
  expect(corrections).toHaveLength(2);
  expect(corrections[1]).toMatchObject({ grossFen: 100_000, fundersFen: 170_000, residentFen: -70_000 });
  expect((await finance().get('/v1/reports/ties?period=2026-11').expect(200)).body.differenceFen).toBe(0);
});

it('a place for half of the month costs half, and a closed day is given back', async () => {
  const placement = newId();
  await billing.deliver(closed(placement, { daysPlanned: 10, daysAttended: 9, daysClosed: 1 }));
  expect(await chargeOf(placement)).toMatchObject({ grossFen: 90_000, fundersFen: 0, residentFen: 90_000 });
  expect((await chargeOf(placement)).trace[0].code).toBe('attendance_too_low');
});
