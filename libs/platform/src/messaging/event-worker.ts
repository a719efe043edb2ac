import type { Logger } from '@nestjs/common';
import { backoffMs, pause } from '../database/backoff';
import type { Database } from '../database/database';
import { isContention, isOutage } from '../database/pg-errors';
import type { Tx } from '../database/transaction';
import { bury } from './dead-letters';
import { inEventTransaction } from './event-transaction';
import { BatchAborted, HandlerTimeout, causeOf, isPermanent } from './failure';
import type { IncomingMessage } from './fetched';
import { mayBeForgotten } from './forgotten';
import { groupByRoute } from './grouping';
import type { MessagingHooks } from './hooks';
import { type Claimed, claim } from './inbox';
import { park } from './parked-events';
import type { Received } from './received';
import type { Routes } from './routes';
import type { MessagingStats } from './stats';
import type { MessagingTuning } from './tuning';

/** A delivered event: opened for handlers, and as it came for parking. */
export interface Delivery {
  message: IncomingMessage;
  event: Received;
  /** Called when it is dealt with for good: its effect, or its place in the parked queue, is committed. */
  onSettled(): void;
}

const CONTENTION_RETRIES_MAX = 3;

/** Brings deliveries to their effect: together in one transaction where that works, else one by one. */
export class EventWorker {
  constructor(
    private readonly database: Database,
    private readonly routes: Routes,
    private readonly stats: MessagingStats,
    private readonly tuning: MessagingTuning,
    private readonly hooks: MessagingHooks,
    private readonly logger: Logger,
  ) {}

  /**
   * Comes back when every delivery is settled, in the order of each key. Ends early only by BatchAborted. Handlers share a
   * transaction, but for those that ask for one of their own.
   *
   * @param share of a lane, as many as one transaction may take
   */
  async settle(share: readonly Delivery[], signal: AbortSignal): Promise<void> {
    if (share.length === 0) return;
    for (const part of this.partsOf(share)) await this.settleTogether(part, signal);
  }

  /** What may be one transaction, in an order that keeps each key's. */
  private partsOf(share: readonly Delivery[]): Delivery[][] {
    if (!share.some(({ event }) => this.routes.isAlone(event.type))) return [[...share]];
    const groups = groupByRoute(
      share,
      ({ event }) => event.key,
      ({ event }) => this.routes.routeOf(event.type),
    );
    const parts: Delivery[][] = [];
    let isOpen = false;
    for (const { items } of groups) {
      const isAlone = this.routes.isAlone(items[0].event.type);
      if (isOpen && !isAlone) parts[parts.length - 1].push(...items);
      else parts.push([...items]);
      isOpen = !isAlone;
    }
    return parts;
  }

  private async settleTogether(share: readonly Delivery[], signal: AbortSignal): Promise<void> {
    const error = await this.attempt(share, signal);
    if (error === undefined) share.forEach((delivery) => delivery.onSettled());
    else if (share.length === 1) await this.settleFailed(share[0], error, signal);
    else await this.settleOneByOne(share, signal);
  }

  private async settleOneByOne(share: readonly Delivery[], signal: AbortSignal): Promise<void> {
    for (const delivery of share) {
      const error = await this.attempt([delivery], signal);
      if (error === undefined) delivery.onSettled();
      else await this.settleFailed(delivery, error, signal);
    }
  }

  /** A single event failed: a few more attempts, then it is put aside and its key's later events queue behind it. */
  private async settleFailed(delivery: Delivery, firstError: unknown, signal: AbortSignal): Promise<void> {
    let error = firstError;
    let attempts = 1;
    // A handler that hung once has held its partition long enough.
    while (
      attempts < this.tuning.attemptsInPlaceMax &&
      !isPermanent(error) &&
      !(error instanceof HandlerTimeout)
    ) {
      await pause(backoffMs(this.tuning.inPlaceBackoff, attempts - 1), signal);
      this.stats.count('retried');
      const outcome = await this.attempt([delivery], signal);
      if (outcome === undefined) return delivery.onSettled();
      error = outcome;
      attempts++;
    }
    await this.putAside(delivery, attempts, error, signal);
    delivery.onSettled();
  }

