import { Logger } from '@nestjs/common';
import { type MessageHandler, Server } from '@nestjs/microservices';
import { classOfType, contractOf } from '@doorstep/contracts';
import { backoffMs, pause } from '../database/backoff';
import type { Database } from '../database/database';
import { isOutage } from '../database/pg-errors';
import type { Broker } from './broker';
import type { Consumption } from './consumption';
import { bury } from './dead-letters';
import { HEADER, isMalformed, open } from './envelope';
import { inEventTransaction } from './event-transaction';
import { type Delivery, EventWorker } from './event-worker';
import { BatchAborted, causeOf } from './failure';
import type { IncomingBatch, IncomingMessage, OnFetch } from './fetched';
import { FinishedPrefix, lanesOf, sharesOf } from './grouping';
import type { MessagingHooks } from './hooks';
import { ParkedWorker } from './parked-worker';
import { Routes } from './routes';
import { Semaphore } from './semaphore';
import type { MessagingStats } from './stats';
import type { Topics } from './topics';
import type { MessagingTuning } from './tuning';

const JOIN_WAIT_MS = 15_000;

/** A message for a handler of ours, which nobody has looked into yet. */
type Arrived = Omit<Delivery, 'event'>;

/**
 * Nest's transport on plain batches. What a fetch brings, of all partitions, is dealt into lanes by key; each lane's share is
 * one transaction of inbox, handlers and outbox; each partition's offset follows over its finished prefix.
 */
export class EventStrategy extends Server {
  protected override readonly logger = new Logger('Events');
  override readonly propagatesEventHandlerErrors = true;
  private readonly routes = new Routes();
  private readonly lanes: Semaphore;
  private readonly worker: EventWorker;
  private readonly parked: ParkedWorker;
  private consumption?: Consumption;
  private isClosed = false;

  constructor(
    private readonly service: string,
    private readonly broker: Broker,
    private readonly allTopics: Topics,
    private readonly database: Database,
    private readonly stats: MessagingStats,
    private readonly tuning: MessagingTuning,
    hooks: MessagingHooks,
  ) {
    super();
    this.lanes = new Semaphore(tuning.lanesMax);
    this.worker = new EventWorker(database, this.routes, stats, tuning, hooks, this.logger);
    const handle = this.worker.handle.bind(this.worker);
    this.parked = new ParkedWorker(database, handle, stats, tuning, this.logger);
  }

  /** Nest calls this for each pattern of each handler; several handlers of one type are kept apart, not chained. */
  override addHandler(pattern: unknown, callback: MessageHandler, _isEvent?: boolean, extras?: object): void {
    const type = String(pattern);
    const { handler = type, ...how } = (extras ?? {}) as {
      handler?: string;
      readModel?: boolean;
      alone?: boolean;
    };
    this.routes.add(type, handler, callback, how);
    super.addHandler(pattern, callback, true, extras);
  }

  /** Topics that this service's handlers need. */
  get topics(): string[] {
    const names = this.routes.types.map((type) => {
      const eventClass = classOfType(type);
      if (!eventClass) throw new Error(`a handler waits for ${type}, which is in no contract`);
      return contractOf(eventClass).topic.name;
    });
    return [...new Set(names)];
  }

  listen(callback: (error?: unknown) => void): void {
    void this.begin().then(() => callback(), callback);
  }

  /** Waits a while for the first assignment; a broker that is away at start doesn't keep the service from HTTP. */
  private async begin(): Promise<void> {
    const topics = this.topics;
    if (topics.length === 0) return;
    this.parked.start();
    const hasJoined = new AbortController();
    await Promise.race([this.join(topics), pause(JOIN_WAIT_MS, hasJoined.signal)]);
    hasJoined.abort();
  }

  private async join(topics: string[]): Promise<void> {
    await this.allTopics.ensured();
    if (this.isClosed) return;
    const onFetch: OnFetch = (batches, signal) => this.onFetch(batches, signal);
    const { gatherMs, consumption } = this.tuning;
    this.consumption = this.broker.consume(this.service, topics, onFetch, { gatherMs, ...consumption });
    await this.consumption.joined;
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await Promise.all([this.consumption?.stop(this.tuning.drainMs), this.parked.stop()]);
  }

  /** Whether the consumer has its partitions; true when there is nothing to consume. */
  get isReady(): boolean {
    return this.routes.types.length === 0 || (this.consumption?.isJoined() ?? false);
  }

  /** Ends when every message is dealt with, or by BatchAborted. */
  private async onFetch(batches: readonly IncomingBatch[], signal: AbortSignal): Promise<void> {
    const arrived = batches.flatMap((batch) => this.arrivedIn(batch));
    const lanes = lanesOf(arrived, ({ message }) => message.key, this.tuning);
    const outcomes = await Promise.allSettled(
      lanes.map((lane) => this.lanes.run(() => this.settleLane(lane, signal))),
    );
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed) throw failed.reason;
    for (const { topic, partition, lag } of batches) this.stats.lagOf(topic, partition, lag);
  }

  /** What of a partition's messages is for handlers; the others are done with. */
  private arrivedIn({ messages, finished }: IncomingBatch): Arrived[] {
    const prefix = new FinishedPrefix(messages.map(({ offset }) => offset));
    const arrived: Arrived[] = [];
    for (const message of messages) {
      const onSettled = (): void => {
        const last = prefix.finish(message.offset);
        if (last !== undefined) finished(last);
      };
      if (this.isForUs(message)) arrived.push({ message, onSettled });
      else {
        this.stats.count('unknownIgnored');
        onSettled();
      }
    }
    return arrived;
  }

  /** In shares of a transaction. Each is opened when its turn has come: a fetch brings thousands, which would all be kept. */
  private async settleLane(lane: readonly Arrived[], signal: AbortSignal): Promise<void> {
    for (const share of sharesOf(lane, this.tuning.transactionItemsMax)) {
      const opened: Delivery[] = [];
      for (const { message, onSettled } of share) {
        const event = open(message);
        if (isMalformed(event)) {
          await this.giveUp(message, event.reason, signal);
          onSettled();
        } else opened.push({ message, event, onSettled });
      }
      await this.worker.settle(opened, signal);
    }
  }

  /** Types without a handler here are other services' business, and so are tombstones. */
  private isForUs({ headers, value }: IncomingMessage): boolean {
    const type = headers[HEADER.type];
    return value !== null && (type === undefined || this.routes.has(type));
  }

  /** A message that can't be opened: kept as a dead letter, so that its key's other events go on. */
  private async giveUp(message: IncomingMessage, reason: string, signal: AbortSignal): Promise<void> {
    this.logger.warn(`${message.topic}/${message.partition}@${message.offset} is a dead letter: ${reason}`);
    for (let attempt = 0; ; attempt++) {
      try {
        const limits = { limitMs: this.tuning.handlerMs, signal };
        await inEventTransaction(this.database, [], (tx) => bury(tx.sql, message, 1, reason), limits);
        this.stats.count('deadLettered');
        return;
      } catch (error) {
        if (error instanceof BatchAborted) throw error;
        if (!isOutage(error)) this.logger.error(causeOf(error));
        await pause(backoffMs(this.tuning.outageBackoff, attempt), signal);
      }
    }
  }

  /** Part of Nest's Server that this transport has no use for. */
  on(): never {
    throw new Error('the event strategy has no events of its own');
  }

  unwrap<T>(): T {
    throw new Error('the broker stays behind its adapter');
  }
}
