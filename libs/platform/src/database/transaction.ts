import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { PoolClient, QueryResult } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import type { DomainEvent } from '@doorstep/contracts';
import { sha256Hex } from '@doorstep/kernel';
import type { Received } from '../messaging/received';
import { type OutboxRow, appendToOutbox, outboxRowOf } from '../messaging/outbox';
import { paramOf } from './array-param';
import { type Memo, type Recalled, recallSql, remember } from './idempotency';
import { isAborted } from './pg-errors';
import type { Sql } from './sql';
import { type Scope, sameScope, scopeSql } from './tenancy';

/** One Postgres transaction, as the code inside `Database.write` or `read` sees it. */
export interface Tx {
  /** TypeORM bound to this transaction; made on first use. */
  readonly manager: EntityManager;
  /** Straight to the pg driver; the rows of the result. */
  sql: Sql;
  /**
   * Like `sql`, for statements of hot paths whose text is always the same: each connection parses and plans it once. A
   * statement with sub-selects can take longer to plan than to run.
   */
  prepared: Sql;
  /** Bulk load: COPY … FROM STDIN of what `chunks` yields, e.g. lines of CSV. Await it before the next statement. */
  copyIn(sql: string, chunks: Iterable<string | Buffer> | AsyncIterable<string | Buffer>): Promise<void>;
  /** Collects an event; all of them go to the outbox in one insert just before the commit. */
  tell(event: DomainEvent, options?: TellOptions): void;
  /** Runs after a successful commit; an error in it is logged, since the transaction can't be undone any more. */
  afterCommit(fn: () => void | Promise<void>): void;
}

export interface TellOptions {
  /** The received event that this one answers: correlation and causation come from it. */
  because?: Received<DomainEvent>;
}

/** An open transaction on one pooled connection. Queries are pipelined, so BEGIN costs no round trip of its own. */
export class Transaction implements Tx {
  readonly told: OutboxRow[] = [];
  readonly hooks: (() => void | Promise<void>)[] = [];
  private state: 'open' | 'ended' | 'abandoned' = 'open';
  private failure?: unknown;
  private runner?: QueryRunner;

  private constructor(
    private readonly client: PoolClient,
    private readonly source: DataSource,
    private readonly service: string,
    private scope: Scope,
    private readonly began: Promise<Recalled | undefined>,
  ) {}

  static begin(
    client: PoolClient,
    source: DataSource,
    service: string,
    scope: Scope,
    options: { readOnly?: boolean; memo?: Memo } = {},
  ): Transaction {
    sendTogether(client);
    const text =
      `${options.readOnly ? 'BEGIN READ ONLY' : 'BEGIN'};${scopeSql(scope)}` +
      (options.memo ? recallSql(options.memo) : '');
    const began = client.query(text).then((results) => {
      const last = (results as unknown as QueryResult[]).at(-1);
      return options.memo ? (last?.rows[0] as Recalled | undefined) : undefined;
    });
    // A failed BEGIN also fails every query behind it; this only keeps the rejection from being unhandled.
    began.catch(() => undefined);
    client.on('error', ignore);
    return new Transaction(client, source, service, scope, began);
  }

  get isOpen(): boolean {
    return this.state === 'open';
  }

  get isAbandoned(): boolean {
    return this.state === 'abandoned';
  }

  get manager(): EntityManager {
    this.assertOpen();
    this.runner ??= this.attachTypeOrm();
    return this.runner.manager;
  }

  sql: Sql = async <T>(text: string, params?: unknown[]): Promise<T[]> => {
    this.assertOpen();
    sendTogether(this.client);
    return this.rowsOf<T>(this.client.query(text, params?.map(paramOf)));
  };

  prepared: Sql = async <T>(text: string, params: unknown[] = []): Promise<T[]> => {
    this.assertOpen();
    sendTogether(this.client);
    return this.rowsOf<T>(
      this.client.query({ name: statementName(text), text, values: params.map(paramOf) }),
    );
  };

  async copyIn(
    sql: string,
    chunks: Iterable<string | Buffer> | AsyncIterable<string | Buffer>,
  ): Promise<void> {
    this.assertOpen();
    await this.began;
    // COPY takes the connection for several messages, which a pipelined one refuses; nothing is on its way now.
    const client = this.client as { pipeline: boolean };
    client.pipeline = false;
    try {
      await pipeline(Readable.from(chunks), this.client.query(copyFrom(sql)));
    } finally {
      client.pipeline = true;
    }
  }

