/** The health of a webhook endpoint, as its failures and successes leave it. */
export interface Health {
  status: 'active' | 'disabled';
  /** Failures since the last success. */
  failures: number;
  failingSince: Date | null;
  /** Nothing is sent before. */
  pausedUntil: Date | null;
  disabledAt: Date | null;
  lastFailure: string | null;
}

export const HEALTHY: Health = Object.freeze({
  status: 'active',
  failures: 0,
  failingSince: null,
  pausedUntil: null,
  disabledAt: null,
  lastFailure: null,
});

/** An endpoint in trouble is left alone for a while: kind to it, and it holds up nobody else's deliveries. */
const PAUSE_BASE_MS = 5_000;
const PAUSE_MAX_MS = 30 * 60_000;

export interface Failure {
  reason: string;
  /** What the endpoint asked for. */
  afterMs?: number;
  /** It said that it does not want anything any more (410 Gone). */
  gone?: boolean;
}

/**
 * @param disableAfterMs an endpoint that has failed for so long without one success is disabled
 * @param random in [0, 1): the jitter
 */
export function afterFailure(
  health: Pick<Health, 'failures' | 'failingSince'>,
  { reason, afterMs = 0, gone = false }: Failure,
  now: Date,
  disableAfterMs: number,
  random: number,
): Health {
  const failingSince = health.failingSince ?? now;
  const failures = health.failures + 1;
  const disabled = gone || now.getTime() - failingSince.getTime() >= disableAfterMs;
  const grown = Math.min(PAUSE_MAX_MS, PAUSE_BASE_MS * 2 ** Math.min(failures - 1, 30));
  const pauseMs = Math.max(grown / 2 + (grown / 2) * random, Math.min(afterMs, PAUSE_MAX_MS));
  return {
    status: disabled ? 'disabled' : 'active',
    failures,
    failingSince,
    pausedUntil: new Date(now.getTime() + Math.round(pauseMs)),
    disabledAt: disabled ? now : null,
    lastFailure: reason,
  };
}
