import {
  type AttendanceRecorded,
  BookingCancelled,
  BookingConfirmed,
  BookingHeld,
  BookingNoShow,
  CapacitySnapshot,
  ChargeCaptured,
  ChargeCorrected,
  type DomainEvent,
  event,
  ResidentMerged,
  ServiceDelivered,
} from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import type { Letter } from '@doorstep/testing';
import fc from 'fast-check';
import { recordedDay } from './care.fixture';

/** Whose events they are. */
export interface StreamWorld {
  operatorId: string;
  siteIds: string[];
  /** The contract that the facts name, whatever the standing of the day says. */
  contractId: string;
}

interface Life {
  residentId: string;
  site: number;
  day: string;
  kind: string;
  region: string;
  partySize: number;
  units: number | undefined;
  end: string;
  residentFen: number;
  shares: number[];
  operatorFen: number;
  corrections: { residentFen: number; fundersFen: number }[];
}

export const REGION = '310101002001';
const REGIONS = [REGION, '310101003001'];
const FUNDERS = [newId(), newId()];
/** Few, so that the same people come again; the last two are one. */
const PEOPLE = Array.from({ length: 5 }, newId);
const aPerson = fc.constantFrom(...PEOPLE);

const MONTHS = ['2026-10', '2026-11'];
const aDay = fc
  .tuple(fc.constantFrom(...MONTHS), fc.integer({ min: 1, max: 28 }))
  .map(([month, day]) => `${month}-${String(day).padStart(2, '0')}`);
const aKind = fc.constantFrom('meals', 'sports');
const aSiteNumber = fc.integer({ min: 0, max: 2 });
const anAmount = fc.integer({ min: 0, max: 5_000 });

/** A booking's whole life, with its charge and what was corrected of it. */
const aLife = (world: StreamWorld) =>
  fc
    .record({
      residentId: aPerson,
      site: aSiteNumber,
      day: aDay,
      kind: aKind,
      region: fc.constantFrom(...REGIONS),
      partySize: fc.integer({ min: 1, max: 4 }),
      units: fc.option(fc.constant(1), { nil: undefined }),
      end: fc.constantFrom('held', 'confirmed', 'cancelled', 'delivered', 'no_show', 'charge_only'),
      residentFen: anAmount,
      shares: fc.array(anAmount, { maxLength: 2 }),
      operatorFen: anAmount,
      corrections: fc.array(
        fc.record({
          residentFen: fc.integer({ min: -500, max: 500 }),
          fundersFen: fc.integer({ min: -500, max: 500 }),
        }),
        { maxLength: 2 },
      ),
    })
    .map((life) => lifeOf(world, life));

function lifeOf(world: StreamWorld, life: Life): DomainEvent[] {
  const common = { operatorId: world.operatorId, at: '2026-11-01T00:00:00.000Z', bookingId: newId() };
  const start = `${life.day}T03:00:00.000Z`;
  const booking = {
    ...common,
    contractId: world.contractId,
    siteId: world.siteIds[life.site],
    offeringId: newId(),
    residentId: life.residentId,
    kind: life.kind,
    mode: 'session' as const,
    regionCode: life.region,
    start,
    end: `${life.day}T04:00:00.000Z`,
    serviceDay: life.day,
    partySize: life.partySize,
    ...(life.units && { units: life.units }),
  };
  const funders = life.shares.map((amountFen, i) => ({
    programmeId: newId(),
    funderId: FUNDERS[i],
    amountFen,
  }));
  const fundersFen = funders.reduce((total, { amountFen }) => total + amountFen, 0);
  const { contractId: contract, siteId, residentId, kind, serviceDay } = booking;
  const charge = {
    ...common,
    chargeId: newId(),
    contractId: contract,
    siteId,
    residentId,
    kind,
    serviceDay,
  };
  const { residentFen, operatorFen } = life;
  const captured = event(ChargeCaptured, {
    ...charge,
    ...{ residentFen, fundersFen, operatorFen, funders },
    grossFen: residentFen + fundersFen + operatorFen,
    version: 3,
  });
  const corrections = life.corrections.map((correction, i) =>
    event(ChargeCorrected, {
      ...charge,
      ...correction,
      operatorFen: 0,
      grossFen: correction.residentFen + correction.fundersFen,
      reason: 'credited',
      version: 4 + i,
    }),
  );
  const charged = life.end === 'delivered' || life.end === 'charge_only' ? [captured, ...corrections] : [];
  return [...endsOf(booking, start)[life.end], ...charged];
}