  tell(event: DomainEvent, options: TellOptions = {}): void {
    this.assertOpen();
    this.told.push(outboxRowOf(this.service, event, options.because));
  }

  afterCommit(fn: () => void | Promise<void>): void {
    this.assertOpen();
    this.hooks.push(fn);
  }

  /** What BEGIN found under the idempotency key. */
  recalled(): Promise<Recalled | undefined> {
    return this.began;
  }

  /** Work inside this transaction under another actor's scope; the former scope comes back afterwards. */
  async within<T>(scope: Scope, work: (tx: Tx) => Promise<T>): Promise<T> {
    this.assertOpen();
    if (sameScope(scope, this.scope)) return work(this);
    const former = this.scope;
    await this.changeScope(scope);
    try {
      return await work(this);
    } finally {
      // After a failed statement the transaction is lost anyway, and so is its scope.
      await this.changeScope(former).catch(() => undefined);
    }
  }

  /** Outbox, memo and COMMIT leave together: one round trip, and a failed insert turns COMMIT into ROLLBACK. */
  async commit(memo?: Memo, result?: unknown): Promise<void> {
    this.assertOpen();
    const last: Promise<unknown>[] = [this.began];
    if (this.told.length > 0) last.push(appendToOutbox(this.prepared, this.told));
    if (memo) last.push(remember(this.prepared, memo, result));
    this.state = 'ended';
    const commit = this.client.query('COMMIT');
    const outcomes = await Promise.allSettled([...last, commit]);
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed) throw failed.reason;
    if ((await commit).command !== 'COMMIT')
      throw new Error('the transaction had failed and was rolled back');
    this.release();
  }

  /** Undoes the transaction; a connection that can't even do that is thrown away. */
  async rollback(): Promise<void> {
    if (this.state === 'abandoned') return;
    this.state = 'ended';
    try {
      await this.client.query('ROLLBACK');
      this.release();
    } catch (error) {
      this.release(error as Error);
    }
  }

  /** Cuts a transaction whose work does not come back: the connection goes, and Postgres rolls back. */
  abandon(): void {
    if (this.state !== 'open') return;
    this.state = 'abandoned';
    this.release(new Error('abandoned'));
    // end() would wait for the statement in hand; this doesn't.
    socketOf(this.client).destroy();
  }

  /**
   * Pipelined statements fail together: the first by its own error, those behind it because the transaction is lost by then.
   * Whoever waits for any of them learns the first, which says what was wrong and whether trying again may help.
   */
  private async rowsOf<T>(answer: Promise<QueryResult>): Promise<T[]> {
    try {
      return (await answer).rows as T[];
    } catch (error) {
      if (this.failure === undefined || !isAborted(error)) this.failure = error;
      throw this.failure;
    }
  }

  private release(error?: Error): void {
    this.client.removeListener('error', ignore);
    if (error) this.client.on('error', ignore);
    this.client.release(error);
  }

  private async changeScope(scope: Scope): Promise<void> {
    this.scope = scope;
    await this.client.query(scopeSql(scope));
  }

  private assertOpen(): void {
    if (this.state === 'open') return;
    throw new Error(
      this.state === 'abandoned'
        ? 'this transaction was abandoned because its work took too long'
        : 'this transaction has ended; use tx only inside its callback, and await everything in it',
    );
  }

  /** TypeORM adopts the connection and believes to be in a transaction, so save() doesn't open its own. */
  private attachTypeOrm(): QueryRunner {
    const runner = this.source.createQueryRunner();
    return Object.assign(runner, {
      databaseConnection: this.client,
      isTransactionActive: true,
      transactionDepth: 1,
    });
  }
}

function socketOf(client: PoolClient): Socket {
  return (client as unknown as { connection: { stream: Socket } }).connection.stream;
}

/**
 * What a transaction says in one turn of the event loop leaves in one packet: BEGIN with the first statement, the outbox
 * with COMMIT. Each packet wakes the other side, and on a busy machine that costs more than what it says.
 */
function sendTogether(client: PoolClient): void {
  const socket = socketOf(client);
  if (socket.writableCorked > 0) return;
  socket.cork();
  process.nextTick(() => socket.uncork());
}

/** A connection lost in mid-transaction fails the queries on it; its error event needs no second reader. */
function ignore(): void {}

const statementNames = new Map<string, string>();

/** The same name for the same text; Postgres allows 63 characters. */
function statementName(text: string): string {
  const known = statementNames.get(text);
  if (known) return known;
  const name = sha256Hex(text).slice(0, 40);
  statementNames.set(text, name);
  return name;
}
