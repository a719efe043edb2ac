import { type DomainEvent, type EventClass, contractOf } from '@doorstep/contracts';
import { assert, newId } from '@doorstep/kernel';
import { openContext } from '../context';
import { breachesOf } from './contract-check';
import type { Received } from './received';
import type { Sql } from '../database/sql';

/** A row of table outbox, written by the service and read by the relay. */
export interface OutboxRow {
  event_id: string;
  aggregatetype: string;
  aggregateid: string;
  type: string;
  payload: string;
  source: string;
  operator_id: string | null;
  version: number;
  occurred_at: string;
  correlation_id: string;
  causation_id: string | null;
  traceparent: string | null;
}

/**
 * One insert for everything that the transaction told, in the order of telling. It runs just before COMMIT, after the
 * aggregates' rows are locked: so the order of ids is the order of changes for each aggregate.
 */
export function appendToOutbox(sql: Sql, rows: readonly OutboxRow[]): Promise<unknown> {
  return sql(
    `INSERT INTO outbox (event_id, aggregatetype, aggregateid, type, payload, source, operator_id, version,
                         occurred_at, correlation_id, causation_id, traceparent)
     SELECT event_id, aggregatetype, aggregateid, type, payload, source, operator_id, version,
            occurred_at, correlation_id, causation_id, traceparent
     FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::uuid[], $8::bigint[],
                 $9::timestamptz[], $10::text[], $11::text[], $12::text[])
          WITH ORDINALITY AS t (event_id, aggregatetype, aggregateid, type, payload, source, operator_id, version,
                                occurred_at, correlation_id, causation_id, traceparent, place)
     ORDER BY place`,
    COLUMNS.map((column) => rows.map((row) => row[column])),
  );
}

const COLUMNS = [
  'event_id',
  'aggregatetype',
  'aggregateid',
  'type',
  'payload',
  'source',
  'operator_id',
  'version',
  'occurred_at',
  'correlation_id',
  'causation_id',
  'traceparent',
] as const satisfies readonly (keyof OutboxRow)[];

/** The broker takes 1 MiB; an event that comes near it carries what should be read by reference. */
const PAYLOAD_BYTES_MAX = 256 * 1024;

/**
 * An event as it is told: checked against its contract and written down at once, so that the stack of a failure leads
 * to whoever told it.
 *
 * @param because the received event that it answers; else correlation and causation are the context's
 */
export function outboxRowOf(source: string, event: DomainEvent, because?: Received<DomainEvent>): OutboxRow {
  const contract = contractOf(event.constructor as EventClass);
  assertKeepsContract(event, contract.type);
  const payload = JSON.stringify(event);
  assert(
    Buffer.byteLength(payload) <= PAYLOAD_BYTES_MAX,
    `${contract.type} is at most ${PAYLOAD_BYTES_MAX} bytes`,
  );
  const context = openContext();
  return {
    event_id: newId(),
    aggregatetype: contract.topic.name,
    aggregateid: String((event as unknown as Record<string, unknown>)[contract.key]),
    type: contract.type,
    payload,
    source,
    operator_id: event.operatorId ?? null,
    version: event.version,
    occurred_at: event.at,
    correlation_id: because?.correlationId ?? context?.correlationId ?? newId(),
    causation_id: because?.id ?? context?.causationId ?? null,
    traceparent: because?.traceparent ?? context?.traceparent ?? null,
  };
}

/** An event that breaks its own contract is our defect; it must not get past the transaction that tells it. */
function assertKeepsContract(event: DomainEvent, type: string): void {
  const [broken] = breachesOf(event);
  if (!broken) return;
  const reasons = Object.values(broken.constraints ?? { nested: `${broken.property} has a broken part` });
  throw new Error(`assertion failed: ${type} keeps its contract (${reasons.join('; ')})`);
}
