import { type Day, DomainError, transitions } from '@doorstep/kernel';

export const APPLICATION_STATUSES = [
  'waiting',
  'offered',
  'accepted',
  'declined',
  'expired',
  'withdrawn',
  'lapsed',
] as const;
/**
 * Where an application is: it gets one offer, and whatever becomes of that ends it; but an offer that ends while nobody may
 * take it up, for want of a licence or the like, is as none.
 */
export type ApplicationStatus = (typeof APPLICATION_STATUSES)[number];
export type ApplicationCommand =
  'offer' | 'accept' | 'decline' | 'expire' | 'return' | 'withdraw' | 'lapse' | 'change';

export const applicationLife = transitions<ApplicationStatus, ApplicationCommand>(
  'application',
  ['waiting'],
  {
    waiting: { offer: 'offered', withdraw: 'withdrawn', lapse: 'lapsed', change: 'waiting' },
    // Who withdraws while a place is offered declines it.
    offered: {
      accept: 'accepted',
      decline: 'declined',
      expire: 'expired',
      return: 'waiting',
      withdraw: 'declined',
    },
    accepted: {},
    declined: {},
    expired: {},
    withdrawn: {},
    lapsed: {},
  },
);

/** The state as it is now: an application lapses after its due day, an offer ends, whether or not anybody has told of it. */
export function applicationNow(
  { status, dueOn, acceptBy }: { status: ApplicationStatus; dueOn: Day; acceptBy: Date | null },
  today: Day,
  now: Date,
): ApplicationStatus {
  if (status === 'offered' && acceptBy !== null && acceptBy <= now) return 'expired';
  return status === 'waiting' && dueOn < today ? 'lapsed' : status;
}

/** Who may wait for one offering at a time: a place that comes free is offered to whom it fits among all of them. */
export const QUEUE_LENGTH_MAX = 500;

/** Nobody joins a queue whose end can't be looked at in one go. */
export function assertNotTooLong(length: number): void {
  if (length < QUEUE_LENGTH_MAX) return;
  throw new DomainError('conflict', 'queue_full', 'So many wait already that no more can apply.', {
    mend: 'Apply at another site.',
    longest: QUEUE_LENGTH_MAX,
  });
}

const AHEAD_DAYS_MAX = 3 * 366;

/** A wish begins today or later and within three years, and the family's answer is due no earlier than today. */
export function checkDates(wishedStart: Day, dueOn: Day, today: Day): void {
  const ahead = (Date.parse(wishedStart) - Date.parse(today)) / 86_400_000;
  if (ahead < 0 || ahead > AHEAD_DAYS_MAX) {
    throw new DomainError(
      'invalid',
      'start_out_of_bounds',
      'The wished start has passed, or is too far ahead.',
      {
        field: 'wishedStart',
        mend: `Give ${today} or a later day, three years ahead at most.`,
      },
    );
  }
  checkDue(dueOn, today);
}

export function checkDue(dueOn: Day, today: Day): void {
  const ahead = (Date.parse(dueOn) - Date.parse(today)) / 86_400_000;
  if (ahead >= 0 && ahead <= AHEAD_DAYS_MAX) return;
  throw new DomainError('invalid', 'due_out_of_bounds', 'The due day has passed, or is too far ahead.', {
    field: 'dueOn',
    mend: `Give ${today} or a later day, three years ahead at most.`,
  });
}

/** When the place of an offer would begin: as wished, and not before it is free. */
export function startOf(wishedStart: Day, freeFrom: Day): Day {
  return wishedStart > freeFrom ? wishedStart : freeFrom;
}

/** An offer is answered before it ends. */
export function assertStands(acceptBy: Date | null, now: Date): void {
  if (acceptBy === null || acceptBy <= now) throw offerOver();
}

export function offerOver(): DomainError {
  return new DomainError('conflict', 'offer_expired', 'The offer was not answered in time.', {
    mend: 'Apply again.',
  });
}
