import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { AppLogger, Clock, Database, Periodic, SYSTEM_ACTOR, type Tx } from '@doorstep/platform';
import { NotificationsConfig } from '../config';
import { CLAIMED, type Claimed, claimSql, hasten, record } from '../deliveries/deliveries.queries';
import { type Outcome, type Settled, settle } from '../deliveries/delivery';
import { Drain } from '../deliveries/drain';
import { Keyring } from '../sealing/keyring';
import { afterFailure, HEALTHY, type Health } from './endpoint';
import { GONE, WebhookChannel, type WebhookBody } from './webhook.channel';

const CLAIM_MAX = 50;
/** An endpoint that was paused by a failure keeps its deliveries out of the way of the others. */
const NOT_PAUSED = `NOT EXISTS (
  SELECT FROM webhook_endpoint AS e WHERE e.id = due.recipient_id AND e.status = 'active' AND e.paused_until > $2)`;

type Endpoint = Pick<Health, 'status' | 'failures' | 'failingSince'> & { url: string; secretSealed: string };
type ClaimedWebhook = Claimed & { payload: WebhookBody; endpoint: Endpoint | null };

interface Results {
  settled: { delivery: Claimed; result: Settled }[];
  /** By endpoint, where it changed. */
  health: Map<string, Health>;
}

/**
 * Sends what is queued for webhook endpoints: each endpoint's deliveries one after the other, endpoints side by side. A
 * crash between the answer and the mark sends a delivery again after its lease, with the same webhook-id.
 */
@Injectable()
export class WebhooksSender implements BeforeApplicationShutdown {
  private readonly drain = new Drain(() => this.round());

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly channel: WebhookChannel,
    private readonly keyring: Keyring,
    private readonly config: NotificationsConfig,
    private readonly logger: AppLogger,
  ) {}

  nudge(): void {
    if (!this.config.periodic) return;
    this.drain.run().catch((error: unknown) => this.logger.failure('could not send webhooks', error));
  }

  @Periodic({ everyMs: 1_000, name: 'send webhooks' })
  sendDue(): Promise<void> {
    return this.drain.run();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.drain.stop();
  }

  private async round(): Promise<boolean> {
    const now = this.clock.now();
    const leaseMs = this.config.deliveryLeaseSeconds * 1000;
    const claimed = await this.database.writeAs(SYSTEM_ACTOR, (tx) =>
      claimWebhooks(tx, now, new Date(now.getTime() + leaseMs)),
    );
    if (claimed.length === 0) return false;
    const results: Results = { settled: [], health: new Map() };
    // What has not begun by half of the lease may not end within it.
    const beginBefore = now.getTime() + leaseMs / 2;
    await Promise.all(queuesOf(claimed).map((queue) => this.work(queue, beginBefore, results)));
    await this.database.writeAs(SYSTEM_ACTOR, async (tx) => {
      await record(tx, results.settled, this.clock.now());
      for (const [id, health] of results.health) await saveHealth(tx, id, health, this.clock.now());
    });
    return claimed.length === CLAIM_MAX;
  }

  /** One endpoint's deliveries in the order of their queueing, up to the first failure. */
  private async work(queue: ClaimedWebhook[], beginBefore: number, results: Results): Promise<void> {
    let until: Date | undefined;
    for (const delivery of queue) {
      const now = this.clock.now();
      if (now.getTime() > beginBefore) until ??= now;
      const outcome: Outcome = until
        ? { kind: 'deferred', until, reason: 'endpoint_paused' }
        : await this.attempt(delivery);
      const { channel, attempts } = delivery;
      results.settled.push({
        delivery,
        result: settle(channel, attempts, outcome, this.clock.now(), Math.random()),
      });
      until ??= this.judgeEndpoint(delivery, outcome, results.health);
    }
  }

  private async attempt({ id, payload, endpoint }: ClaimedWebhook): Promise<Outcome> {
    if (!endpoint) return { kind: 'suppressed', reason: 'endpoint_removed' };
    if (endpoint.status === 'disabled') return { kind: 'suppressed', reason: 'endpoint_disabled' };
    try {
      const secret = this.keyring.openSecret(endpoint.secretSealed);
      return await this.channel.call({ id, url: endpoint.url, secret, body: payload });
    } catch (error) {
      // Ours to mend, such as a lost key; one delivery's trouble must not hold up the others.
      this.logger.failure('could not attempt a webhook', error, { deliveryId: id });
      return { kind: 'failed', reason: 'internal' };
    }
  }

  /** Notes what the outcome says about the endpoint; the end of its pause, if it needs one now. */
  private judgeEndpoint(
    { recipientId, endpoint }: ClaimedWebhook,
    outcome: Outcome,
    health: Map<string, Health>,
  ): Date | undefined {
    const ours = outcome.kind === 'failed' && outcome.reason === 'internal';
    if (!endpoint || ours || outcome.kind === 'suppressed' || outcome.kind === 'deferred') return undefined;
    if (outcome.kind === 'sent') {
      if (endpoint.failures > 0) health.set(recipientId, HEALTHY);
      return undefined;
    }
    const { reason } = outcome;
    const failure = {
      reason,
      gone: reason === GONE,
      afterMs: outcome.kind === 'failed' ? outcome.afterMs : undefined,
    };
    const disableAfterMs = this.config.webhookDisableHours * 3_600_000;
    const before = health.get(recipientId) ?? endpoint;
    const after = afterFailure(before, failure, this.clock.now(), disableAfterMs, Math.random());
    health.set(recipientId, after);
    if (after.status === 'disabled') {
      this.logger.warn('a webhook endpoint was disabled', { endpointId: recipientId, reason });
    }
    return after.pausedUntil ?? undefined;
  }
}

/** One list per endpoint, in the order of queueing. */
function queuesOf(claimed: readonly ClaimedWebhook[]): ClaimedWebhook[][] {
  const queues = new Map<string, ClaimedWebhook[]>();
  for (const delivery of claimed) {
    const queue = queues.get(delivery.recipientId);
    if (queue) queue.push(delivery);
    else queues.set(delivery.recipientId, [delivery]);
  }
  return [...queues.values()];
}

/** Takes due webhooks together with their endpoints. */
function claimWebhooks(tx: Tx, now: Date, leaseUntil: Date): Promise<ClaimedWebhook[]> {
  return tx
    .sql<ClaimedWebhook & { failingSince: Date | null }>(
      `WITH ${claimSql(NOT_PAUSED)}
       SELECT ${CLAIMED}, e.failing_since AS "failingSince",
         CASE WHEN e.id IS NOT NULL THEN jsonb_build_object('url', e.url, 'secretSealed', e.secret_sealed,
           'status', e.status, 'failures', e.failures) END AS endpoint
       FROM d LEFT JOIN webhook_endpoint AS e ON e.id = d.recipient_id
       ORDER BY d.id`,
      [['webhook'], now, leaseUntil, CLAIM_MAX],
    )
    .then((rows) =>
      rows.map(({ failingSince, ...row }) => ({
        ...row,
        endpoint: row.endpoint && { ...row.endpoint, failingSince },
      })),
    );
}

async function saveHealth(tx: Tx, id: string, health: Health, now: Date): Promise<void> {
  await tx.sql(
    `UPDATE webhook_endpoint SET status = $2, failures = $3, failing_since = $4, paused_until = $5, disabled_at = $6,
            last_failure = $7
     WHERE id = $1`,
    [
      id,
      health.status,
      health.failures,
      health.failingSince,
      health.pausedUntil,
      health.disabledAt,
      health.lastFailure,
    ],
  );
  if (health.status === 'disabled') await hasten(tx, id, now);
}
