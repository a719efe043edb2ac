import type { Actor } from '@doorstep/platform';
import { isVisit, statusNow } from './booking';
import type { BookingDto } from './bookings.dto';
import type { BookingRow } from './bookings.queries';

/** Who may pass the visit's code on to the client; a carer must hear it from the client. */
const SEES_VISIT_CODE = ['owner', 'front_end'] as const;

/** States in which a price is the rule. */
const UNPRICED: readonly string[] = ['confirmed', 'checked_in', 'on_review', 'delivered'];

export interface BookingEyes {
  actor: Actor;
  now: Date;
  visitCode: (bookingId: string) => string;
}

/** A booking as an actor sees it; empty fields are left out. */
export function showBooking(
  row: BookingRow & { note?: string },
  { actor, now, visitCode }: BookingEyes,
): BookingDto {
  const status = statusNow({ status: row.status, holdExpiresAt: row.holdExpiresAt ?? null }, now);
  const seesCode = SEES_VISIT_CODE.some((role) => actor.roles.includes(role));
  const standing = status === 'confirmed' || status === 'checked_in';
  const pending = status === 'held' || status === 'offered';
  const reason = status === row.status ? row.statusReason : 'hold_expired';
  const price = priceOf(row);
  return {
    id: row.id,
    operatorId: row.operatorId,
    contractId: row.contractId,
    siteId: row.siteId,
    offeringId: row.offeringId,
    sessionId: row.sessionId,
    residentId: row.residentId,
    kind: row.kind,
    mode: row.mode,
    start: row.start.toISOString(),
    end: row.end.toISOString(),
    serviceDay: row.serviceDay,
    partySize: row.partySize,
    status,
    ...(reason !== null && { statusReason: reason }),
    ...(row.refusal !== null && status === 'declined' && { refusal: row.refusal }),
    ...(pending && row.holdExpiresAt && { holdExpiresAt: row.holdExpiresAt.toISOString() }),
    ...(price && { price }),
    ...(!price && UNPRICED.includes(status) && { unpriced: true }),
    ...(row.caregiverId !== null && { caregiverId: row.caregiverId }),
    ...(standing && seesCode && isVisit(row.delivery, row.mode) && { visitCode: visitCode(row.id) }),
    ...(row.minutes !== null && { minutes: row.minutes }),
    ...(row.feeFen !== null && { feeFen: row.feeFen }),
    ...(row.replaces !== null && { replaces: row.replaces }),
    ...(row.packageId !== null && { packageId: row.packageId }),
    ...(row.bookedBy !== null && { bookedBy: row.bookedBy }),
    ...(row.mealOfDay !== null && { mealOfDay: row.mealOfDay }),
    ...(row.note !== undefined && { note: row.note }),
    version: row.version,
    createdAt: row.createdAt.toISOString(),
  };
}

function priceOf({
  grossFen,
  residentFen,
  fundersFen,
  operatorFen,
  funders,
}: BookingRow): BookingDto['price'] {
  if (grossFen === null || residentFen === null || fundersFen === null || operatorFen === null)
    return undefined;
  return { grossFen, residentFen, fundersFen, operatorFen, lines: funders ?? [] };
}
