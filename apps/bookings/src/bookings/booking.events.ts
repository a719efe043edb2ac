import {
  BookingCancelled,
  BookingConfirmed,
  BookingExpired,
  BookingHeld,
  BookingNoShow,
  BookingRejected,
  type DomainEvent,
  event,
  ServiceDelivered,
  type ServiceMode,
} from '@doorstep/contracts';
import type { BookingRow } from './bookings.queries';

/** What every fact of a booking says again. */
export function factOf(row: BookingRow, at: Date) {
  return {
    operatorId: row.operatorId,
    bookingId: row.id,
    contractId: row.contractId,
    siteId: row.siteId,
    offeringId: row.offeringId,
    residentId: row.residentId,
    kind: row.kind,
    mode: row.mode as ServiceMode,
    regionCode: row.regionCode,
    start: row.start.toISOString(),
    end: row.end.toISOString(),
    serviceDay: row.serviceDay,
    partySize: row.partySize,
    units: row.units,
    version: row.version,
    at: at.toISOString(),
  };
}

export function bookingHeld(row: BookingRow, expiresAt: Date, at: Date): BookingHeld {
  return event(BookingHeld, {
    ...factOf(row, at),
    expiresAt: expiresAt.toISOString(),
    ...(row.mealOfDay !== null && { mealOfDay: row.mealOfDay }),
    ...(row.replaces && { replaces: row.replaces }),
    ...(row.packageId && { packageId: row.packageId }),
  });
}

export function bookingConfirmed(row: BookingRow, at: Date): BookingConfirmed {
  return event(BookingConfirmed, {
    ...factOf(row, at),
    ...(row.grossFen === null && { unpriced: true }),
    ...(row.caregiverId && { caregiverId: row.caregiverId }),
    ...(row.replaces && { replaces: row.replaces }),
  });
}

export function serviceDelivered(
  row: BookingRow,
  at: Date,
  evidence: 'attendance' | 'visit',
): ServiceDelivered {
  return event(ServiceDelivered, {
    ...factOf(row, at),
    minutes: row.minutes ?? 0,
    evidence,
    ...(row.caregiverId && { caregiverId: row.caregiverId }),
  });
}

export function bookingNoShow(row: BookingRow, at: Date): BookingNoShow {
  return event(BookingNoShow, { ...factOf(row, at), ...feeOf(row) });
}

function feeOf({ feeFen, feeRuleId }: BookingRow): { feeFen?: number; feeRuleId?: string } {
  return feeFen === null || feeRuleId === null ? {} : { feeFen, feeRuleId };
}

/** The fact of a booking that ended without a service, by the state it is in. */
export function bookingEnded(row: BookingRow, at: Date): DomainEvent {
  const fact = factOf(row, at);
  switch (row.status) {
    case 'declined':
      return event(BookingRejected, { ...fact, reason: row.statusReason ?? 'declined' });
    case 'expired':
      return event(BookingExpired, fact);
    case 'cancelled':
      return event(BookingCancelled, {
        ...fact,
        by: row.cancelledBy ?? 'system',
        reason: row.statusReason ?? 'cancelled',
        ...feeOf(row),
      });
    case 'no_show':
      return bookingNoShow(row, at);
    default:
      throw new Error(`assertion failed: a booking that is ${row.status} has not ended`);
  }
}
