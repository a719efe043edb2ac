import type { Logger } from '@nestjs/common';
import { SYSTEM_ACTOR, runInContext } from '../context';
import { backoffMs, pause } from '../database/backoff';
import type { Database } from '../database/database';
import { isContention, isOutage } from '../database/pg-errors';
import type { Tx } from '../database/transaction';
import { bury } from './dead-letters';
import { isMalformed, open } from './envelope';
import { contextOf, inEventTransaction } from './event-transaction';
import { BatchAborted, causeOf, isPermanent } from './failure';
import { type ParkedEvent, dueKeys, holdAgain, postpone, takeHead, unpark } from './parked-events';
import type { Received } from './received';
import type { MessagingStats } from './stats';
import type { MessagingTuning } from './tuning';

const KEYS_PER_ROUND_MAX = 50;
const EVENTS_PER_KEY_MAX = 200;

type Handle = (events: readonly Received[]) => Promise<void>;
/** What became of the head of a key's queue. */
type Outcome = 'none' | 'done' | 'failed';

/**
 * Tries parked keys again, each in the order of its queue. The row's removal is in the transaction of the effect, so it
 * takes the inbox's place; row locks keep the processes of a service out of each other's way.
 */
export class ParkedWorker {
  private readonly stopping = new AbortController();
  private living: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly handle: Handle,
    private readonly stats: MessagingStats,
    private readonly tuning: MessagingTuning,
    private readonly logger: Logger,
  ) {}

  start(): void {
    this.living = this.live();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.living;
  }

  private async live(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      try {
        await this.round(signal);
      } catch (error) {
        if (!isOutage(error) && !(error instanceof BatchAborted)) this.logger.error(error);
      }
      await pause(this.tuning.parkedPollMs * (0.9 + Math.random() / 5), signal);
    }
  }

  private async round(signal: AbortSignal): Promise<void> {
    const due = await this.database.readAs(SYSTEM_ACTOR, (tx) => dueKeys(tx.sql, KEYS_PER_ROUND_MAX));
    for (const { topic, key } of due) {
      for (let n = 0; n < EVENTS_PER_KEY_MAX && !signal.aborted; n++) {
        if ((await this.tryHead(topic, key, signal)) !== 'done') break;
      }
    }
  }

  private async tryHead(topic: string, key: string, signal: AbortSignal): Promise<Outcome> {
    let head: ParkedEvent | undefined;
    try {
      await this.transact(signal, async (tx) => {
        head = await takeHead(tx.sql, topic, key);
        if (!head) return;
        const event = open(head);
        if (isMalformed(event)) throw new MalformedParked(event.reason);
        await runInContext(contextOf([event]), () => this.handle([event]));
        await unpark(tx.sql, head.id);
      });
    } catch (error) {
      if (error instanceof BatchAborted || isOutage(error) || !head) throw error;
      if (!isContention(error)) await this.failed(head, error, signal);
      return 'failed';
    }
    if (!head) return 'none';
    this.stats.count('consumed');
    return 'done';
  }

  /** One more failure: a later attempt, or the end of the road, which lets the key's later events go on. */
  private async failed(head: ParkedEvent, error: unknown, signal: AbortSignal): Promise<void> {
    const cause = causeOf(error);
    const attempts = head.attempts + 1;
    const isDead =
      attempts >= this.tuning.parkedAttemptsMax || isPermanent(error) || error instanceof MalformedParked;
    let isOurs = false;
    await this.transact(signal, async (tx) => {
      isOurs = await holdAgain(tx.sql, head);
      if (!isOurs) return;
      if (isDead) {
        await bury(tx.sql, head, attempts, cause);
        await unpark(tx.sql, head.id);
      } else {
        await postpone(tx.sql, head.id, cause, backoffMs(this.tuning.parkedBackoff, head.attempts));
      }
    });
    if (!isOurs) return;
    this.stats.count(isDead ? 'deadLettered' : 'retried');
    if (isDead)
      this.logger.warn(`a message of ${head.topic} is a dead letter after ${attempts} attempts: ${cause}`);
  }

  private transact(signal: AbortSignal, work: (tx: Tx) => Promise<void>): Promise<void> {
    return inEventTransaction(this.database, [], work, { limitMs: this.tuning.handlerMs, signal });
  }
}

class MalformedParked extends Error {}
