import type { Consumer, EachBatchPayload, Kafka, KafkaMessage } from 'kafkajs';
import { backoffMs, pause } from '../database/backoff';

export interface IncomingMessage {
  offset: number;
  key: string;
  /** Null is a tombstone: the key was removed from a compacted topic. */
  value: Buffer | null;
  headers: Record<string, string>;
  /** When the broker took it in, in milliseconds; unset for a message that was put aside in between. */
  appendedAt?: number;
}

/** Messages of one partition, in order. */
export interface IncomingBatch {
  /** Without the installation's prefix. */
  topic: string;
  partition: number;
  messages: IncomingMessage[];
  /** Messages between the end of this batch and the end of the partition. */
  lag: number;
  /** Aborts when the assignment is lost or the consumer must stop now: the batch's work must be rolled back. */
  signal: AbortSignal;
  /** Everything up to and with `offset` has been dealt with; the group's offset moves there. */
  finished(offset: number): void;
}

export type OnBatch = (batch: IncomingBatch) => Promise<void>;

export interface ConsumptionOptions {
  /** A member that is silent for so long loses its partitions. The broker allows 6 s to 30 min. */
  sessionTimeoutMs: number;
  heartbeatMs: number;
  /** Partitions worked on at the same time. */
  partitionsMax: number;
  /** Longest that an idle fetch waits at the broker; also about how long stopping takes. */
  fetchWaitMs: number;
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
  partitionsMax: 4,
  fetchWaitMs: 300,
};
const RECONNECT = { baseMs: 200, maxMs: 5_000 };

/** Keeps one group membership alive: kafkajs gives up on some errors for good, so a new consumer takes over then. */
export function consume(
  kafka: Kafka,
  prefix: string,
  group: string,
  topics: readonly string[],
  onBatch: OnBatch,
  given: Partial<ConsumptionOptions>,
): Consumption {
  const options = { ...DEFAULTS, ...given };
  const stopping = new AbortController();
  const cut = new AbortController();
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
        const started = start(consumer, prefix, topics, onBatch, options, cut.signal);
        await Promise.race([started.then(() => ended.promise), ended.promise]);
      } catch {
        // The broker's logger has said why; what remains is to try again.
      }
      isJoined = false;
      stopping.signal.removeEventListener('abort', ended.resolve);
      await consumer.disconnect().catch(() => undefined);
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

async function start(
  consumer: Consumer,
  prefix: string,
  topics: readonly string[],
  onBatch: OnBatch,
  options: ConsumptionOptions,
  cut: AbortSignal,
): Promise<void> {
  await consumer.connect();
  await consumer.subscribe({ topics: topics.map((topic) => prefix + topic), fromBeginning: true });
  await consumer.run({
    eachBatchAutoResolve: false,
    partitionsConsumedConcurrently: options.partitionsMax,
    eachBatch: (payload) => workOnBatch(payload, prefix, onBatch, options.heartbeatMs, cut),
  });
}

/** Heartbeats while the batch is worked on; the first one that fails aborts it, because the partition may be lost. */
async function workOnBatch(
  { batch, resolveOffset, heartbeat, isRunning, isStale }: EachBatchPayload,
  prefix: string,
  onBatch: OnBatch,
  heartbeatMs: number,
  cut: AbortSignal,
): Promise<void> {
  if (!isRunning() || isStale()) return;
  // Not AbortSignal.any(): in Node 20 it keeps a trace of each batch on the long-lived signal.
  const abort = new AbortController();
  const { signal } = abort;
  const onCut = (): void => abort.abort();
  cut.addEventListener('abort', onCut);
  let lost: unknown;
  const onLost = (error: unknown): void => {
    lost ??= error;
    abort.abort();
  };
  const beat = setInterval(() => void heartbeat().catch(onLost), Math.max(100, heartbeatMs / 3));
  try {
    await onBatch({
      topic: batch.topic.slice(prefix.length),
      partition: batch.partition,
      messages: batch.messages.map(incoming),
      lag: Number(batch.offsetLag()),
      signal,
      finished: (offset) => {
        if (!signal.aborted) resolveOffset(String(offset));
      },
    });
  } catch (error) {
    // kafkajs must see its own error to know that it has to join again.
    throw lost ?? error;
  } finally {
    clearInterval(beat);
    cut.removeEventListener('abort', onCut);
  }
}

export function incoming(message: KafkaMessage): IncomingMessage {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(message.headers ?? {})) {
    const first = Array.isArray(value) ? value[0] : value;
    if (first !== undefined) headers[name] = first.toString();
  }
  return {
    offset: Number(message.offset),
    key: message.key?.toString() ?? '',
    value: message.value,
    headers,
    appendedAt: Number(message.timestamp),
  };
}
