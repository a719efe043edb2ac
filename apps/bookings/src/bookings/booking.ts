import { DomainError, transitions } from '@doorstep/kernel';

export const BOOKING_STATUSES = [
  'offered',
  'held',
  'confirmed',
  'checked_in',
  'on_review',
  'delivered',
  'declined',
  'expired',
  'cancelled',
  'no_show',
] as const;
export type BookingStatus = (typeof BOOKING_STATUSES)[number];

export type BookingCommand =
  | 'accept'
  | 'confirm'
  | 'decline'
  | 'expire'
  | 'cancel'
  | 'check in'
  | 'put on review'
  | 'reject'
  | 'deliver'
  | 'mark no-show';

/** The life of a booking. Checked for reachability when this module loads. */
export const bookingLife = transitions<BookingStatus, BookingCommand>('booking', ['offered', 'held'], {
  // A freed place, offered to who waits: taken, and not yet wanted.
  offered: { accept: 'held', expire: 'expired', cancel: 'cancelled' },
  held: { confirm: 'confirmed', decline: 'declined', expire: 'expired', cancel: 'cancelled' },
  confirmed: {
    'check in': 'checked_in',
    deliver: 'delivered',
    cancel: 'cancelled',
    'mark no-show': 'no_show',
  },
  checked_in: { deliver: 'delivered', 'put on review': 'on_review' },
  // Something about the visit is odd: nobody is charged until somebody has looked at it.
  on_review: { deliver: 'delivered', reject: 'cancelled' },
  // Another visit contradicts it, after it was told as delivered.
  delivered: { 'put on review': 'on_review' },
  declined: {},
  expired: {},
  cancelled: {},
  no_show: {},
});

/** States that gave their capacity back. A no-show keeps it: nobody else could have come. */
export const RELEASED: readonly BookingStatus[] = ['declined', 'expired', 'cancelled'];

export type CancelledBy = 'resident' | 'operator' | 'system';

/** How a booking is asked to end. */
export interface Ending {
  id: string;
  status: 'declined' | 'expired' | 'cancelled';
  reason: string | null;
  by?: CancelledBy;
  /** What billing says when it declines. */
  refusal?: { reason: string; mend?: string };
  /** No change of mind, so never charged: the resident goes on in another booking. Never said by a reason, which anybody gives. */
  free?: true;
}

/** What decisions look at. */
export interface Booking {
  status: BookingStatus;
  start: Date;
  end: Date;
  /** Set while held or offered. */
  holdExpiresAt: Date | null;
  /** At home or at the bedside: delivered only through a verified visit. */
  isVisit: boolean;
}

const MINUTE_MS = 60_000;
/** Longest attendance that anybody may record: a day. */
export const ATTENDED_MINUTES_MAX = 1440;

/** The status as it is now: a hold or an offer ends at its expiry, whether or not anybody has told of it. */
export function statusNow(booking: Pick<Booking, 'status' | 'holdExpiresAt'>, now: Date): BookingStatus {
  const lapsed = booking.holdExpiresAt !== null && booking.holdExpiresAt <= now;
  const passes = booking.status === 'held' || booking.status === 'offered';
  return passes && lapsed ? 'expired' : booking.status;
}

/** Ends a held or confirmed booking before its session is over. */
export function cancelBooking(booking: Booking, now: Date): 'cancelled' {
  const next = bookingLife.next(statusNow(booking, now), 'cancel');
  if (booking.end <= now) {
    throw new DomainError('conflict', 'booking_over', 'The session is over.', {
      mend: 'Record attendance or a no-show instead.',
    });
  }
  return next as 'cancelled';
}

export interface Attendance {
  outcome: 'attended' | 'no_show';
  /** Minutes attended; the session's length when left out. */
  minutes?: number;
  /** Why the resident did not come, as a code: some reasons cost nothing. */
  reason?: string;
}

export type Attended = { status: 'delivered'; minutes: number } | { status: 'no_show' };

/**
 * Who came and who didn't. Attendance can be recorded from `earlyMinutesMax` before the start, a no-show from the start.
 */
export function recordAttendance(
  booking: Booking,
  attendance: Attendance,
  now: Date,
  earlyMinutesMax: number,
): Attended {
  const attended = attendance.outcome === 'attended';
  if (attended && booking.isVisit) throw visitNotVerified();
  const status = bookingLife.next(statusNow(booking, now), attended ? 'deliver' : 'mark no-show');
  assertBegun(booking, now, attended ? earlyMinutesMax : 0);
  if (status === 'no_show') return { status };
  return { status: 'delivered', minutes: attendance.minutes ?? minutesBetween(booking.start, booking.end) };
}

/** The session has begun, or begins within `earlyMinutes`. */
export function assertBegun({ start }: Pick<Booking, 'start'>, now: Date, earlyMinutes: number): void {
  if (now.getTime() >= start.getTime() - earlyMinutes * MINUTE_MS) return;
  throw new DomainError('conflict', 'too_early', 'The session has not begun.', {
    mend: `Try again at ${new Date(start.getTime() - earlyMinutes * MINUTE_MS).toISOString()}.`,
  });
}

/** Whole minutes from one instant to another. */
export function minutesBetween(from: Date, to: Date): number {
  return Math.floor((to.getTime() - from.getTime()) / MINUTE_MS);
}

/** Whether a resident has to be there: an order is fetched or brought, and some kinds may overlap by configuration. */
export function needsPresence(kind: string, mode: string, overlappingKinds: readonly string[]): boolean {
  return mode !== 'order' && !overlappingKinds.includes(kind);
}

/** Care at home or at the bedside is verified by check-in and check-out; what is ordered and brought there is no care. */
export function isVisit(delivery: string, mode: string): boolean {
  return (delivery === 'home' || delivery === 'bedside') && mode !== 'order';
}

function visitNotVerified(): DomainError {
  return new DomainError('conflict', 'visit_not_verified', 'A visit counts once it was checked in and out.', {
    mend: 'Use POST /v1/bookings/{id}/check-in and /check-out with the code that the client shows.',
  });
}
