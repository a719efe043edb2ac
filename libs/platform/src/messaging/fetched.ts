import type { EachBatchPayload, KafkaMessage } from 'kafkajs';
import { pause } from '../database/backoff';
import type { Commits } from './commits';

export interface IncomingMessage {
  /** Without the installation's prefix. */
  topic: string;
  partition: number;
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
  /** Everything up to and with `offset` has been dealt with; the group's offset moves there. */
  finished(offset: number): void;
}

/**
 * Deals with what one fetch has brought, of all partitions together. `signal` aborts when the assignment is lost or the
 * consumer must stop now: the work must be rolled back.
 */
export type OnFetch = (batches: readonly IncomingBatch[], signal: AbortSignal) => Promise<void>;

export interface FetchWork {
  prefix: string;
  onFetch: OnFetch;
  heartbeatMs: number;
  /** Least time from a fetch that brought all there was to the next: what comes in between is dealt with together. */
  gatherMs: number;
  commits: Commits;
  /** Nothing is waited for any more. */
  stopping: AbortSignal;
  /** Batches in hand end now. */
  cut: AbortSignal;
}

type EachBatch = (payload: EachBatchPayload) => Promise<void>;

/**
 * kafkajs calls for each partition of an answer, for all of them in one go. Here they come together again, so that one
 * transaction and one commit of offsets serve them all.
 */
export function eachFetch(work: FetchWork): EachBatch {
  let gathering: { payloads: EachBatchPayload[]; done: Promise<void> } | undefined;
  const dealWith = async (payloads: EachBatchPayload[]): Promise<void> => {
    await new Promise((resolve) => setImmediate(resolve));
    gathering = undefined;
    await workOn(payloads, work);
  };
  return (payload) => {
    if (!gathering) {
      const payloads: EachBatchPayload[] = [];
      gathering = { payloads, done: dealWith(payloads) };
    }
    gathering.payloads.push(payload);
    return gathering.done;
  };
}

/** Heartbeats while the fetch is worked on; the first one that fails aborts it, because partitions may be lost. */
async function workOn(payloads: readonly EachBatchPayload[], work: FetchWork): Promise<void> {
  const [{ isRunning, heartbeat }] = payloads;
  const current = payloads.filter(({ isStale }) => !isStale());
  if (!isRunning() || current.length === 0) return;
  const began = performance.now();
  // Not AbortSignal.any(): in Node 20 it keeps a trace of each fetch on the long-lived signal.
  const abort = new AbortController();
  const onCut = (): void => abort.abort();
  work.cut.addEventListener('abort', onCut);
  let lost: unknown;
  const onLost = (error: unknown): void => {
    lost ??= error;
    abort.abort();
  };
  const beat = setInterval(() => void heartbeat().catch(onLost), Math.max(100, work.heartbeatMs / 3));
  try {
    const batches = current.map((payload) => batchOf(payload, work.prefix, abort.signal));
    await work.onFetch(batches, abort.signal);
    await work.commits.due(payloads[0]);
    if (work.stopping.aborted) await work.commits.now();
    const restMs = work.gatherMs - (performance.now() - began);
    const isBacklog = batches.some(({ lag }) => lag > 0);
    if (restMs > 0 && !isBacklog) await pause(restMs, work.stopping);
  } catch (error) {
    // What was finished before stays so, unless the group is lost.
    await work.commits.now(payloads[0]).catch(() => undefined);
    // kafkajs must see its own error to know that it has to join again.
    throw lost ?? error;
  } finally {
    clearInterval(beat);
    work.cut.removeEventListener('abort', onCut);
  }
}

function batchOf(
  { batch, resolveOffset }: EachBatchPayload,
  prefix: string,
  signal: AbortSignal,
): IncomingBatch {
  const { partition } = batch;
  const topic = batch.topic.slice(prefix.length);
  return {
    topic,
    partition,
    messages: batch.messages.map((message) => incoming(topic, partition, message)),
    lag: Number(batch.offsetLag()),
    finished: (offset) => {
      if (!signal.aborted) resolveOffset(String(offset));
    },
  };
}

export function incoming(topic: string, partition: number, message: KafkaMessage): IncomingMessage {
  const headers: Record<string, string> = {};
  for (const name in message.headers) {
    const value = message.headers[name];
    const first = Array.isArray(value) ? value[0] : value;
    if (first !== undefined) headers[name] = first.toString();
  }
  return {
    topic,
    partition,
    offset: Number(message.offset),
    key: message.key?.toString() ?? '',
    value: message.value,
    headers,
    appendedAt: Number(message.timestamp),
  };
}
