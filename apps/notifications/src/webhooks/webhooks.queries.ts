import type { Tx } from '@doorstep/platform';
import { CLAIMED, type Claimed, claimSql, hasten } from '../deliveries/deliveries.queries';
import type { Health } from './endpoint';
import type { WebhookBody } from './webhook.channel';

export type ClaimedWebhook = Claimed & {
  payload: WebhookBody;
  /** Null when it was removed. */
  endpoint:
    (Pick<Health, 'status' | 'failures' | 'failingSince'> & { url: string; secretSealed: string }) | null;
};

/** An endpoint that is paused or at work keeps its deliveries out of the way of the others. */
const FREE = `recipient_id <> ALL ($5) AND NOT EXISTS (
  SELECT FROM webhook_endpoint AS e WHERE e.id = due.recipient_id AND e.status = 'active' AND e.paused_until > $2)`;

/** Takes due webhooks together with their endpoints, but none of the busy ones. */
export async function claimWebhooks(
  tx: Tx,
  { now, leaseUntil, most, busy }: { now: Date; leaseUntil: Date; most: number; busy: readonly string[] },
): Promise<ClaimedWebhook[]> {
  const rows = await tx.sql<ClaimedWebhook & { failingSince: Date | null }>(
    `WITH ${claimSql(FREE)}
     SELECT ${CLAIMED}, e.failing_since AS "failingSince",
       CASE WHEN e.id IS NOT NULL THEN jsonb_build_object('url', e.url, 'secretSealed', e.secret_sealed,
         'status', e.status, 'failures', e.failures) END AS endpoint
     FROM d LEFT JOIN webhook_endpoint AS e ON e.id = d.recipient_id
     ORDER BY d.id`,
    [['webhook'], now, leaseUntil, most, busy],
  );
  return rows.map(({ failingSince, endpoint, ...row }) => ({
    ...row,
    endpoint: endpoint && { ...endpoint, failingSince },
  }));
}

/** Keeps what attempts have shown; an endpoint that is disabled now takes nothing of its queue any more. */
export async function saveHealth(tx: Tx, endpointId: string, health: Health, now: Date): Promise<void> {
  await tx.sql(
    `UPDATE webhook_endpoint SET status = $2, failures = $3, failing_since = $4, paused_until = $5, disabled_at = $6,
            last_failure = $7
     WHERE id = $1`,
    [
      endpointId,
      health.status,
      health.failures,
      health.failingSince,
      health.pausedUntil,
      health.disabledAt,
      health.lastFailure,
    ],
  );
  if (health.status === 'disabled') await hasten(tx, endpointId, now);
}
