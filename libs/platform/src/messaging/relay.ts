import type { Logger } from '@nestjs/common';
import { Client } from 'pg';
import { backoffMs, pause } from '../database/backoff';
import type { BatchProducer, Broker } from './broker';
import { messageOf } from './envelope';
import type { MessagingHooks } from './hooks';
import type { OutboxRow } from './outbox';
import type { MessagingStats } from './stats';
import type { Topics } from './topics';
import type { MessagingTuning } from './tuning';

export interface RelayOptions {
  databaseUrl: string;
  name: string;
  /** With several relays side by side each takes the keys of its shard; one relay does thousands of events a second. */
  shard?: { index: number; of: number };
}

/** First half of the advisory lock's name; the shard is the second. Locks are per database, so per service. */
const RELAY_LOCK = 0x0d00;
const RECOVERY = { baseMs: 200, maxMs: 5_000 };
/** Below the broker's limit of 1 MiB for a record batch. */
const PRODUCE_BYTES_MAX = 700_000;

const REMOVE_SQL = 'DELETE FROM outbox WHERE id = ANY ($1::bigint[])';
const NEXT_SQL = `
  SELECT id, event_id, aggregatetype, aggregateid, type, payload, source, operator_id, version, occurred_at,
         correlation_id, causation_id, traceparent
  FROM outbox WHERE id <> ALL ($2::bigint[]) AND (hashtext(aggregateid) & 2147483647) % $3 = $4 ORDER BY id LIMIT $1`;

type StoredRow = OutboxRow & { id: number };

/**
 * Moves the outbox to the broker, in the order of its ids. One relay per shard is active: it holds an advisory lock on
 * its own connection, and whoever loses the connection has lost the lock. Rows go after the broker's acknowledgement,
 * so a crash in between sends them twice, and the consumers' inboxes take the second for what it is.
 */
export class OutboxRelay {
  private readonly stopping = new AbortController();
  private living: Promise<void> = Promise.resolve();
  private wake: () => void = () => undefined;
  private isNudged = false;
  private leads = false;

  constructor(
    private readonly broker: Broker,
    private readonly topics: Topics,
    private readonly options: RelayOptions,
    private readonly tuning: MessagingTuning,
    private readonly stats: MessagingStats,
    private readonly hooks: MessagingHooks,
    private readonly logger: Logger,
  ) {}

  start(): void {
    this.living = this.live();
  }

  /** Sends what is in the outbox now, if it leads, then ends. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.wake();
    await this.living;
  }

  /** There is something to send: wakes the relay of this process. */
  nudge(): void {
    this.isNudged = true;
    this.wake();
  }

  /** Whether this process is the one that sends. */
  get isLeading(): boolean {
    return this.leads;
  }

  private async live(): Promise<void> {
    for (let attempt = 0; !this.stopping.signal.aborted; attempt++) {
      try {
        await this.session(() => (attempt = 0));
      } catch (error) {
        this.logger.warn(`the relay starts anew: ${(error as Error).message}`);
        this.topics.forget();
      }
      this.leads = false;
      await pause(backoffMs(RECOVERY, attempt), this.stopping.signal);
    }
  }

  /** From a connection to its loss: wait for the lead, then send batch after batch. */
  private async session(onProgress: () => void): Promise<void> {
    const client = new Client({
      connectionString: this.options.databaseUrl,
      application_name: `doorstep ${this.options.name} relay`,
      pipeline: true,
      keepAlive: true,
      connectionTimeoutMillis: 5_000,
      query_timeout: 30_000,
      // A removal that a crash of Postgres forgets is only sent twice; waiting for the disk would halve the pace.
      // And the outbox is mostly empty, so a plan made then must not be one that reads all of it in a backlog.
      options: '-c synchronous_commit=off -c enable_seqscan=off',
    });
    let lost: Error | undefined;
    client.on('error', (error) => {
      lost = error;
      this.wake();
    });
    let producer: BatchProducer | undefined;
    try {
      await client.connect();
      if (!(await this.takeTheLead(client))) return;
      await this.topics.ensured();
      producer = await this.broker.producer();
      this.leads = true;
      await this.sendAll(client, producer, () => lost, onProgress);
    } finally {
      await producer?.close().catch(() => undefined);
      await client.end().catch(() => undefined);
    }
  }

