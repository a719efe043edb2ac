import { DeliveryEnded, type DomainEvent, event } from '@doorstep/contracts';
import type { Received, Tx } from '@doorstep/platform';
import type { Channel, DeliveryStatus, Settled } from './delivery';

/** A delivery to be. */
export interface NewDelivery {
  operatorId: string;
  eventId: string;
  eventType: string;
  correlationId: string;
  channel: Channel;
  recipientId: string;
  /** Template code, or the event type for a webhook. */
  subject: string;
  payload: object;
  siteId: string | null;
  bookingId: string | null;
}

/** What a sender gets hold of. */
export interface Claimed {
  id: string;
  version: number;
  operatorId: string;
  eventId: string;
  correlationId: string;
  channel: Channel;
  recipientId: string;
  subject: string;
  payload: object;
  attempts: number;
  createdAt: Date;
}

/** Columns of `Claimed` from a table or CTE called `d`. */
export const CLAIMED = `d.id, d.version, d.operator_id AS "operatorId", d.event_id AS "eventId",
  d.correlation_id AS "correlationId", d.channel, d.recipient_id AS "recipientId", d.subject, d.payload, d.attempts,
  d.created_at AS "createdAt"`;

/** Queues deliveries; one that is queued already (the event came twice) stays as it is. */
export async function enqueue(tx: Tx, deliveries: readonly NewDelivery[], now: Date): Promise<void> {
  if (deliveries.length === 0) return;
  await tx.prepared(
    `INSERT INTO delivery (operator_id, event_id, event_type, correlation_id, channel, recipient_id, subject, payload,
                           site_id, booking_id, next_attempt_at, created_at)
     SELECT new.*, $11, $11
     FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::uuid[], $7::text[], $8::jsonb[],
                 $9::uuid[], $10::uuid[]) AS new
     ON CONFLICT (event_id, channel, recipient_id) DO NOTHING`,
    [
      deliveries.map((each) => each.operatorId),
      deliveries.map((each) => each.eventId),
      deliveries.map((each) => each.eventType),
      deliveries.map((each) => each.correlationId),
      deliveries.map((each) => each.channel),
      deliveries.map((each) => each.recipientId),
      deliveries.map((each) => each.subject),
      deliveries.map((each) => JSON.stringify(each.payload)),
      deliveries.map((each) => each.siteId),
      deliveries.map((each) => each.bookingId),
      now,
    ],
  );
}

/**
 * CTE `d`: takes due deliveries and counts the attempt. Until `leaseUntil` nobody else takes them, so no transaction is
 * open while the network is slow; a sender that dies lets them go by itself.
 *
 * Parameters: $1 channels, $2 now, $3 leaseUntil, $4 most. `extra` narrows what is due, as SQL on `due`.
 */
export function claimSql(extra = 'TRUE'): string {
  return `d AS (
    UPDATE delivery SET attempts = attempts + 1, version = version + 1, next_attempt_at = $3
    WHERE id IN (
      SELECT id FROM delivery AS due
      WHERE status = 'queued' AND channel = ANY ($1) AND next_attempt_at <= $2 AND ${extra}
      ORDER BY next_attempt_at, id LIMIT $4
      FOR UPDATE SKIP LOCKED)
    RETURNING *)`;
}

/**
 * Writes down how attempts ended and tells of those that are over. A delivery that changed hands in between (its lease
 * ran out, its resident was erased) is left as it is.
 */
export async function record(
  tx: Tx,
  settled: readonly { delivery: Claimed; result: Settled }[],
  now: Date,
): Promise<void> {
  if (settled.length === 0) return;
  const ended = await tx.prepared<Ended>(
    `UPDATE delivery AS d
     SET status = s.status, reason = s.reason, attempts = s.attempts, next_attempt_at = s.next_attempt_at,
         version = d.version + 1, ended_at = CASE WHEN s.status = 'queued' THEN NULL ELSE $7::timestamptz END
     FROM unnest($1::uuid[], $2::bigint[], $3::text[], $4::text[], $5::int[], $6::timestamptz[])
            AS s (id, version, status, reason, attempts, next_attempt_at)
     WHERE d.id = s.id AND d.version = s.version AND d.status = 'queued'
     RETURNING ${ENDED}`,
    [
      settled.map(({ delivery }) => delivery.id),
      settled.map(({ delivery }) => delivery.version),
      settled.map(({ result }) => result.status),
      settled.map(({ result }) => result.reason),
      settled.map(({ result }) => result.attempts),
      settled.map(({ result }) => result.nextAttemptAt),
      now,
    ],
  );
  tellEnded(tx, ended, now);
}

/** Ends everything that is still queued for these recipients, at once. */
export async function suppressQueued(
  tx: Tx,
  recipientIds: readonly string[],
  reason: string,
  now: Date,
): Promise<void> {
  const ended = await tx.sql<Ended>(
    `UPDATE delivery AS d SET status = 'suppressed', reason = $2, version = version + 1, ended_at = $3
     WHERE recipient_id = ANY ($1) AND status = 'queued'
     RETURNING ${ENDED}`,
    [recipientIds, reason, now],
  );
  tellEnded(tx, ended, now);
}

/**
 * Makes everything that is queued for a recipient due, so that the sender ends it portion by portion: for an endpoint
 * that takes nothing any more there may be thousands.
 */
export async function hasten(tx: Tx, recipientId: string, now: Date): Promise<void> {
  await tx.sql(
    `UPDATE delivery SET next_attempt_at = $2 WHERE recipient_id = $1 AND status = 'queued' AND next_attempt_at > $2`,
    [recipientId, now],
  );
}

interface Ended {
  id: string;
  operatorId: string;
  version: number;
  eventId: string;
  correlationId: string;
  channel: Channel;
  recipientId: string;
  subject: string;
  status: DeliveryStatus;
  reason: string | null;
}

const ENDED = `d.id, d.operator_id AS "operatorId", d.version, d.event_id AS "eventId",
  d.correlation_id AS "correlationId", d.channel, d.recipient_id AS "recipientId", d.subject, d.status, d.reason`;

function tellEnded(tx: Tx, rows: readonly Ended[], now: Date): void {
  for (const row of rows) {
    if (row.status === 'queued') continue;
    const ended = event(DeliveryEnded, {
      operatorId: row.operatorId,
      version: row.version,
      at: now.toISOString(),
      deliveryId: row.id,
      channel: row.channel,
      outcome: row.status,
      subject: row.subject,
      ...(row.channel !== 'webhook' && { residentId: row.recipientId }),
      ...(row.reason !== null && { reason: row.reason }),
    });
    // The event that the delivery was made for: of a cause, only its ids are read.
    const because = { id: row.eventId, correlationId: row.correlationId } as Received<DomainEvent>;
    tx.tell(ended, { because });
  }
}
