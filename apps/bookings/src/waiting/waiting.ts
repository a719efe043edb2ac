import { DomainError } from '@doorstep/kernel';
import { type Reason, refusalOf } from '../availability/availability';

export const WAITING_STATUSES = [
  'waiting',
  'offered',
  'accepted',
  'declined',
  'expired',
  'left',
  'lapsed',
] as const;
/** Where an entry is: it gets one offer at most, and whatever becomes of that ends it. */
export type WaitingStatus = (typeof WAITING_STATUSES)[number];

/** Who may wait for one session at a time: a place that comes free is offered to whom it fits among all of them. */
export const QUEUE_LENGTH_MAX = 500;

/** What waiting can cure: somebody may give a place back. */
const CURED_BY_WAITING: readonly Reason[] = ['full', 'staff_ratio', 'space_taken', 'buffer', 'no_caregiver'];

/** Whether somebody may join: there is no place now, and nothing else stands against a booking. */
export function assertMayWait(reasons: readonly Reason[]): void {
  const others = reasons.filter((reason) => !CURED_BY_WAITING.includes(reason));
  if (others.length > 0) throw refusalOf(others);
  if (reasons.length > 0) return;
  throw new DomainError('conflict', 'place_free', 'The session can be booked now.', {
    mend: 'Book it with POST /v1/bookings.',
  });
}

/** Nobody joins a queue whose end can't be looked at in one go. */
export function assertNotTooLong(length: number): void {
  if (length < QUEUE_LENGTH_MAX) return;
  throw new DomainError('conflict', 'waiting_list_full', 'So many wait already that no more can join.', {
    mend: 'Choose another session.',
    longest: QUEUE_LENGTH_MAX,
  });
}

/** Whether an entry that can't be served now stops the ones behind it: no, unless nobody can be served any more. */
export function stopsQueue(reasons: readonly Reason[]): boolean {
  const SESSION_WIDE: readonly Reason[] = [
    'offering_inactive',
    'site_not_operating',
    'suspended',
    'space_closed',
    'contract_not_in_force',
    'licence_lapsed',
    'suspended_by_inspection',
    'closed',
    'session_past',
    'not_open_yet',
    'cutoff_passed',
  ];
  return reasons.some((reason) => SESSION_WIDE.includes(reason));
}

/**
 * The status as it is now: an offer ends when its time is over, and waiting when the session begins, whether or not anybody
 * has told of it.
 */
export function waitingNow(
  { status, acceptBy, start }: { status: WaitingStatus; acceptBy: Date | null; start: Date },
  now: Date,
): WaitingStatus {
  if (status === 'waiting' && start <= now) return 'lapsed';
  return status === 'offered' && acceptBy !== null && acceptBy <= now ? 'expired' : status;
}

/** Until when an offer stands: so many minutes, but not beyond the cut-off of the session. */
export function acceptBy(now: Date, offerMinutes: number, start: Date, cutoffMinutes: number): Date {
  const cutoff = start.getTime() - cutoffMinutes * 60_000;
  return new Date(Math.min(now.getTime() + offerMinutes * 60_000, cutoff));
}
