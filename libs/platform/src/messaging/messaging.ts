import type { Database } from '../database/database';
import { SYSTEM_ACTOR } from '../context';
import type { EventStrategy } from './event-strategy';
import type { OutboxRelay } from './relay';
import type { MessagingSnapshot, MessagingStats } from './stats';

/** What waits in the database right now. */
export interface MessagingGauges {
  /** Events told and not yet at the broker; counting stops at 10 000. */
  outboxRows: number;
  /** Seconds that the oldest of them has waited; 0 when there is none. */
  outboxAgeSeconds: number;
  parkedRows: number;
  deadLetterRows: number;
  /** Rows of the inbox, as the planner estimates them. */
  inboxRows: number;
  pool: { total: number; idle: number; waiting: number };
}

/** The service's view of its messaging: for health, metrics and reports. */
export class Messaging {
  constructor(
    private readonly database: Database,
    private readonly relay: OutboxRelay,
    private readonly strategy: EventStrategy,
    readonly stats: MessagingStats,
  ) {}

  /** Whether events come in; sending may be another process's part. */
  get isReady(): boolean {
    return this.strategy.isReady;
  }

  /** Whether this process is the one that sends the service's events. */
  get isRelaying(): boolean {
    return this.relay.isLeading;
  }

  counters(): MessagingSnapshot {
    return this.stats.snapshot();
  }

  async gauges(): Promise<MessagingGauges> {
    const { totalCount, idleCount, waitingCount } = this.database.pool;
    const [row] = await this.database.readAs(SYSTEM_ACTOR, (tx) =>
      tx.sql<Omit<MessagingGauges, 'pool'>>(`
        SELECT (SELECT count(*) FROM (SELECT FROM outbox LIMIT 10000) AS first_ones) AS "outboxRows",
               coalesce((SELECT extract(epoch FROM clock_timestamp() - created_at)::float8
                         FROM outbox ORDER BY id LIMIT 1), 0) AS "outboxAgeSeconds",
               (SELECT count(*) FROM (SELECT FROM parked_event LIMIT 10000) AS first_ones) AS "parkedRows",
               (SELECT count(*) FROM (SELECT FROM dead_letter LIMIT 10000) AS first_ones) AS "deadLetterRows",
               (SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = 'inbox'::regclass) AS "inboxRows"`),
    );
    return { ...row, pool: { total: totalCount, idle: idleCount, waiting: waitingCount } };
  }
}