  /** One transaction over the share. Outages and contention are waited out here; any other error is returned. */
  private async attempt(share: readonly Delivery[], signal: AbortSignal): Promise<unknown> {
    return this.persist(signal, async () => {
      let duplicates = 0;
      let queued = 0;
      await this.transact(share, signal, async (tx) => {
        const claimed = await claim(tx.prepared, share.map(claimedOf));
        // delete() and not has(): the same event twice in one share is fresh the first time only.
        const fresh = share.filter(({ event }) => claimed.fresh.delete(event.id));
        const isBehind = ({ message }: Delivery): boolean => claimed.isParked(message.topic, message.key);
        const behind = fresh.filter(isBehind);
        duplicates = share.length - fresh.length;
        queued = behind.length;
        if (behind.length > 0)
          await park(
            tx.sql,
            behind.map(({ message }) => message),
          );
        const open = fresh.filter((each) => !isBehind(each));
        const forgotten = open.filter(({ message }) => mayBeForgotten(message, Date.now()));
        if (forgotten.length > 0)
          await this.handle(
            forgotten.map(({ event }) => event),
            true,
          );
        await this.handle(open.filter((each) => !forgotten.includes(each)).map(({ event }) => event));
        await this.hooks.at('consumer.beforeCommit');
      });
      this.stats.count('consumed', share.length - duplicates - queued);
      this.stats.count('duplicatesIgnored', duplicates);
      this.stats.count('parked', queued);
      await this.hooks.at('consumer.committed');
    });
  }

  /**
   * Calls the handlers, grouped so that each gets long arrays and every key keeps its order.
   *
   * @param readModelsOnly whether handlers that must not see an event twice are left out
   */
  async handle(events: readonly Received[], readModelsOnly = false): Promise<void> {
    const groups = groupByRoute(
      events,
      ({ key }) => key,
      ({ type }) => this.routes.routeOf(type),
    );
    for (const { items } of groups) await this.routes.call(items, readModelsOnly);
  }

  transact(share: readonly Delivery[], signal: AbortSignal, work: (tx: Tx) => Promise<void>): Promise<void> {
    const limits = { limitMs: this.tuning.handlerMs, signal };
    return inEventTransaction(
      this.database,
      share.map(({ event }) => event),
      work,
      limits,
    );
  }

  /** Parks the event, or buries it when trying again cannot help; its inbox row goes with it. */
  private async putAside(
    delivery: Delivery,
    attempts: number,
    error: unknown,
    signal: AbortSignal,
  ): Promise<void> {
    const { message, event } = delivery;
    const cause = causeOf(error);
    const isDead = isPermanent(error);
    this.logger.warn(
      `${event.type} ${event.id} ${isDead ? 'is a dead letter' : 'is parked'} after ${attempts} attempts: ${cause}`,
    );
    const store = (): Promise<void> =>
      this.transact([delivery], signal, async (tx) => {
        const { fresh } = await claim(tx.prepared, [claimedOf(delivery)]);
        if (!fresh.has(event.id)) return;
        if (isDead) await bury(tx.sql, message, attempts, cause);
        else await park(tx.sql, [message], { cause, delayMs: backoffMs(this.tuning.parkedBackoff, 0) });
      });
    // Nothing may get past a message that is neither handled nor kept, so there is no bound but the signal.
    for (let n = 0; ; n++) {
      const failure = await this.persist(signal, store);
      if (failure === undefined) break;
      this.logger.error(`${event.id} cannot be put aside: ${causeOf(failure)}`);
      await pause(backoffMs(this.tuning.outageBackoff, n), signal);
    }
    this.stats.count(isDead ? 'deadLettered' : 'parked');
  }

  /**
   * Does `work` until it succeeds or fails for a reason of its own, which is returned. While the database is away it
   * waits, for as long as the partition is ours; the way out is the signal.
   */
  private async persist(signal: AbortSignal, work: () => Promise<void>): Promise<unknown> {
    let outages = 0;
    let contentions = 0;
    for (;;) {
      try {
        await work();
        return undefined;
      } catch (error) {
        if (error instanceof BatchAborted) throw error;
        if (isOutage(error)) {
          if (outages === 0) this.logger.warn(`waiting for the database: ${causeOf(error)}`);
          await pause(backoffMs(this.tuning.outageBackoff, outages++), signal);
        } else if (isContention(error) && contentions < CONTENTION_RETRIES_MAX) {
          await pause(backoffMs(this.tuning.inPlaceBackoff, contentions++), signal);
        } else {
          return error ?? new Error('thrown nothing');
        }
      }
    }
  }
}

function claimedOf({ message: { topic, key }, event: { id } }: Delivery): Claimed {
  return { id, topic, key };
}
