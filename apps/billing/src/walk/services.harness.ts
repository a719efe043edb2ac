import {
  BookingCancelled,
  BookingExpired,
  BookingNoShow,
  ContractSiteSnapshot,
  event,
  MonthAttendanceClosed,
  MonthAttendanceCorrected,
  ResidentMerged,
  ResidentSnapshot,
  ServiceDelivered,
  VisitContradicted,
  type BookingHeld,
} from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import { aResident, AT, cancelled, delivered, held, REGION } from '../billing.harness';
import type { Step, Told, Walk } from './walk.harness';

/* What bookings and operators tell: services held, delivered and ended, months of places, people and sites that change. */

export const HANDED_OVER = '2026-11-16';
const SERVICE_DAYS = [
  '2026-10-12',
  '2026-10-29',
  '2026-11-02',
  '2026-11-15',
  '2026-11-16',
  '2026-11-27',
  '2026-12-01',
  '2026-12-20',
];

const contractOn = ({ stage }: Walk, day: string): string =>
  stage.contracts[stage.handedOver && day >= HANDED_OVER ? 1 : 0];

function services({ billing, dice }: Walk, day: string): Partial<BookingHeld> {
  const { meals, court, childcare } = billing.scene;
  const hour = String(dice.below(8)).padStart(2, '0');
  const minute = String(dice.below(60)).padStart(2, '0');
  const start = `${day}T${hour}:${minute}:00.000Z`;
  const end = `${day}T${String(Number(hour) + 2).padStart(2, '0')}:${minute}:00.000Z`;
  const times = { start, end, serviceDay: day, expiresAt: start };
  const kinds = [
    { offeringId: meals, kind: 'meals', mode: 'session' as const },
    { offeringId: meals, kind: 'meals', mode: 'session' as const },
    { offeringId: childcare, kind: 'childcare', mode: 'timed' as const },
    { offeringId: court, kind: 'sports', mode: 'session' as const },
  ];
  return { ...times, ...dice.of(kinds), ...(dice.chance(0.1) && { partySize: 2 + dice.below(2) }) };
}

async function hold(walk: Walk): Promise<void> {
  const { stage, dice, billing } = walk;
  const day = dice.of(SERVICE_DAYS);
  const scene = { ...billing.scene, contractId: contractOn(walk, day) };
  const wish = dice.chance(0.1) ? { packageId: 'none' } : {};
  const booking = held(scene, dice.of(stage.residents), { ...services(walk, day), ...wish });
  await walk.tell(booking);
  stage.bookings.push({ booking, state: 'held' });
}

/** As bookings tells it by then: the contract of its day, and whoever the resident has become. */
function asOfNow(walk: Walk, told: Told): BookingHeld {
  return { ...told.booking, contractId: contractOn(walk, told.booking.serviceDay) } as BookingHeld;
}

function oneOf({ stage, dice }: Walk, state: Told['state']): Told | undefined {
  const fitting = stage.bookings.filter((told) => told.state === state);
  return fitting.length > 0 ? dice.of(fitting) : undefined;
}

async function deliver(walk: Walk): Promise<void> {
  const told = oneOf(walk, 'held');
  if (!told) return hold(walk);
  const { dice } = walk;
  const { bookingId } = told.booking;
  const [{ status }] = await walk.rows<{ status: string }>(
    'SELECT status FROM charge WHERE booking_id = $1',
    bookingId,
  );
  if (status === 'pending' || told.state !== 'held') return;
  told.state = 'delivered';
  const evidence = dice.of(['attendance', 'visit'] as const);
  await walk.tell(
    event(ServiceDelivered, { ...delivered(asOfNow(walk, told), { minutes: dice.below(150), evidence }) }),
  );
}

async function end(walk: Walk): Promise<void> {
  const told = oneOf(walk, 'held');
  if (!told) return;
  told.state = 'ended';
  const { dice } = walk;
  const booking = asOfNow(walk, told);
  const fee = dice.chance(0.4) ? { feeFen: 1 + dice.below(2_500) } : {};
  const { expiresAt: _expiresAt, ...facts } = booking;
  const ends = [
    () => cancelled(booking, fee),
    () => event(BookingNoShow, { ...facts, ...fee, version: 3 }),
    () => event(BookingExpired, { ...facts, version: 3 }),
  ];
  await walk.tell(dice.of(ends)());
}

/** A visit that was delivered is contradicted by a later one; sometimes somebody decides at once. */
async function doubt(walk: Walk): Promise<void> {
  const told = oneOf(walk, 'delivered');
  if (!told) return;
  const { expiresAt: _expiresAt, ...facts } = asOfNow(walk, told);
  await walk.tell(
    event(VisitContradicted, { ...facts, contradictedBy: newId(), signals: ['overlapping'], version: 4 }),
  );
  if (walk.dice.chance(0.6)) {
    const minutes = 30 + walk.dice.below(90);
    await walk.tell(event(ServiceDelivered, { ...delivered(asOfNow(walk, told), { minutes }), version: 5 }));
  } else if (walk.dice.chance(0.5)) {
    told.state = 'ended';
    await walk.tell(event(BookingCancelled, { ...cancelled(asOfNow(walk, told)), version: 5 }));
  }
}

