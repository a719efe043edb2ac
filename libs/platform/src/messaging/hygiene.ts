import { Logger } from '@nestjs/common';
import { TOPICS } from '@doorstep/contracts';
import { SYSTEM_ACTOR } from '../context';
import { pause } from '../database/backoff';
import type { Database } from '../database/database';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const ROUND_EVERY_MS = HOUR_MS;
const ROWS_PER_DELETE = 5_000;
const DELETES_PER_ROUND_MAX = 200;

/**
 * The inbox must outlive every message that the broker could deliver again, else a second delivery would have a second
 * effect: the longest retention of facts and a day. Compacted topics keep for ever, but their handlers compare versions;
 * of facts that are kept for ever, older ones go to handlers of read models alone.
 */
export const INBOX_KEPT_MS =
  Math.max(...TOPICS.filter(({ compacted }) => !compacted).map(({ retentionMs }) => retentionMs)) + DAY_MS;

/** Clients repeat a request within minutes; a week covers a till that was offline. */
export const IDEMPOTENCY_KEPT_MS = 7 * DAY_MS;

/** Keeps the platform's tables bounded, in small deletes. Harmless when several processes do it. */
export class Hygiene {
  private readonly logger = new Logger(Hygiene.name);
  private readonly stopping = new AbortController();
  private living: Promise<void> = Promise.resolve();

  constructor(private readonly database: Database) {}

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
      // The first round waits too: a start has better things to do, and processes started together spread out.
      await pause(ROUND_EVERY_MS * (0.5 + Math.random() / 2), signal);
      if (signal.aborted) return;
      await this.round().catch((error: unknown) =>
        this.logger.warn(`a round failed: ${(error as Error).message}`),
      );
    }
  }

  /** @returns how many rows went */
  async round(): Promise<number> {
    const inbox = await this.prune('inbox', 'event_id', 'received_at', INBOX_KEPT_MS);
    const keys = await this.prune('idempotency_key', 'principal, key', 'created_at', IDEMPOTENCY_KEPT_MS);
    return inbox + keys;
  }

  private async prune(table: string, key: string, time: string, keptMs: number): Promise<number> {
    let pruned = 0;
    for (let n = 0; n < DELETES_PER_ROUND_MAX && !this.stopping.signal.aborted; n++) {
      const gone = await this.database.writeAs(SYSTEM_ACTOR, (tx) =>
        tx.sql(
          `DELETE FROM ${table} WHERE (${key}) IN (
             SELECT ${key} FROM ${table} WHERE ${time} < now() - make_interval(secs => $1) LIMIT ${ROWS_PER_DELETE})
           RETURNING 1`,
          [keptMs / 1000],
        ),
      );
      pruned += gone.length;
      if (gone.length < ROWS_PER_DELETE) break;
    }
    return pruned;
  }
}