  /** @returns false when the relay is to stop before the lead is free */
  private async takeTheLead(client: Client): Promise<boolean> {
    while (!this.stopping.signal.aborted) {
      const { rows } = await client.query<{ leads: boolean }>(
        'SELECT pg_try_advisory_lock($1, $2) AS leads',
        [RELAY_LOCK, this.options.shard?.index ?? 0],
      );
      if (rows[0].leads) return true;
      await pause(this.tuning.relayPollMs.max, this.stopping.signal);
    }
    return false;
  }

  private async sendAll(
    client: Client,
    producer: BatchProducer,
    lost: () => Error | undefined,
    onProgress: () => void,
  ): Promise<void> {
    let sent: StoredRow[] = [];
    let idleMs = this.tuning.relayPollMs.min;
    for (;;) {
      const began = performance.now();
      this.isNudged = false;
      let rows = await this.exchange(client, sent, []);
      sent = [];
      while (rows.length >= this.tuning.relayBatchMax) {
        const next = await this.sendBacklog(client, producer, sent, rows);
        [sent, rows] = [rows, next];
        onProgress();
      }
      await this.send(producer, rows);
      onProgress();
      sent.push(...rows);
      if (sent.length > 0) {
        idleMs = this.tuning.relayPollMs.min;
        await this.rest(began);
        continue;
      }
      if (this.stopping.signal.aborted) return;
      await this.sleep(idleMs);
      const error = lost();
      if (error) throw error;
      idleMs = Math.min(idleMs * 2, this.tuning.relayPollMs.max);
    }
  }

  /** While the broker takes one full batch, Postgres forgets the one before and reads the next. */
  private async sendBacklog(
    client: Client,
    producer: BatchProducer,
    sent: StoredRow[],
    rows: StoredRow[],
  ): Promise<StoredRow[]> {
    const [reading, sending] = await Promise.allSettled([
      this.exchange(client, sent, rows),
      this.send(producer, rows),
    ]);
    if (sending.status === 'rejected') throw sending.reason;
    if (reading.status === 'rejected') throw reading.reason;
    return reading.value;
  }

  /** Removes the rows that the broker has, and reads the next ones beside those on their way: one round trip. */
  private async exchange(client: Client, sent: StoredRow[], sending: StoredRow[]): Promise<StoredRow[]> {
    const { index, of } = this.options.shard ?? { index: 0, of: 1 };
    const removed =
      sent.length > 0 && client.query({ name: 'remove', text: REMOVE_SQL, values: [idsOf(sent)] });
    const values = [this.tuning.relayBatchMax, idsOf(sending), of, index];
    const next = client.query<StoredRow>({ name: 'next', text: NEXT_SQL, values });
    const [, { rows }] = await Promise.all([removed, next]);
    return rows;
  }

  private async send(producer: BatchProducer, rows: StoredRow[]): Promise<void> {
    if (rows.length === 0) return;
    for (const share of sharesBySize(rows)) {
      await producer.produce(share.map(messageOf));
      this.stats.count('published', share.length);
    }
    await this.hooks.at('relay.acknowledged');
  }

  /** What is told meanwhile goes together. */
  private async rest(since: number): Promise<void> {
    const restMs = this.tuning.gatherMs - (performance.now() - since);
    if (restMs > 0) await pause(restMs, this.stopping.signal);
  }

  private async sleep(ms: number): Promise<void> {
    if (this.isNudged) return;
    const awake = new AbortController();
    this.wake = () => awake.abort();
    await pause(ms, awake.signal);
  }
}

function idsOf(rows: readonly StoredRow[]): number[] {
  return rows.map(({ id }) => id);
}

/** Cuts rows into runs that fit one request, in order. */
function sharesBySize(rows: readonly StoredRow[]): StoredRow[][] {
  const shares: StoredRow[][] = [];
  let bytes = Infinity;
  for (const row of rows) {
    const size = Buffer.byteLength(row.payload) + 512;
    if (bytes + size > PRODUCE_BYTES_MAX) {
      shares.push([]);
      bytes = 0;
    }
    shares.at(-1)?.push(row);
    bytes += size;
  }
  return shares;
}
