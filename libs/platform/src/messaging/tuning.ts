import type { Backoff } from '../database/backoff';
import type { ConsumptionOptions } from './consumption';

/** Every bound of the messaging. The defaults serve production; specs take shorter ones. */
export interface MessagingTuning {
  consumption: Partial<ConsumptionOptions>;
  /**
   * Least time from one batch to the next, of what is read and of what is sent, unless there is a backlog. An event that
   * comes alone is never held up; under load those that come meanwhile share a request, a transaction and a commit.
   */
  gatherMs: number;
  /** Lanes of one process that may have a transaction open at the same time. */
  lanesMax: number;
  /** A batch gets one more lane for each so many events. */
  itemsPerLane: number;
  /** Most events in one transaction. */
  transactionItemsMax: number;
  /** Longest that the handlers of one transaction may take together. */
  handlerMs: number;
  /** Attempts of a single event in place, before its key is parked. */
  attemptsInPlaceMax: number;
  inPlaceBackoff: Backoff;
  /** Attempts of a parked event before it becomes a dead letter. */
  parkedAttemptsMax: number;
  parkedBackoff: Backoff;
  /** How often parked keys are looked at. */
  parkedPollMs: number;
  /** Pause while Postgres is away. */
  outageBackoff: Backoff;
  /** Longest that the relay sleeps when nobody nudges it. */
  relayPollMs: { min: number; max: number };
  relayBatchMax: number;
  /** Batches in hand may finish for so long when the service stops. */
  drainMs: number;
}

export const MESSAGING_TUNING_DEFAULTS: MessagingTuning = {
  consumption: {},
  gatherMs: 20,
  lanesMax: 4,
  itemsPerLane: 64,
  transactionItemsMax: 200,
  handlerMs: 10_000,
  attemptsInPlaceMax: 3,
  inPlaceBackoff: { baseMs: 50, maxMs: 500 },
  parkedAttemptsMax: 10,
  parkedBackoff: { baseMs: 1_000, maxMs: 120_000 },
  parkedPollMs: 1_000,
  outageBackoff: { baseMs: 200, maxMs: 5_000 },
  relayPollMs: { min: 200, max: 1_000 },
  relayBatchMax: 500,
  drainMs: 8_000,
};

export const MESSAGING_TUNING = Symbol('doorstep:messaging-tuning');
