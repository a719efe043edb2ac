import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { AppLogger, Clock, Database, pause, Periodic, SYSTEM_ACTOR } from '@doorstep/platform';
import { NotificationsConfig } from '../config';
import { type Claimed, record } from '../deliveries/deliveries.queries';
import { type Outcome, type Settled, settle } from '../deliveries/delivery';
import { Drain } from '../deliveries/drain';
import { Keyring } from '../sealing/keyring';
import { afterFailure, HEALTHY, type Health } from './endpoint';
import { GONE, WebhookChannel } from './webhook.channel';
import { type ClaimedWebhook, claimWebhooks, saveHealth } from './webhooks.queries';

const CLAIM_MAX = 50;
/** Endpoints at work at the same time. */
const BUSY_MAX = 64;
/** While some endpoint is slow, the queue is looked at so often for the others. */
const LOOK_MS = 250;

/**
 * Sends what is queued for webhook endpoints: each endpoint's deliveries one after the other, endpoints side by side, so
 * a slow or dead one holds up nobody else. A crash between the answer and the mark sends a delivery again after its
 * lease, with the same webhook-id.
 */
@Injectable()
export class WebhooksSender implements BeforeApplicationShutdown {
  private readonly drain = new Drain(() => this.round());
  /** The endpoints at work, each with the end of its portion. */
  private readonly busy = new Map<string, Promise<void>>();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly channel: WebhookChannel,
    private readonly keyring: Keyring,
    private readonly config: NotificationsConfig,
    private readonly logger: AppLogger,
  ) {}

  /** Looks at the queue now rather than at the next round; called after a commit that filled it. */
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
    await Promise.all(this.busy.values());
  }

  private async round(): Promise<boolean> {
    const wasIdle = this.busy.size === 0;
    if (this.busy.size < BUSY_MAX) await this.startWork();
    // An endpoint that finished during the claim was left out of it: look again.
    if (this.busy.size === 0) return !wasIdle;
    await Promise.race([...this.busy.values(), pause(LOOK_MS)]);
    return true;
  }

  private async startWork(): Promise<void> {
    const now = this.clock.now();
    const leaseMs = this.config.deliveryLeaseSeconds * 1000;
    const leaseUntil = new Date(now.getTime() + leaseMs);
    const claimed = await this.database.writeAs(SYSTEM_ACTOR, (tx) =>
      claimWebhooks(tx, { now, leaseUntil, most: CLAIM_MAX, busy: [...this.busy.keys()] }),
    );
    // What has not begun by half of the lease may not end within it.
    const beginBefore = now.getTime() + leaseMs / 2;
    for (const [endpointId, queue] of queuesOf(claimed)) {
      const work = this.work(endpointId, queue, beginBefore)
        .catch((error: unknown) => this.logger.failure('could not send webhooks', error, { endpointId }))
        .finally(() => this.busy.delete(endpointId));
      this.busy.set(endpointId, work);
    }
  }

  /** One endpoint's deliveries in the order of their queueing, up to the first failure. */
  private async work(endpointId: string, queue: ClaimedWebhook[], beginBefore: number): Promise<void> {
    const settled: { delivery: Claimed; result: Settled }[] = [];
    let health: Health | undefined;
    let until: Date | undefined;
    for (const delivery of queue) {
      const now = this.clock.now();
      if (this.drain.stopping || now.getTime() > beginBefore) until ??= now;
      const outcome: Outcome = until
        ? { kind: 'deferred', until, reason: 'endpoint_paused' }
        : await this.attempt(delivery);
      const { channel, attempts } = delivery;
      settled.push({
        delivery,
        result: settle(channel, attempts, outcome, this.clock.now(), Math.random()),
      });
      health = this.healthAfter(outcome, delivery, health) ?? health;
      if (outcome.kind === 'failed' || outcome.kind === 'refused') until ??= health?.pausedUntil ?? now;
    }
    await this.database.writeAs(SYSTEM_ACTOR, async (tx) => {
      await record(tx, settled, this.clock.now());
      if (health) await saveHealth(tx, endpointId, health, this.clock.now());
    });
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
      return { kind: 'failed', reason: OURS };
    }
  }

  /** The endpoint's health, where the outcome says something new about it. */
  private healthAfter(
    outcome: Outcome,
    { recipientId, endpoint }: ClaimedWebhook,
    known: Health | undefined,
  ): Health | undefined {
    if (!endpoint) return undefined;
    if (outcome.kind === 'sent') return (known ?? endpoint).failures > 0 ? HEALTHY : undefined;
    if (outcome.kind !== 'failed' && outcome.kind !== 'refused') return undefined;
    const { reason } = outcome;
    if (reason === OURS) return undefined;
    const afterMs = outcome.kind === 'failed' ? outcome.afterMs : undefined;
    const disableAfterMs = this.config.webhookDisableHours * 3_600_000;
    const failure = { reason, afterMs, gone: reason === GONE };
    const after = afterFailure(known ?? endpoint, failure, this.clock.now(), disableAfterMs, Math.random());
    if (after.status === 'disabled') {
      this.logger.warn('a webhook endpoint was disabled', { endpointId: recipientId, reason });
    }
    return after;
  }
}

/** Reason of a failure that says nothing about the endpoint. */
const OURS = 'internal';

/** The deliveries of each endpoint, in the order of queueing. */
function queuesOf(claimed: readonly ClaimedWebhook[]): Map<string, ClaimedWebhook[]> {
  const queues = new Map<string, ClaimedWebhook[]>();
  for (const delivery of claimed) {
    const queue = queues.get(delivery.recipientId);
    if (queue) queue.push(delivery);
    else queues.set(delivery.recipientId, [delivery]);
  }
  return queues;
}
