import type { Consumer, Kafka } from 'kafkajs';
import { backoffMs, pause } from '../database/backoff';
import { Commits } from './commits';
import { type FetchWork, type OnFetch, eachFetch } from './fetched';

export interface ConsumptionOptions {
  /** A member that is silent for so long loses its partitions. The broker allows 6 s to 30 min. */
  sessionTimeoutMs: number;
  heartbeatMs: number;
  /** Longest that an idle fetch waits at the broker; also about how long stopping takes. */
  fetchWaitMs: number;
  /** Least time from one fetch that brought something to the next. */
  gatherMs: number;
}

export interface Consumption {
  /** Resolves when the group has been joined for the first time. */
  joined: Promise<void>;
  isJoined(): boolean;
  /** Lets the batches in hand finish for `graceMs`, then aborts them; leaves the group. */
  stop(graceMs: number): Promise<void>;
}

const DEFAULTS: ConsumptionOptions = {
  sessionTimeoutMs: 30_000,
  heartbeatMs: 3_000,
  fetchWaitMs: 300,
  gatherMs: 0,
};
/** Partitions of one answer that are dealt with together; the others are a fetch of their own. */
const PARTITIONS_TOGETHER = 32;
/** Under load; what comes alone is committed at once. */
const FETCHES_PER_COMMIT = 10;
const RECONNECT = { baseMs: 200, maxMs: 5_000 };

/** Keeps one group membership alive: kafkajs gives up on some errors for good, so a new consumer takes over then. */
export function consume(
  kafka: Kafka,
  prefix: string,
  group: string,
  topics: readonly string[],
  onFetch: OnFetch,
  given: Partial<ConsumptionOptions>,
): Consumption {
  const options = { ...DEFAULTS, ...given };
  const stopping = new AbortController();
  const cut = new AbortController();
  const { heartbeatMs, gatherMs } = options;
  const commits = new Commits(gatherMs * FETCHES_PER_COMMIT);
  const signals = { stopping: stopping.signal, cut: cut.signal };
  const work: FetchWork = { prefix, onFetch, heartbeatMs, gatherMs, commits, ...signals };
  const joined = deferred();
  let isJoined = false;

  const live = async (): Promise<void> => {
    for (let attempt = 0; !stopping.signal.aborted; attempt++) {
      const consumer = consumerOf(kafka, prefix + group, options);
      const ended = deferred();
      consumer.on(consumer.events.CRASH, ({ payload }) => {
        isJoined = false;
        if (!payload.restart) ended.resolve();
      });
      consumer.on(consumer.events.GROUP_JOIN, () => {
        attempt = 0;
        isJoined = true;
        joined.resolve();
      });
      stopping.signal.addEventListener('abort', ended.resolve, { once: true });
      try {
        const started = start(consumer, topics, work);
        await Promise.race([started.then(() => ended.promise), ended.promise]);
      } catch {
        // The broker's logger has said why; what remains is to try again.
      }
      isJoined = false;
      stopping.signal.removeEventListener('abort', ended.resolve);
      if (stopping.signal.aborted) await commits.now().catch(() => undefined);
      await consumer.disconnect().catch(() => undefined);
      commits.end();
      await pause(backoffMs(RECONNECT, attempt), stopping.signal);
    }
  };
  const living = live();

  return {
    joined: joined.promise,
    isJoined: () => isJoined,
    stop: async (graceMs) => {
      stopping.abort();
      const grace = setTimeout(() => cut.abort(), graceMs);
      await living;
      clearTimeout(grace);
    },
  };
}

function consumerOf(kafka: Kafka, groupId: string, options: ConsumptionOptions): Consumer {
  return kafka.consumer({
    groupId,
    sessionTimeout: options.sessionTimeoutMs,
    heartbeatInterval: options.heartbeatMs,
    rebalanceTimeout: options.sessionTimeoutMs,
    maxWaitTimeInMs: options.fetchWaitMs,
    allowAutoTopicCreation: false,
    retry: { initialRetryTime: 100, maxRetryTime: 2_000, retries: 8 },
  });
}

/** Promise.withResolvers, which Node 20 lacks. */
function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}

async function start(consumer: Consumer, topics: readonly string[], work: FetchWork): Promise<void> {
  await consumer.connect();
  await consumer.subscribe({ topics: topics.map((topic) => work.prefix + topic), fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachBatchAutoResolve: false,
    partitionsConsumedConcurrently: PARTITIONS_TOGETHER,
    eachBatch: eachFetch(work),
  });
}