type Booked = Omit<BookingConfirmed, 'caregiverId' | 'replaces' | 'version'>;

function endsOf(booking: Booked, start: string): Record<string, DomainEvent[]> {
  const held = event(BookingHeld, { ...booking, expiresAt: start, version: 1 });
  const confirmed = event(BookingConfirmed, { ...booking, version: 2 });
  return {
    held: [held],
    confirmed: [held, confirmed],
    cancelled: [
      held,
      confirmed,
      event(BookingCancelled, { ...booking, by: 'resident', reason: 'x', version: 3 }),
    ],
    no_show: [held, confirmed, event(BookingNoShow, { ...booking, version: 3 })],
    delivered: [
      held,
      confirmed,
      event(ServiceDelivered, { ...booking, minutes: 60, evidence: 'attendance', version: 3 }),
    ],
    charge_only: [],
  };
}

/** An offering's month, told once or twice. */
const aCapacity = (world: StreamWorld) =>
  fc
    .record({
      site: aSiteNumber,
      month: fc.constantFrom(...MONTHS),
      kind: aKind,
      days: fc.uniqueArray(fc.integer({ min: 1, max: 28 }), { minLength: 1, maxLength: 4 }),
      capacity: fc.tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 40 })),
      waiting: fc.integer({ min: 0, max: 3 }),
    })
    .map(({ site, month, kind, days, capacity, waiting }): DomainEvent[] => {
      const offeringId = newId();
      return capacity.map((units, i) =>
        event(CapacitySnapshot, {
          operatorId: world.operatorId,
          capacityId: `${offeringId}/${month}`,
          offeringId,
          siteId: world.siteIds[site],
          month,
          days: days.map((day) => ({
            day: `${month}-${String(day).padStart(2, '0')}`,
            kind,
            regionCode: REGION,
            sessions: 1,
            capacity: units,
            waiting,
            // Every other one has children with places.
            ...(site % 2 === 0 && {
              placed: units,
              came: Math.floor(units / 2),
              missing: waiting > 0 ? units - Math.floor(units / 2) : 0,
            }),
          })),
          version: days.length * (i + 1),
          at: '2026-11-01T00:00:00.000Z',
        }),
      );
    });

/** A child's day in a group, recorded once or corrected; now and then two of the people turn out to be one. */
const aCareDay = (world: StreamWorld) =>
  fc
    .record({
      site: aSiteNumber,
      day: aDay,
      regionCode: fc.constantFrom(...REGIONS),
      residentId: aPerson,
      outcomes: fc.array(fc.constantFrom(...OUTCOMES), { minLength: 1, maxLength: 2 }),
      merge: fc.boolean(),
    })
    .map(({ site, outcomes, merge, ...day }): DomainEvent[] => {
      const { operatorId, siteIds } = world;
      const of = { ...day, operatorId, siteId: siteIds[site], placementId: newId() };
      const recorded = outcomes.map((outcome, n) => recordedDay({ ...of, outcome, version: 2 + n }));
      return merge ? [...recorded, sameAs(operatorId)] : recorded;
    });
const OUTCOMES: AttendanceRecorded['outcome'][] = ['checked_in', 'attended', 'refused', 'absent'];

const sameAs = (operatorId: string): ResidentMerged =>
  event(ResidentMerged, {
    ...{ operatorId, residentId: PEOPLE[4], survivorId: PEOPLE[3] },
    ...{ version: 2, at: '2026-11-25T05:00:00.000Z' },
  });

/** In any order across and within keys, some of it twice: by the same event and by another one that says the same. */
export const aStream = (world: StreamWorld): fc.Arbitrary<Letter[]> =>
  fc
    .tuple(
      fc.array(aLife(world), { minLength: 3, maxLength: 8 }),
      fc.array(aCapacity(world), { minLength: 1, maxLength: 3 }),
      fc.array(aCareDay(world), { maxLength: 4 }),
    )
    .chain(([lives, capacities, days]) => {
      const letters = [...lives, ...capacities, ...days]
        .flat()
        .map((each): Letter => ({ event: each, id: newId() }));
      const twins = fc.subarray(letters);
      const again = fc
        .subarray(letters)
        .map((some) => some.map((letter): Letter => ({ event: letter.event, id: newId() })));
      return fc.tuple(twins, again).chain(([same, other]) =>
        fc.shuffledSubarray([...letters, ...same, ...other], {
          minLength: letters.length + same.length + other.length,
        }),
      );
    });
