import { createHash, timingSafeEqual } from 'node:crypto';
import { DomainError } from '@doorstep/kernel';
import { assertBegun, type BookingStatus, bookingLife, minutesBetween } from '../bookings/booking';

/** What is known of a visit; all empty until somebody stands at the door. */
export interface Visit {
  wrongTries: number;
  /** Wrong tries are forgotten after a pause, so that nobody is locked out for good. */
  lastWrongAt: Date | null;
  checkedInAt: Date | null;
}

export interface VisitRules {
  wrongTriesMax: number;
  lockMinutes: number;
  /** A carer may arrive this long before the start. */
  earlyMinutesMax: number;
  /** A visit shorter than this share of the booked time is flagged. */
  sharePercentMin: number;
}

export const VISIT_FLAGS = ['too_short'] as const;
/** What makes a visit worth a second look. */
export type VisitFlag = (typeof VISIT_FLAGS)[number];

/** A try with a code: right, or wrong and counted. */
export type CodeOutcome = { right: true } | { right: false; wrongTries: number; refusal: DomainError };

/** Compares a code in constant time; a locked visit takes none. */
export function tryCode(
  visit: Visit,
  given: string,
  code: string,
  now: Date,
  rules: VisitRules,
): CodeOutcome {
  const lockedUntil = (visit.lastWrongAt?.getTime() ?? 0) + rules.lockMinutes * 60_000;
  const forgotten = now.getTime() >= lockedUntil;
  const wrongBefore = forgotten ? 0 : visit.wrongTries;
  if (wrongBefore >= rules.wrongTriesMax) {
    return { right: false, wrongTries: wrongBefore, refusal: locked(new Date(lockedUntil)) };
  }
  if (timingSafeEqual(digestOf(given), digestOf(code))) return { right: true };
  const wrongTries = wrongBefore + 1;
  return { right: false, wrongTries, refusal: wrongCode(rules.wrongTriesMax - wrongTries) };
}

interface Booked {
  status: BookingStatus;
  start: Date;
  end: Date;
  isVisit: boolean;
}

/** Whether a check-in is due: a confirmed visit, not long before its start and not after its end. */
export function checkIn(booking: Booked, now: Date, rules: VisitRules): 'checked_in' {
  if (!booking.isVisit) throw notAVisit();
  const next = bookingLife.next(booking.status, 'check in');
  assertBegun(booking, now, rules.earlyMinutesMax);
  if (now >= booking.end) {
    throw new DomainError('conflict', 'booking_over', 'The time of the visit is over.', {
      mend: 'Record a no-show, or book another visit.',
    });
  }
  return next as 'checked_in';
}

export interface Delivered {
  minutes: number;
  flags: VisitFlag[];
}

/** Ends a visit that was checked in; counts whole minutes between the two. */
export function checkOut(booking: Booked, visit: Visit, now: Date, rules: VisitRules): Delivered {
  if (!booking.isVisit) throw notAVisit();
  if (booking.status === 'confirmed' || visit.checkedInAt === null) {
    throw new DomainError('conflict', 'visit_not_checked_in', 'The visit was not checked in.', {
      mend: 'Check in with POST /v1/bookings/{id}/check-in first.',
    });
  }
  bookingLife.next(booking.status, 'deliver');
  const minutes = minutesBetween(visit.checkedInAt, now);
  const booked = minutesBetween(booking.start, booking.end);
  return { minutes, flags: minutes * 100 < booked * rules.sharePercentMin ? ['too_short'] : [] };
}

/** Of one length whatever was typed. */
function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function notAVisit(): DomainError {
  return new DomainError(
    'conflict',
    'not_a_visit',
    'This booking is not a visit at home or at the bedside.',
    {
      mend: 'Use POST /v1/bookings/{id}/attendance.',
    },
  );
}

function wrongCode(triesLeft: number): DomainError {
  return new DomainError('invalid', 'visit_code_wrong', 'This is not the code of the visit.', {
    field: 'code',
    mend: 'Ask the client for the six digits that their front-end shows.',
    triesLeft,
  });
}

function locked(until: Date): DomainError {
  return new DomainError('limited', 'visit_code_locked', 'Too many wrong codes.', {
    mend: `Try again at ${until.toISOString()}.`,
    until: until.toISOString(),
  });
}
