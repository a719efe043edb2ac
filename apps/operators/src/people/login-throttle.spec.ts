import { countAttempt, FREE_FAILURES_MAX, type Throttle } from './login-throttle';

const START = new Date('2026-11-23T08:00:00Z');
const after = (seconds: number) => new Date(START.getTime() + seconds * 1000);

/** Attempts one after another, each as soon as it is admitted. */
function fail(times: number): { throttle: Throttle; now: Date } {
  let throttle: Throttle | null = null;
  let now = START;
  for (let done = 0; done < times;) {
    const outcome = countAttempt(throttle, now);
    if ('lockedSeconds' in outcome) {
      now = new Date(now.getTime() + outcome.lockedSeconds * 1000);
    } else {
      throttle = outcome.admitted;
      done++;
    }
  }
  return { throttle: throttle as unknown as Throttle, now };
}

describe('a login that failed', () => {
  it('four times is still open', () => {
    expect(fail(FREE_FAILURES_MAX - 1).throttle.lockedUntil).toBeNull();
  });

  it('five times is locked for a minute, then for two, up to a quarter of an hour', () => {
    const lockSeconds = (times: number) => {
      const { throttle } = fail(times);
      return ((throttle.lockedUntil as Date).getTime() - throttle.attemptedAt.getTime()) / 1000;
    };
    expect([5, 6, 7, 8, 9, 30].map(lockSeconds)).toEqual([60, 120, 240, 480, 900, 900]);
  });

  it('says for how long it stays locked', () => {
    const { throttle } = fail(5);
    expect(countAttempt(throttle, after(0.5))).toEqual({ lockedSeconds: 60 });
    expect(countAttempt(throttle, after(59))).toEqual({ lockedSeconds: 1 });
    expect(countAttempt(throttle, after(60))).toHaveProperty('admitted.failures', 6);
  });

  it('is forgiven after a quiet day', () => {
    const { throttle } = fail(5);
    expect(countAttempt(throttle, after(86_401))).toEqual({
      admitted: { failures: 1, attemptedAt: after(86_401), lockedUntil: null },
    });
  });
});
