import { backoffMs, pause } from './backoff';

describe('backoff', () => {
  const backoff = { baseMs: 100, maxMs: 5_000 };

  it('doubles, between half and the whole', () => {
    expect([0, 1, 2, 3].map((attempt) => backoffMs(backoff, attempt, 0))).toEqual([50, 100, 200, 400]);
    expect([0, 1, 2, 3].map((attempt) => backoffMs(backoff, attempt, 1))).toEqual([100, 200, 400, 800]);
  });

  it('never passes the ceiling, however many attempts', () => {
    expect(backoffMs(backoff, 10_000, 1)).toBe(5_000);
    expect(backoffMs(backoff, 10_000, 0)).toBe(2_500);
  });

  it('a pause ends at once when it is aborted, before or during', async () => {
    const abort = new AbortController();
    const pausing = pause(60_000, abort.signal);
    abort.abort();
    await pausing;
    await pause(60_000, abort.signal);
  });
});
