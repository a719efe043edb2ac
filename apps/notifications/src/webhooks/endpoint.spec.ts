import { afterFailure, HEALTHY } from './endpoint';

const HOUR_MS = 3_600_000;
const DISABLE_MS = 120 * HOUR_MS;
const now = new Date('2026-11-20T06:00:00Z');
const at = (ms: number) => new Date(now.getTime() + ms);
const failure = { reason: 'http_500' };

describe('an endpoint', () => {
  it('that fails is left alone for a while, longer each time', () => {
    const first = afterFailure(HEALTHY, failure, now, DISABLE_MS, 1);
    expect(first).toEqual({
      status: 'active',
      failures: 1,
      failingSince: now,
      pausedUntil: at(5_000),
      disabledAt: null,
      lastFailure: 'http_500',
    });
    const second = afterFailure(first, failure, at(6_000), DISABLE_MS, 1);
    expect(second).toMatchObject({ failures: 2, failingSince: now, pausedUntil: at(16_000) });
  });

  it('is paused for half an hour at most, whatever it asks for', () => {
    const often = { failures: 500, failingSince: now };
    expect(afterFailure(often, failure, now, DISABLE_MS, 1).pausedUntil).toEqual(at(HOUR_MS / 2));
    const asks = { ...failure, afterMs: 20_000 };
    expect(afterFailure(HEALTHY, asks, now, DISABLE_MS, 0).pausedUntil).toEqual(at(20_000));
    expect(afterFailure(HEALTHY, { ...asks, afterMs: 1e12 }, now, DISABLE_MS, 0).pausedUntil).toEqual(
      at(HOUR_MS / 2),
    );
  });

  it('that has failed for long enough is disabled', () => {
    const failing = { failures: 40, failingSince: now };
    expect(afterFailure(failing, failure, at(DISABLE_MS - 1), DISABLE_MS, 0).status).toBe('active');
    expect(afterFailure(failing, failure, at(DISABLE_MS), DISABLE_MS, 0)).toMatchObject({
      status: 'disabled',
      disabledAt: at(DISABLE_MS),
    });
  });

  it('that is gone is disabled at once', () => {
    const gone = { reason: 'http_410', gone: true };
    expect(afterFailure(HEALTHY, gone, now, DISABLE_MS, 0)).toMatchObject({
      status: 'disabled',
      disabledAt: now,
    });
  });
});
