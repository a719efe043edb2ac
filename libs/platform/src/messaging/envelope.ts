import type { ValidationError } from 'class-validator';
import { type DomainEvent, type EventClass, classOfType } from '@doorstep/contracts';
import type { OutgoingMessage } from './broker';
import { breachesOf, instanceOf } from './contract-check';
import type { IncomingMessage } from './fetched';
import type { OutboxRow } from './outbox';
import type { Received } from './received';

/** Headers of a CloudEvents 1.0 event in binary mode (Kafka protocol binding 1.0.2), and W3C trace context. */
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

/** A stored event as the message that the broker gets. */
export function messageOf(row: OutboxRow): OutgoingMessage {
  const headers: Record<string, string> = {
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

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** A message that keeps no contract; `reason` names fields, never their values. */
export interface Malformed {
  reason: string;
}

export function isMalformed(opened: Received | Malformed): opened is Malformed {
  return 'reason' in opened;
}

/** Opens a message: headers, JSON, contract. A class that checks is all that a handler ever sees. */
export function open(message: IncomingMessage): Received | Malformed {
  const { headers, key, value } = message;
  const id = headers[HEADER.id] ?? '';
  if (!UUID.test(id)) return { reason: `header ${HEADER.id} is not a UUID` };
  if (key === '') return { reason: 'the message has no key' };
  const type = headers[HEADER.type] ?? '';
  const contract = classOfType(type);
  if (!contract) return { reason: `type ${type} is not in this build's contracts` };
  const json = parse(value);
  if (json === undefined) return { reason: 'the data is not a JSON object' };
  const data = eventOf(contract, json);
  if (!data) return { reason: 'the data cannot be read as its contract' };
  const broken = breachesOf(data);
  if (broken.length > 0)
    return { reason: `the data breaks its contract: ${broken.flatMap(describe).join('; ')}` };
  return {
    id,
    type,
    data,
    key,
    operatorId: data.operatorId ?? headers[HEADER.operatorId] ?? null,
    version: data.version,
    time: new Date(headers[HEADER.time] ?? data.at),
    correlationId: headers[HEADER.correlationId] ?? id,
    traceparent: headers[HEADER.traceparent],
  };
}

function eventOf(contract: EventClass, json: object): DomainEvent | undefined {
  try {
    return instanceOf(contract, json);
  } catch {
    return undefined;
  }
}

function parse(value: Buffer | null): object | undefined {
  try {
    const json: unknown = JSON.parse(value?.toString('utf8') ?? '');
    return typeof json === 'object' && json !== null && !Array.isArray(json) ? json : undefined;
  } catch {
    return undefined;
  }
}

function describe(error: ValidationError): string[] {
  const own = Object.values(error.constraints ?? {});
  const inner = (error.children ?? []).flatMap(describe).map((text) => `${error.property}.${text}`);
  return [...own, ...inner];
}
