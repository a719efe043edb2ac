export interface Backoff {
  baseMs: number;
  /** Ceiling of the grown delay. */
  maxMs: number;
}

/**
 * Exponential with full jitter: anywhere between half and the whole of base·2^attempt, never above the ceiling.
 * The half keeps a floor, so that a lost broker isn't hammered; the jitter keeps many clients from marching in step.
 *
 * @param attempt from 0
 * @param random in [0, 1), given in by specs
 */
export function backoffMs({ baseMs, maxMs }: Backoff, attempt: number, random = Math.random()): number {
  const grown = Math.min(maxMs, baseMs * 2 ** Math.min(attempt, 30));
  return Math.round(grown / 2 + (grown / 2) * random);
}

/** Resolves after `ms`, or at once when the signal aborts; the timer doesn't keep the process alive. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done, { once: true });
  });
}
