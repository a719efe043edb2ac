import fc from 'fast-check';
import { CHANNELS, pauseMs, RETRY, settle, deliveryTransitions } from './delivery';

const now = new Date('2026-11-20T06:00:00Z');
const inSeconds = (seconds: number) => new Date(now.getTime() + seconds * 1000);

describe('a delivery', () => {
  it('that was sent is over', () => {
    expect(settle('email', 1, { kind: 'sent' }, now, 0)).toEqual({
      status: 'sent',
      reason: null,
      attempts: 1,
      nextAttemptAt: now,
    });
    expect(deliveryTransitions.finals).toEqual(['sent', 'failed', 'suppressed']);
  });

  it('that nobody may get is suppressed with the reason', () => {
    expect(settle('email', 1, { kind: 'suppressed', reason: 'no_consent' }, now, 0)).toMatchObject({
      status: 'suppressed',
      reason: 'no_consent',
    });
  });

  it('that the other side refused has failed at once', () => {
    expect(settle('email', 1, { kind: 'refused', reason: 'smtp_550' }, now, 0)).toMatchObject({
      status: 'failed',
      reason: 'smtp_550',
      attempts: 1,
    });
  });

  it('that failed stays queued, and waits between half and all of the grown pause', () => {
    const failed = { kind: 'failed', reason: 'smtp_421' } as const;
    expect(settle('email', 1, failed, now, 0).nextAttemptAt).toEqual(inSeconds(2.5));
    expect(settle('email', 1, failed, now, 1).nextAttemptAt).toEqual(inSeconds(5));
    expect(settle('email', 3, failed, now, 1)).toEqual({
      status: 'queued',
      reason: 'smtp_421',
      attempts: 3,
      nextAttemptAt: inSeconds(20),
    });
  });

  it('waits as long as the other side asks, within bounds', () => {
    const after = (afterMs: number) =>
      settle('webhook', 1, { kind: 'failed', reason: 'http_429', afterMs }, now, 0).nextAttemptAt;
    expect(after(120_000)).toEqual(inSeconds(120));
    expect(after(10 ** 12)).toEqual(inSeconds(12 * 3600));
  });

  it('that is deferred gets its attempt back', () => {
    const until = inSeconds(3600);
    expect(settle('email', 1, { kind: 'deferred', until, reason: 'quiet_hours' }, now, 0)).toEqual({
      status: 'queued',
      reason: 'quiet_hours',
      attempts: 0,
      nextAttemptAt: until,
    });
  });

  it.each(CHANNELS)('by %s comes to an end, whatever happens', (channel) => {
    fc.assert(
      fc.property(fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (jitter) => {
        let attempts = 0;
        let status = 'queued';
        while (status === 'queued') {
          const settled = settle(
            channel,
            ++attempts,
            { kind: 'failed', reason: 'x' },
            now,
            jitter.next().value,
          );
          ({ status } = settled);
          const waitMs = settled.nextAttemptAt.getTime() - now.getTime();
          expect(waitMs).toBeLessThanOrEqual(RETRY[channel].maxMs);
        }
        expect([status, attempts]).toEqual(['failed', RETRY[channel].attemptsMax]);
      }),
      { numRuns: 20 },
    );
  });

  it('takes no attempt that was not counted', () => {
    expect(() => settle('email', 0, { kind: 'sent' }, now, 0)).toThrow('counted');
  });
});

it('a pause never grows past its ceiling', () => {
  expect(pauseMs({ baseMs: 1000, maxMs: 8000 }, 99, 1)).toBe(8000);
});
