import {
  CareDayGivenBack,
  CareDayReserved,
  type DomainEvent,
  event,
  PlacementChanged,
  PlacementEnded,
  PlacementEnding,
  PlacementOffered,
  PlacementOfferEnded,
  PlacementStarted,
} from '@doorstep/contracts';
import { type PlannedDay, weekdaysOf } from './placement';
import type { PlacementRow } from './placements.queries';

/** What every fact of a placement says again. */
export function placementFact(row: PlacementRow, at: Date) {
  return {
    operatorId: row.operatorId,
    placementId: row.id,
    contractId: row.contractId,
    siteId: row.siteId,
    offeringId: row.offeringId,
    groupId: row.groupId,
    residentId: row.residentId,
    kind: row.kind,
    mode: row.mode,
    ageClass: row.ageClass,
    regionCode: row.regionCode,
    from: row.from,
    to: row.to,
    version: row.version,
    at: at.toISOString(),
  };
}

export function contingentOf(row: PlacementRow) {
  return {
    ...(row.contingentMinutes !== null && { contingentMinutes: row.contingentMinutes }),
    ...(row.contingentDays !== null && { contingentDays: row.contingentDays }),
  };
}

function termsFact(row: PlacementRow, at: Date) {
  const { opensAt, noonAt, closesAt } = row;
  const hours = { opensAt, noonAt, closesAt };
  return { ...placementFact(row, at), pattern: weekdaysOf(row.pattern), hours, ...contingentOf(row) };
}

const reservedDay = ({ day, fromAt, toAt }: PlannedDay) => ({ day, fromAt, toAt });

/** A placement has just come to be, or an offer of one was accepted. @param days of temporary care */
export function placementBegun(row: PlacementRow, at: Date, days?: readonly PlannedDay[]): DomainEvent {
  const fact = { ...termsFact(row, at), ...(days && { days: days.map(reservedDay) }) };
  if (row.status === 'offered') {
    return event(PlacementOffered, {
      ...fact,
      applicationId: row.applicationId ?? '',
      acceptBy: row.acceptBy?.toISOString() ?? '',
    });
  }
  if (row.continues !== null) return event(PlacementChanged, { ...fact, continues: row.continues });
  return event(PlacementStarted, { ...fact, ...(row.applicationId && { applicationId: row.applicationId }) });
}

export function careDayReserved(row: PlacementRow, at: Date, day: PlannedDay): CareDayReserved {
  return event(CareDayReserved, { ...placementFact(row, at), reserved: reservedDay(day) });
}

export function careDayGivenBack(row: PlacementRow, at: Date, day: string): CareDayGivenBack {
  return event(CareDayGivenBack, { ...placementFact(row, at), day });
}

export function placementEnded(row: PlacementRow, at: Date): PlacementEnded {
  return event(PlacementEnded, { ...placementFact(row, at), reason: row.endReason ?? 'ended' });
}

export function placementEnding(row: PlacementRow, at: Date): PlacementEnding {
  const reason = row.endsBecause === 'outgrows_service' ? 'outgrows_service' : 'outgrows_group';
  return event(PlacementEnding, { ...placementFact(row, at), reason });
}

export function placementOfferEnded(row: PlacementRow, at: Date): PlacementOfferEnded {
  return event(PlacementOfferEnded, {
    ...placementFact(row, at),
    applicationId: row.applicationId ?? '',
    outcome: row.status === 'expired' ? 'expired' : 'declined',
  });
}
