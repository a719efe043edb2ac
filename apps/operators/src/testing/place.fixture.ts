import {
  AbsenceRecorded,
  AbsenceReplaced,
  CareDayGivenBack,
  CareDayReserved,
  type DomainEvent,
  event,
  type OfferingSnapshot,
  PlacementEnded,
  PlacementStarted,
} from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';

const AT = '2026-09-01T02:00:00.000Z';
const HOURS = { opensAt: '08:00', noonAt: '12:00', closesAt: '17:00' };
export const WHOLE_WEEK = [1, 2, 3, 4, 5].map((weekday) => ({ weekday, part: 'day' as const }));

/** A child's place as bookings tells of it, fact by fact. */
export class ToldPlace {
  readonly placementId = newId();
  readonly facts: DomainEvent[] = [];
  private readonly own;
  private version = 1;

  constructor(
    { operatorId, siteId, offeringId }: OfferingSnapshot,
    terms: Partial<Pick<PlacementStarted, 'mode' | 'pattern' | 'days' | 'from' | 'to'>>,
  ) {
    const { mode = 'full_day', from = '2026-09-01', to = '2028-01-01', pattern = [], days } = terms;
    const what = { contractId: newId(), groupId: newId(), residentId: newId(), regionCode: '310101002001' };
    const how = { kind: 'childcare', ageClass: 'toddler' as const, mode, from, to };
    this.own = { operatorId, siteId, offeringId, placementId: this.placementId, ...what, ...how, at: AT };
    this.facts.push(
      event(PlacementStarted, { ...this.own, pattern, hours: HOURS, ...(days && { days }), version: 1 }),
    );
  }

  away(...days: string[]): this {
    const absent = days.map((day) => ({ day, kind: 'sick' as const, noticeHours: 0 }));
    return this.tell((next) => event(AbsenceRecorded, { ...next, absenceId: newId(), days: absent }));
  }

  comesAfterAll(...days: string[]): this {
    return this.tell((next) => event(AbsenceReplaced, { ...next, days }));
  }

  reserves(day: string, fromAt = '09:00', toAt = '11:00'): this {
    return this.tell((next) => event(CareDayReserved, { ...next, reserved: { day, fromAt, toAt } }));
  }

  givesBack(day: string): this {
    return this.tell((next) => event(CareDayGivenBack, { ...next, day }));
  }

  ends(to: string): this {
    return this.tell((next) => event(PlacementEnded, { ...next, to, reason: 'moved' }));
  }

  private tell(fact: (next: ToldPlace['own'] & { version: number }) => DomainEvent): this {
    this.version += 1;
    this.facts.push(fact({ ...this.own, version: this.version }));
    return this;
  }
}
