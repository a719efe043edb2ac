import { createHash, timingSafeEqual } from 'node:crypto';
import { DomainError, transitions } from '@doorstep/kernel';
import { assertBegun, type BookingStatus, bookingLife, minutesBetween } from '../bookings/booking';

export const VISIT_STATUSES = ['expected', 'open', 'passed', 'on_review', 'approved', 'rejected'] as const;
export type VisitStatus = (typeof VISIT_STATUSES)[number];
export type VisitCommand = 'check in' | 'pass' | 'put on review' | 'approve' | 'reject';

/**
 * The life of a visit. Only what has passed, or was approved, is told as delivered, and so is billed; when another visit
 * contradicts it later, it is on review once more.
 */
export const visitLife = transitions<VisitStatus, VisitCommand>('visit', ['expected'], {
  expected: { 'check in': 'open' },
  open: { pass: 'passed', 'put on review': 'on_review' },
  on_review: { approve: 'approved', reject: 'rejected' },
  passed: { 'put on review': 'on_review' },
  approved: { 'put on review': 'on_review' },
  rejected: {},
});

/** What is known of a visit; all empty until somebody stands at the door. */
export interface Visit {
  status: VisitStatus;
  wrongTries: number;
  /** Wrong tries are forgotten after a pause, so that nobody is locked out for good. */
  lastWrongAt: Date | null;
  checkedInAt: Date | null;
}

/** How codes are tried and when a carer may come: the same everywhere. */
export interface DoorRules {
  wrongTriesMax: number;
  lockMinutes: number;
  /** A carer may arrive this long before the start. */
  earlyMinutesMax: number;
}

/** A try with a code: right, or wrong and counted. */
export type CodeOutcome = { right: true } | { right: false; wrongTries: number; refusal: DomainError };

/** A device's clock may be so far ahead of ours. */
const SKEW_MS_MAX = 120_000;
const HOUR_MS = 3_600_000;

/** Compares a code in constant time; a locked visit takes none. */
export function tryCode(
  visit: Pick<Visit, 'wrongTries' | 'lastWrongAt'>,
  given: string,
  code: string,
  now: Date,
  rules: DoorRules,
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

/**
 * The time that counts: the server's; for what was noted without a connection the device's, where it can be true: not
 * ahead of ours and not older than may be sent in later.
 */
export function timeOf(now: Date, deviceTime: Date | undefined, offlineHoursMax: number): Date {
  if (!deviceTime) return now;
  const ageMs = now.getTime() - deviceTime.getTime();
  if (ageMs >= -SKEW_MS_MAX && ageMs <= offlineHoursMax * HOUR_MS) return ageMs < 0 ? now : deviceTime;
  throw new DomainError('invalid', 'device_time_implausible', 'The time of the device can’t be right.', {
    field: 'deviceTime',
    mend:
      ageMs < 0
        ? 'Set the clock of the device.'
        : `What was noted offline counts for ${offlineHoursMax} hours; ask a site manager.`,
    offlineHoursMax,
  });
}

interface Booked {
  status: BookingStatus;
  start: Date;
  end: Date;
  isVisit: boolean;
}

/** Whether a check-in is due: a confirmed visit, not long before its start and not after its end. */
export function checkIn(booking: Booked, at: Date, rules: DoorRules): 'checked_in' {
  if (!booking.isVisit) throw notAVisit();
  const next = bookingLife.next(booking.status, 'check in');
  assertBegun(booking, at, rules.earlyMinutesMax);
  if (at >= booking.end) {
    throw new DomainError('conflict', 'booking_over', 'The time of the visit is over.', {
      mend: 'Record a no-show, or book another visit.',
    });
  }
  return next as 'checked_in';
}

/** Ends a visit that was checked in: the whole minutes between the two. */
export function checkOut(booking: Booked, visit: Pick<Visit, 'checkedInAt'>, at: Date): number {
  if (!booking.isVisit) throw notAVisit();
  if (booking.status === 'confirmed' || visit.checkedInAt === null) {
    throw new DomainError('conflict', 'visit_not_checked_in', 'The visit was not checked in.', {
      mend: 'Check in with POST /v1/bookings/{id}/check-in first.',
    });
  }
  bookingLife.next(booking.status, 'deliver');
  if (at < visit.checkedInAt) {
    throw new DomainError('invalid', 'device_time_implausible', 'The visit would end before it began.', {
      field: 'deviceTime',
      mend: 'Give the time at which the carer left.',
    });
  }
  return minutesBetween(visit.checkedInAt, at);
}

/** Of one length whatever was typed. */
function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

export function notAVisit(): DomainError {
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
