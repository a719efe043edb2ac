import {
  BookingNoShow,
  CapacitySnapshot,
  ChargeCaptured,
  type DomainEvent,
  event,
  ResidentMerged,
  ServiceDelivered,
} from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';

export const STREETS = ['310101002', '310101003'];
/** Who comes to lunch. */
export const residentId = newId();
/** The same person, once registered twice. */
export const formerId = newId();

export const sameResident = (operatorId: string): ResidentMerged =>
  event(ResidentMerged, {
    ...{ operatorId, residentId: formerId, survivorId: residentId },
    ...{ version: 2, at: '2026-11-25T05:00:00.000Z' },
  });

export interface Lunch {
  operatorId: string;
  contractId: string;
  funderId: string;
}

/** One day of a site, in the street of its number. */
export function lunchesAt(lunch: Lunch, siteId: string, i: number): DomainEvent[] {
  return [...mealsAt(lunch, siteId, i), capacityAt(lunch, siteId, i)];
}

/** Ten meals at 20 yuan at the first site, five at the second; one resident came to all of them, one did not come. */
function mealsAt(lunch: Lunch, siteId: string, i: number): DomainEvent[] {
  const many = i === 0 ? 10 : 5;
  return Array.from({ length: many + 1 }, (_, n) => {
    const common = {
      operatorId: lunch.operatorId,
      bookingId: newId(),
      contractId: lunch.contractId,
      siteId,
      residentId: n % 2 === 0 ? residentId : formerId,
      kind: 'meals',
      serviceDay: '2026-11-20',
      version: 3,
      at: '2026-11-20T05:00:00.000Z',
    };
    const booking = {
      ...common,
      offeringId: newId(),
      mode: 'session' as const,
      regionCode: `${STREETS[i]}001`,
      start: '2026-11-20T03:00:00.000Z',
      end: '2026-11-20T04:30:00.000Z',
      partySize: 1,
    };
    if (n === many) return [event(BookingNoShow, booking)];
    const amounts = { grossFen: 2000, residentFen: 1500, fundersFen: 400, operatorFen: 100 };
    return [
      event(ServiceDelivered, { ...booking, minutes: 60, evidence: 'attendance' }),
      event(ChargeCaptured, {
        ...common,
        ...amounts,
        chargeId: newId(),
        funders: [{ programmeId: newId(), funderId: lunch.funderId, amountFen: 400 }],
      }),
    ];
  }).flat();
}

function capacityAt(lunch: Lunch, siteId: string, i: number): CapacitySnapshot {
  const offeringId = newId();
  const day = {
    day: '2026-11-20',
    kind: 'meals',
    regionCode: `${STREETS[i]}001`,
    sessions: 1,
    capacity: 30,
    waiting: i,
  };
  return event(CapacitySnapshot, {
    operatorId: lunch.operatorId,
    capacityId: `${offeringId}/2026-11`,
    offeringId,
    siteId,
    month: '2026-11',
    days: [day],
    version: 1,
    at: '2026-11-01T00:00:00.000Z',
  });
}
