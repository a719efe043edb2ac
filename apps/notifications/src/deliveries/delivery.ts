import { assert, transitions } from '@doorstep/kernel';

export const DELIVERY_STATUSES = ['queued', 'sent', 'failed', 'suppressed'] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

/** email and file carry messages to residents, webhook carries events to systems. */
export const CHANNELS = ['email', 'webhook', 'file'] as const;
export type Channel = (typeof CHANNELS)[number];

export const deliveryTransitions = transitions<DeliveryStatus, 'send' | 'fail' | 'suppress' | 'retry'>(
  'delivery',
  ['queued'],
  {
    queued: { send: 'sent', fail: 'failed', suppress: 'suppressed', retry: 'queued' },
    sent: {},
    failed: {},
    suppressed: {},
  },
);

/** How one attempt ended. Reasons are stable snake_case codes; they never hold an address or a text. */
export type Outcome =
  | { kind: 'sent' }
  /** It will never go, and nobody is at fault: no consent, erased, too late. */
  | { kind: 'suppressed'; reason: string }
  /** The other side refused for good. */
  | { kind: 'refused'; reason: string }
  /** It may go later; counts as an attempt. `afterMs` is what the other side asked for. */
  | { kind: 'failed'; reason: string; afterMs?: number }
  /** Not now, through no failure of this delivery; not counted as an attempt. */
  | { kind: 'deferred'; until: Date; reason: string };

export interface RetryPolicy {
  /** The last attempt; when it fails too, the delivery has failed. */
  attemptsMax: number;
  baseMs: number;
  maxMs: number;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

export const RETRY: Record<Channel, RetryPolicy> = {
  // 5 s to 30 min: about two hours in all. A message about a booking is of no use much later.
  email: { attemptsMax: 12, baseMs: 5_000, maxMs: 30 * MINUTE_MS },
  file: { attemptsMax: 12, baseMs: 1_000, maxMs: 30 * MINUTE_MS },
  // 15 s to 12 h: about two days in all, so that a receiver may be away for one.
  webhook: { attemptsMax: 15, baseMs: 15_000, maxMs: 12 * HOUR_MS },
};

/** What an attempt leaves behind in the delivery's row. */
export interface Settled {
  status: DeliveryStatus;
  reason: string | null;
  attempts: number;
  nextAttemptAt: Date;
}

/**
 * The delivery after an attempt.
 *
 * @param attempts counted with this one: a sender counts when it takes the delivery, so that one that makes every sender
 *   crash comes to an end too
 * @param random in [0, 1): the jitter
 */
export function settle(
  channel: Channel,
  attempts: number,
  outcome: Outcome,
  now: Date,
  random: number,
): Settled {
  assert(attempts >= 1, 'an attempt was counted before it was settled');
  const { next } = deliveryTransitions;
  const ended = { attempts, nextAttemptAt: now };
  switch (outcome.kind) {
    case 'sent':
      return { ...ended, status: next('queued', 'send'), reason: null };
    case 'suppressed':
      return { ...ended, status: next('queued', 'suppress'), reason: outcome.reason };
    case 'refused':
      return { ...ended, status: next('queued', 'fail'), reason: outcome.reason };
    case 'deferred':
      return {
        status: next('queued', 'retry'),
        reason: outcome.reason,
        attempts: attempts - 1,
        nextAttemptAt: outcome.until,
      };
    case 'failed':
      return retried(RETRY[channel], attempts, outcome, now, random);
  }
}

function retried(
  { attemptsMax, baseMs, maxMs }: RetryPolicy,
  attempts: number,
  { reason, afterMs = 0 }: { reason: string; afterMs?: number },
  now: Date,
  random: number,
): Settled {
  const { next } = deliveryTransitions;
  if (attempts >= attemptsMax) {
    return { status: next('queued', 'fail'), reason, attempts, nextAttemptAt: now };
  }
  const waitMs = Math.max(pauseMs({ baseMs, maxMs }, attempts - 1, random), Math.min(afterMs, maxMs));
  return {
    status: next('queued', 'retry'),
    reason,
    attempts,
    nextAttemptAt: new Date(now.getTime() + waitMs),
  };
}

/** Exponential, between half and the whole of base·2^failures: the jitter keeps many from coming back at once. */
export function pauseMs(policy: { baseMs: number; maxMs: number }, failures: number, random: number): number {
  const grown = Math.min(policy.maxMs, policy.baseMs * 2 ** Math.min(failures, 30));
  return Math.round(grown / 2 + (grown / 2) * random);
}
