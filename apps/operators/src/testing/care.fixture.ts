import { AttendanceRecorded, event } from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';

export interface CareDay {
  operatorId: string;
  siteId: string;
  regionCode: string;
  residentId: string;
  day: string;
  outcome?: AttendanceRecorded['outcome'];
  placementId?: string;
  /** Of the placement; what is recorded later has a higher one. */
  version?: number;
}

/** What was recorded of a child's day in a group. */
export function recordedDay({ outcome = 'attended', version = 2, ...of }: CareDay): AttendanceRecorded {
  const place = { contractId: newId(), offeringId: newId(), groupId: newId(), placementId: newId() };
  const terms = { kind: 'childcare', mode: 'full_day' as const, ageClass: 'toddler' as const };
  return event(AttendanceRecorded, {
    ...place,
    ...terms,
    ...of,
    outcome,
    from: '2026-01-01',
    to: '2027-01-01',
    revision: version,
    minutes: outcome === 'attended' ? 480 : 0,
    latePickupMinutes: 0,
    corrected: false,
    version,
    at: `${of.day}T10:00:00.000Z`,
  });
}
