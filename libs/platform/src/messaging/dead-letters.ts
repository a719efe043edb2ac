import type { Sql } from '../database/sql';
import { HEADER } from './envelope';
import type { IncomingMessage } from './fetched';
import { columnsOf } from './parked-events';

/** A message that the service gave up on. */
export interface DeadLetter {
  id: number;
  topic: string;
  partition: number;
  message_offset: number;
  key: string;
  type: string | null;
  attempts: number;
  cause: string;
  died_at: Date;
}

export interface DeadLetterInFull extends DeadLetter {
  headers: Record<string, string>;
  payload: Buffer | null;
}

/** Keeps a message that nobody could deal with. The same message dying again renews its cause. */
export function bury(sql: Sql, message: IncomingMessage, attempts: number, cause: string): Promise<unknown> {
  return sql(
    `INSERT INTO dead_letter (topic, partition, message_offset, key, headers, payload, type, attempts, cause)
     SELECT topic, partition, message_offset, key, headers, payload, headers ->> '${HEADER.type}', $7, $8
     FROM unnest($1::text[], $2::int[], $3::bigint[], $4::text[], $5::jsonb[], $6::bytea[])
          AS t (topic, partition, message_offset, key, headers, payload)
     ON CONFLICT (topic, partition, message_offset)
     DO UPDATE SET attempts = dead_letter.attempts + excluded.attempts, cause = excluded.cause, died_at = now()`,
    [...columnsOf([message]), attempts, cause],
  );
}

const SUMMARY = 'id, topic, partition, message_offset, key, type, attempts, cause, died_at';

export function listDeadLetters(sql: Sql, limit: number): Promise<DeadLetter[]> {
  return sql(`SELECT ${SUMMARY} FROM dead_letter ORDER BY id DESC LIMIT $1`, [limit]);
}

export async function findDeadLetter(sql: Sql, id: number): Promise<DeadLetterInFull | undefined> {
  const [letter] = await sql<DeadLetterInFull>(
    `SELECT ${SUMMARY}, headers, payload FROM dead_letter WHERE id = $1`,
    [id],
  );
  return letter;
}

/**
 * Sends dead letters back to work: they join the end of their key's parked queue, due at once, where the running
 * service finds them. Their inbox rows stay, so a delivery by the broker cannot add a second effect.
 *
 * @param ids all of them when undefined
 * @returns how many were found
 */
export async function replayDeadLetters(sql: Sql, ids?: readonly number[]): Promise<number> {
  const [{ count }] = await sql<{ count: number }>(
    `WITH dead AS (
       DELETE FROM dead_letter WHERE $1::bigint[] IS NULL OR id = ANY ($1::bigint[]) RETURNING *),
     back AS (
       INSERT INTO parked_event (topic, partition, message_offset, key, headers, payload, cause)
       SELECT topic, partition, message_offset, key, headers, payload, cause FROM dead ORDER BY partition, message_offset
       RETURNING 1)
     SELECT count(*) FROM back`,
    [ids ?? null],
  );
  return count;
}
