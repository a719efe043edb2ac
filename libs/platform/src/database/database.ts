import { AsyncLocalStorage } from 'node:async_hooks';
import { Logger } from '@nestjs/common';
import type { Pool } from 'pg';
import type { DataSource } from 'typeorm';
import { type Actor, currentActor, currentContext, runAs } from '../context';
import { backoffMs, pause } from './backoff';
import { type ChangeLog, changeOf, idOf, operationToTell } from './change-log';
import { type Memo, memoOf, recall } from './idempotency';
import { isContention } from './pg-errors';
import { scopeOf } from './tenancy';
import { Transaction, type Tx } from './transaction';

const CONTENTION_RETRIES_MAX = 3;
const CONTENTION_BACKOFF = { baseMs: 10, maxMs: 200 };

/** The service's own database. Every access is one transaction under the current actor's row-level security. */
export class Database {
  private readonly logger = new Logger(Database.name);
  private readonly ambient = new AsyncLocalStorage<Transaction>();
  private nudge: () => void = () => undefined;

  constructor(
    readonly source: DataSource,
    /** The CloudEvents source of the events told here: the service's name. */
    private readonly service: string,
    /** Unset where changes are told one by one, or not at all. */
    private readonly changes?: ChangeLog,
  ) {}

  /**
   * One transaction as the current actor. Inside an event handler, or another write, it joins the one that is open.
   * The first write of a request with an Idempotency-Key is done once: a repeat gets the stored result.
   * Serialization failures and deadlocks run `work` again, so it must have no effect outside of `tx`. So do errors that
   * `again` knows: of a constraint that says that somebody else came in between. What joins another write isn't run again
   * by itself: its transaction is lost as a whole.
   */
  async write<T>(work: (tx: Tx) => Promise<T>, again: (error: unknown) => boolean = () => false): Promise<T> {
    const scope = scopeOf(currentActor());
    const open = this.ambientTransaction();
    if (open) return open.within(scope, work);
    const memo = memoOf(currentContext());
    const told = this.toldOf(work);
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.attempt(await this.begin({ memo }), told, memo);
      } catch (error) {
        if (!(isContention(error) || again(error)) || attempt >= CONTENTION_RETRIES_MAX) throw error;
        await pause(backoffMs(CONTENTION_BACKOFF, attempt));
      }
    }
  }

  /** A read-only transaction as the current actor; inside a write it joins that, and sees its changes. */
  async read<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    const open = this.ambientTransaction();
    if (open) return open.within(scopeOf(currentActor()), work);
    const tx = await this.begin({ readOnly: true });
    try {
      const result = await this.ambient.run(tx, () => work(tx));
      // Nothing to lose in a read-only transaction: the caller needn't wait for its end.
      void tx.rollback();
      return result;
    } catch (error) {
      await tx.rollback();
      throw error;
    }
  }

  /** As somebody else. Writes of different tenants inside one transaction follow each other; don't run them at once. */
  writeAs<T>(actor: Actor, work: (tx: Tx) => Promise<T>): Promise<T> {
    return runAs(actor, () => this.write(work));
  }

  readAs<T>(actor: Actor, work: (tx: Tx) => Promise<T>): Promise<T> {
    return runAs(actor, () => this.read(work));
  }

  /**
   * The messaging strategy's door: a transaction that the caller may abandon, which all writes inside join.
   * Not retried here; the strategy knows better what to try next.
   */
  async batch<T>(work: (tx: Tx) => Promise<T>, onBegin: (tx: Transaction) => void): Promise<T> {
    const tx = await this.begin({});
    onBegin(tx);
    return this.attempt(tx, work);
  }

  /** Called after each commit that told events; the relay registers itself here. */
  onTold(nudge: () => void): void {
    this.nudge = nudge;
  }

  /** pg's own pool under TypeORM, for health checks and gauges. Its connections are pipelined: no cursors on them. */
  get pool(): Pool {
    return (this.source.driver as unknown as { master: Pool }).master;
  }

  /** The same work, which tells at its end who asked for it: neither is there without the other. */
  private toldOf<T>(work: (tx: Tx) => Promise<T>): (tx: Transaction) => Promise<T> {
    const { changes } = this;
    const context = currentContext();
    const operation = changes && operationToTell(context);
    if (!operation) return work;
    return async (tx) => {
      const result = await work(tx);
      tx.tell(changeOf(changes, context, operation, idOf(result) ?? tx.told[0]?.aggregateid));
      return result;
    };
  }

  private ambientTransaction(): Transaction | undefined {
    const tx = this.ambient.getStore();
    if (tx?.isAbandoned) throw new Error('this transaction was abandoned because its work took too long');
    return tx?.isOpen ? tx : undefined;
  }

  private async begin(options: { readOnly?: boolean; memo?: Memo }): Promise<Transaction> {
    const scope = scopeOf(currentActor());
    return Transaction.begin(await this.pool.connect(), this.source, this.service, scope, options);
  }

  private async attempt<T>(tx: Transaction, work: (tx: Transaction) => Promise<T>, memo?: Memo): Promise<T> {
    let result: T;
    try {
      const former = memo && recall(memo, await tx.recalled());
      if (former) {
        await tx.rollback();
        return former.result as T;
      }
      result = await this.ambient.run(tx, () => work(tx));
      await tx.commit(memo, result);
    } catch (error) {
      await tx.rollback();
      throw error;
    }
    if (tx.told.length > 0) this.nudge();
    for (const hook of tx.hooks) await this.runHook(hook);
    return result;
  }

  private async runHook(hook: () => void | Promise<void>): Promise<void> {
    try {
      await hook();
    } catch (error) {
      this.logger.error(error, 'a hook after the commit failed');
    }
  }
}
