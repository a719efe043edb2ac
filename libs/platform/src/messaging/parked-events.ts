import type { Sql } from '../database/sql';
import type { IncomingMessage } from './fetched';

export interface ParkedEvent extends IncomingMessage {
  id: number;
  attempts: number;
}

interface ParkedRow {
  id: number;
  topic: string;
  partition: number;
  message_offset: number;
  key: string;
  headers: Record<string, string>;
  payload: Buffer | null;
  attempts: number;
}

/** Puts messages at the end of their key's queue, in the given order. Only the first of a key has failed itself. */
export function park(
  sql: Sql,
  messages: readonly IncomingMessage[],
  failure: { cause: string | null; delayMs: number } = { cause: null, delayMs: 0 },
): Promise<unknown> {
  return sql(
    `INSERT INTO parked_event (topic, partition, message_offset, key, headers, payload, cause, next_attempt_at)
     SELECT topic, partition, message_offset, key, headers, payload, $7, now() + make_interval(secs => $8)
     FROM unnest($1::text[], $2::int[], $3::bigint[], $4::text[], $5::jsonb[], $6::bytea[]) WITH ORDINALITY
          AS t (topic, partition, message_offset, key, headers, payload, place)
     ORDER BY place`,
    [...columnsOf(messages), failure.cause, failure.delayMs / 1000],
  );
}

/** Keys whose first event is due for another attempt. */
export function dueKeys(sql: Sql, limit: number): Promise<{ topic: string; key: string }[]> {
  return sql(
    `SELECT topic, key FROM parked_event AS head
     WHERE next_attempt_at <= now()
       AND NOT EXISTS (SELECT FROM parked_event AS earlier
                       WHERE earlier.topic = head.topic AND earlier.key = head.key AND earlier.id < head.id)
     ORDER BY next_attempt_at LIMIT $1`,
    [limit],
  );
}

/** Takes the first event of a key, if it is due and no other process holds it; the lock lasts as long as the transaction. */
export async function takeHead(sql: Sql, topic: string, key: string): Promise<ParkedEvent | undefined> {
  const [row] = await sql<ParkedRow>(
    `SELECT id, topic, partition, message_offset, key, headers, payload, attempts FROM parked_event
     WHERE id = (SELECT min(id) FROM parked_event WHERE topic = $1 AND key = $2) AND next_attempt_at <= now()
     FOR UPDATE SKIP LOCKED`,
    [topic, key],
  );
  return row && { ...row, offset: row.message_offset, value: row.payload };
}

/** Locks a head whose attempt was rolled back, unless another process has dealt with it in between. */
export async function holdAgain(sql: Sql, head: ParkedEvent): Promise<boolean> {
  const rows = await sql(`SELECT FROM parked_event WHERE id = $1 AND attempts = $2 FOR UPDATE`, [
    head.id,
    head.attempts,
  ]);
  return rows.length === 1;
}

export function unpark(sql: Sql, id: number): Promise<unknown> {
  return sql(`DELETE FROM parked_event WHERE id = $1`, [id]);
}

export function postpone(sql: Sql, id: number, cause: string, delayMs: number): Promise<unknown> {
  return sql(
    `UPDATE parked_event SET attempts = attempts + 1, cause = $2, next_attempt_at = now() + make_interval(secs => $3)
     WHERE id = $1`,
    [id, cause, delayMs / 1000],
  );
}

/** The six columns that a placed message has in both tables. */
export function columnsOf(messages: readonly IncomingMessage[]): unknown[][] {
  return [
    messages.map(({ topic }) => topic),
    messages.map(({ partition }) => partition),
    messages.map(({ offset }) => offset),
    messages.map(({ key }) => key),
    messages.map(({ headers }) => JSON.stringify(headers)),
    messages.map(({ value }) => value),
  ];
}
