import {
  ChargeAuthorised,
  ChargeDeclined,
  ContractSiteSnapshot,
  ContractSnapshot,
  event,
  OfferingSnapshot,
  SiteSnapshot,
  StaffSnapshot,
} from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import type { FixedClock } from '@doorstep/testing';
import type { BookingDto } from '../bookings/bookings.dto';

const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];
export const COMMUNITY = '310101002001';

export type Changes<T> = Partial<Omit<T, 'version' | 'at'>> & { version?: number };

/** What the other services would tell of one operator. */
export class Neighbours {
  readonly operatorId = newId();
  readonly contractId = newId();

  constructor(readonly clock: FixedClock) {}

  private get at(): string {
    return this.clock.now().toISOString();
  }

  site(changes: Changes<SiteSnapshot> = {}): SiteSnapshot {
    return event(SiteSnapshot, {
      operatorId: this.operatorId,
      siteId: newId(),
      code: 'S1',
      nameZh: '东华门',
      regionCode: COMMUNITY,
      status: 'operating',
      lng: 121.48,
      lat: 31.23,
      timeZone: 'Asia/Shanghai',
      openingHours: EVERY_DAY.map((weekday) => ({ weekday, opens: '07:00', closes: '21:00' })),
      openingExceptions: [],
      version: 1,
      at: this.at,
      ...changes,
    });
  }

  offering(changes: Changes<OfferingSnapshot> & { siteId: string }): OfferingSnapshot {
    return event(OfferingSnapshot, {
      operatorId: this.operatorId,
      offeringId: newId(),
      code: 'LUNCH',
      nameZh: '午餐',
      kind: 'meals',
      mode: 'session',
      delivery: 'on_site',
      capacityModel: 'seats',
      capacity: 30,
      skills: [],
      schedule: daily('11:00', '12:30'),
      leadMinutes: 0,
      cutoffMinutes: 60,
      bufferMinutes: 0,
      active: true,
      version: 1,
      at: this.at,
      ...changes,
    });
  }

  contract(changes: Changes<ContractSnapshot> = {}): ContractSnapshot {
    return event(ContractSnapshot, {
      operatorId: this.operatorId,
      contractId: this.contractId,
      authorityId: newId(),
      number: 'C1',
      status: 'active',
      from: '2026-01-01',
      to: '2029-01-01',
      services: ['meals', 'sports', 'childcare', 'elderly_care', 'culture'].map((kind) => ({ kind })),
      version: 1,
      at: this.at,
      ...changes,
    });
  }

  contractSite(siteId: string, changes: Changes<ContractSiteSnapshot> = {}): ContractSiteSnapshot {
    return event(ContractSiteSnapshot, {
      operatorId: this.operatorId,
      contractSiteId: newId(),
      contractId: this.contractId,
      siteId,
      from: '2026-01-01',
      to: '2029-01-01',
      kinds: [],
      inForce: true,
      version: 1,
      at: this.at,
      ...changes,
    });
  }

  staff(siteId: string, changes: Changes<StaffSnapshot> = {}): StaffSnapshot {
    return event(StaffSnapshot, {
      operatorId: this.operatorId,
      staffId: newId(),
      siteIds: [siteId],
      jobTitle: 'caregiver',
      skills: ['bedside_care'],
      active: true,
      version: 1,
      at: this.at,
      ...changes,
    });
  }

  /** What billing would say: yes. */
  authorised(booking: BookingDto): ChargeAuthorised {
    const { id, contractId, siteId, residentId, kind, serviceDay } = booking;
    return event(ChargeAuthorised, {
      operatorId: this.operatorId,
      chargeId: newId(),
      bookingId: id,
      contractId,
      siteId,
      residentId,
      kind,
      serviceDay,
      grossFen: 1800,
      residentFen: 1600,
      fundersFen: 200,
      operatorFen: 0,
      funders: [{ programmeId: newId(), funderId: newId(), amountFen: 200 }],
      version: 1,
      at: this.at,
    });
  }

  /** What billing would say: no. */
  declined(booking: BookingDto, code = 'no_price'): ChargeDeclined {
    return event(ChargeDeclined, {
      operatorId: this.operatorId,
      chargeId: newId(),
      bookingId: booking.id,
      code,
      reason: 'There is no price.',
      version: 1,
      at: this.at,
    });
  }
}

export function daily(starts: string, ends: string, slotMinutes?: number): OfferingSnapshot['schedule'] {
  return EVERY_DAY.map((weekday) => ({ weekday, starts, ends, ...(slotMinutes && { slotMinutes }) }));
}
