import { Injectable, type OnModuleInit } from '@nestjs/common';
import { notFound } from '@doorstep/kernel';
import {
  Clock,
  currentActor,
  Database,
  decodeCursor,
  Metrics,
  type Page,
  pageOf,
  Periodic,
  SYSTEM_ACTOR,
} from '@doorstep/platform';
import type { EntityManager, SelectQueryBuilder } from 'typeorm';
import { NotificationsConfig } from '../config';
import { type Delivery, type DeliveryQuery, showDelivery } from './deliveries.dto';
import { DeliveryRow } from './delivery.entity';

const DAY_MS = 86_400_000;
/** Rows removed by one transaction, and transactions of one round. */
const REMOVE_MAX = 5_000;
const REMOVE_ROUNDS_MAX = 100;

/** The delivery log. */
@Injectable()
export class DeliveriesService implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly config: NotificationsConfig,
    private readonly metrics: Metrics,
  ) {}

  onModuleInit(): void {
    const help = 'Seconds that the longest due delivery has been waiting for a sender';
    this.metrics.gauge('delivery_overdue_seconds', help, () => this.overdueSeconds());
  }

  /** Newest first. */
  list({ limit, cursor, ...filter }: DeliveryQuery): Promise<Page<Delivery>> {
    const before = decodeCursor(cursor, 1);
    return this.database.read(async ({ manager }) => {
      const query = visible(manager)
        .orderBy('delivery.id', 'DESC')
        .take(limit + 1);
      if (before) query.andWhere('delivery.id < :before', { before: String(before[0]) });
      narrow(query, filter);
      return pageOf(await query.getMany(), limit, (row) => [row.id], showDelivery);
    });
  }

  async find(id: string): Promise<Delivery> {
    const row = await this.database.read(({ manager }) =>
      visible(manager).andWhere('delivery.id = :id', { id }).getOne(),
    );
    if (!row) throw notFound('delivery', id);
    return showDelivery(row);
  }

  /** 0 when all is well; an alarm belongs on minutes. */
  private async overdueSeconds(): Promise<number> {
    const now = this.clock.now();
    const [{ since }] = await this.database.readAs(SYSTEM_ACTOR, (tx) =>
      tx.sql<{ since: Date | null }>(
        `SELECT min(next_attempt_at) AS since FROM delivery AS d
         WHERE status = 'queued' AND next_attempt_at <= $1 AND NOT EXISTS (
           SELECT FROM webhook_endpoint AS e WHERE e.id = d.recipient_id AND e.paused_until > $1)`,
        [now],
      ),
    );
    return since ? (now.getTime() - since.getTime()) / 1000 : 0;
  }

  /** The log is kept for a time; see DELIVERIES_KEEP_DAYS. */
  @Periodic({ everyMs: 3_600_000, name: 'remove old deliveries' })
  async removeOld(): Promise<void> {
    const before = new Date(this.clock.now().getTime() - this.config.deliveriesKeepDays * DAY_MS);
    for (let round = 0; round < REMOVE_ROUNDS_MAX; round++) {
      const removed = await this.database.writeAs(SYSTEM_ACTOR, (tx) =>
        tx.sql(
          `DELETE FROM delivery WHERE id IN (SELECT id FROM delivery WHERE ended_at < $1 LIMIT $2) RETURNING id`,
          [before, REMOVE_MAX],
        ),
      );
      if (removed.length < REMOVE_MAX) return;
    }
  }
}

/** Row-level security shows the tenant's; those who answer for some sites see what was sent about these. */
function visible(manager: EntityManager): SelectQueryBuilder<DeliveryRow> {
  const query = manager.createQueryBuilder(DeliveryRow, 'delivery').where('TRUE');
  const { siteIds } = currentActor();
  return siteIds ? query.andWhere('delivery.siteId = ANY (:siteIds)', { siteIds }) : query;
}

type Filter = Omit<DeliveryQuery, 'limit' | 'cursor'>;

function narrow(query: SelectQueryBuilder<DeliveryRow>, filter: Filter): void {
  const { status, channel, residentId, endpointId, bookingId } = filter;
  if (status) query.andWhere('delivery.status = :status', { status });
  if (channel) query.andWhere('delivery.channel = :channel', { channel });
  if (bookingId) query.andWhere('delivery.bookingId = :bookingId', { bookingId });
  if (residentId) {
    query.andWhere(`delivery.recipientId = :residentId AND delivery.channel <> 'webhook'`, { residentId });
  }
  if (endpointId) {
    query.andWhere(`delivery.recipientId = :endpointId AND delivery.channel = 'webhook'`, { endpointId });
  }
}
