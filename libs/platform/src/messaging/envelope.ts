import type { Kafka } from './kafka';
import type { OutboxRow } from './outbox';

/** Headers of a CloudEvents 1.0 event in binary mode (Kafka protocol binding), and W3C trace context. */
export const HEADER = {
  specVersion: 'ce_specversion',
  id: 'ce_id',
  type: 'ce_type',
  source: 'ce_source',
  subject: 'ce_subject',
  time: 'ce_time',
  operatorId: 'ce_operatorid',
  version: 'ce_aggregateversion',
  correlationId: 'ce_correlationid',
  causationId: 'ce_causationid',
  contentType: 'content-type',
  traceparent: 'traceparent',
} as const;

export type Headers = Record<string, string>;

/** A stored event as the message that the broker gets. */
export function messageOf(row: OutboxRow): Kafka.Outgoing {
  const headers: Headers = {
    [HEADER.specVersion]: '1.0',
    [HEADER.id]: row.event_id,
    [HEADER.type]: row.type,
    [HEADER.source]: `/doorstep/${row.source}`,
    [HEADER.subject]: row.aggregateid,
    [HEADER.time]: new Date(row.occurred_at).toISOString(),
    [HEADER.version]: String(row.version),
    [HEADER.correlationId]: row.correlation_id,
    [HEADER.contentType]: 'application/json; charset=utf-8',
  };
  if (row.operator_id) headers[HEADER.operatorId] = row.operator_id;
  if (row.causation_id) headers[HEADER.causationId] = row.causation_id;
  if (row.traceparent) headers[HEADER.traceparent] = row.traceparent;
  return { topic: row.aggregatetype, key: row.aggregateid, value: row.payload, headers };
}
