/** Wrong passwords in a row that cost nothing but the attempt. */
export const FREE_FAILURES_MAX = 5;
const FIRST_LOCK_SECONDS = 60;
const LOCK_SECONDS_MAX = 900;
/** Failures are forgotten after a day without one. */
const MEMORY_SECONDS = 86_400;

/**
 * What is remembered of a login, whether or not an account has it: a guesser learns nothing from being locked out.
 * An attempt is counted before its password is looked at, so parallel guesses don't get past the count.
 */
export interface Throttle {
  failures: number;
  attemptedAt: Date;
  lockedUntil: Date | null;
}

/** The state after one more attempt, or the seconds for which no attempt is taken. */
export function countAttempt(
  former: Throttle | null,
  now: Date,
): { admitted: Throttle } | { lockedSeconds: number } {
  if (former?.lockedUntil && former.lockedUntil > now) {
    return { lockedSeconds: Math.ceil((former.lockedUntil.getTime() - now.getTime()) / 1000) };
  }
  const remembered = former && secondsBetween(former.attemptedAt, now) < MEMORY_SECONDS ? former.failures : 0;
  const failures = remembered + 1;
  return { admitted: { failures, attemptedAt: now, lockedUntil: lockedUntil(failures, now) } };
}

/** From the fifth failure on one minute, then twice as long each time, up to a quarter of an hour. */
function lockedUntil(failures: number, now: Date): Date | null {
  const beyond = failures - FREE_FAILURES_MAX;
  if (beyond < 0) return null;
  const seconds = Math.min(FIRST_LOCK_SECONDS * 2 ** Math.min(beyond, 10), LOCK_SECONDS_MAX);
  return new Date(now.getTime() + seconds * 1000);
}

function secondsBetween(earlier: Date, later: Date): number {
  return (later.getTime() - earlier.getTime()) / 1000;
}