const NONE = {
  ...{ daysSick: 0, daysAbsentPlanned: 0, daysAbsentUnplanned: 0, daysClosed: 0, daysForceMajeure: 0 },
  ...{ latePickups: 0, latePickupMinutes: 0, minutesReserved: 0, daysReserved: 0 },
};

function attended({ dice }: Walk) {
  const [daysPlanned, daysSick] = [10 + dice.below(11), dice.below(9)];
  const daysAttended = Math.max(0, daysPlanned - daysSick - dice.below(3));
  const daysClosed = daysPlanned - daysSick - daysAttended;
  return { ...NONE, daysPlanned, daysSick, daysClosed, daysAttended, minutesAttended: daysAttended * 480 };
}

async function monthOfPlace(walk: Walk): Promise<void> {
  const { stage, dice, billing } = walk;
  const { operatorId, siteId, childcare } = billing.scene;
  const month = dice.of(['2026-10', '2026-11', '2026-12']);
  const told = event(MonthAttendanceClosed, {
    ...{ operatorId, placementId: newId(), contractId: contractOn(walk, `${month}-01`), siteId },
    ...{ offeringId: childcare, groupId: newId(), residentId: dice.of(stage.residents) },
    ...{ kind: 'childcare', mode: 'full_day', ageClass: 'toddler', regionCode: REGION, month, revision: 1 },
    ...{ from: '2026-09-01', to: '2027-09-01', workdays: 21, patternDays: 20, totals: attended(walk) },
    ...{ version: 1, at: AT },
  });
  stage.months.push(told);
  await walk.tell(told);
}

async function correctMonth(walk: Walk): Promise<void> {
  const { stage, dice } = walk;
  if (stage.months.length === 0) return monthOfPlace(walk);
  const index = dice.below(stage.months.length);
  const revision = stage.months[index].revision + 1;
  const next = { ...stage.months[index], totals: attended(walk), revision, version: revision };
  stage.months[index] = next as MonthAttendanceClosed;
  const delta = { ...NONE, daysPlanned: 0, daysAttended: 0, minutesAttended: 0 };
  await walk.tell(event(MonthAttendanceCorrected, { ...next, delta, reason: 'x' }));
}

async function becomesOther(walk: Walk): Promise<void> {
  const { stage, dice, billing } = walk;
  const residentId = dice.of(stage.residents);
  const changes = {
    hardship: dice.chance(0.5),
    subsidyConsent: dice.chance(0.8),
    birthDate: dice.of(['1955-05-05', '2024-05-05', '1990-01-01']),
  };
  await walk.tell(
    event(ResidentSnapshot, {
      ...aResident(billing.scene),
      ...changes,
      residentId,
      version: 2 + ++stage.count,
    }),
  );
}

async function merge(walk: Walk): Promise<void> {
  const { stage, dice, billing } = walk;
  if (stage.residents.length < 4) {
    const person = aResident(billing.scene);
    await walk.tell(person);
    stage.residents.push(person.residentId);
    return;
  }
  const [residentId] = stage.residents.splice(dice.below(stage.residents.length), 1);
  const survivorId = dice.of(stage.residents);
  for (const told of stage.bookings)
    if (told.booking.residentId === residentId)
      told.booking = { ...told.booking, residentId: survivorId } as BookingHeld;
  stage.months = stage.months.map((month) =>
    month.residentId === residentId ? ({ ...month, residentId: survivorId } as MonthAttendanceClosed) : month,
  );
  const { operatorId } = billing.scene;
  await walk.tell(
    event(ResidentMerged, { operatorId, residentId, survivorId, version: 2 + ++stage.count, at: AT }),
  );
}

/** The site goes from one contract to the other from a day on. */
async function handOver(walk: Walk): Promise<void> {
  const { stage, billing } = walk;
  if (stage.handedOver) return;
  const { operatorId, siteId } = billing.scene;
  const [contractId, next] = stage.contracts;
  const known = await walk.rows<{ id: string }>(
    'SELECT id FROM known_placement WHERE contract_id = $1',
    contractId,
  );
  const standing = { operatorId, siteId, kinds: [], inForce: true, at: AT };
  stage.handedOver = true;
  await walk.tell(
    event(ContractSiteSnapshot, {
      ...standing,
      ...{ contractSiteId: known[0].id, contractId, from: '2026-01-01', to: HANDED_OVER, version: 2 },
    }),
    event(ContractSiteSnapshot, {
      ...standing,
      ...{ contractSiteId: newId(), contractId: next, from: HANDED_OVER, to: '2029-01-01', version: 1 },
      continues: known[0].id,
    }),
  );
}

export const serviceSteps: Step[] = [
  { name: 'hold', weight: 12, play: hold },
  { name: 'deliver', weight: 12, play: deliver },
  { name: 'end', weight: 4, play: end },
  { name: 'doubt', weight: 1, play: doubt },
  { name: 'month', weight: 3, play: monthOfPlace },
  { name: 'correct month', weight: 3, play: correctMonth },
  { name: 'become other', weight: 1, play: becomesOther },
  { name: 'merge', weight: 1, play: merge },
  { name: 'hand over', weight: 3, play: handOver },
];
