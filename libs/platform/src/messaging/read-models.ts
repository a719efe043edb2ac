import type { Sql } from '../database/sql';
import type { Told } from './newest-told';

const ROWS_PER_STATEMENT = 20_000;

/** A table that a topic alone fills; the service's migrations name it (`readModelOf`). */
export interface ReadModel {
  table: string;
  topic: string;
  /** Column of the topic's keys; null: the table is emptied. */
  keyColumn: string | null;
  /** Without one it hangs on another table, whose handler writes it. */
  hasVersion: boolean;
}

/** Those that hang on others first, because they refer to them. */
export function readModels(sql: Sql): Promise<ReadModel[]> {
  return sql(
    `SELECT table_name AS "table", topic, key_column AS "keyColumn", version.attnum IS NOT NULL AS "hasVersion"
     FROM read_model
     LEFT JOIN pg_attribute AS version ON version.attrelid = table_name::regclass AND version.attname = 'version'
     ORDER BY version.attnum IS NOT NULL, table_name`,
  );
}

export async function someRows(sql: Sql, models: readonly ReadModel[]): Promise<boolean> {
  for (const { table } of models) if ((await sql(`SELECT FROM ${table} LIMIT 1`)).length > 0) return true;
  return false;
}

export async function empty(sql: Sql, table: string): Promise<void> {
  for (;;) {
    const gone = await sql(
      `DELETE FROM ${table} WHERE ctid = ANY (ARRAY(SELECT ctid FROM ${table} LIMIT ${ROWS_PER_STATEMENT})) RETURNING 1`,
    );
    if (gone.length < ROWS_PER_STATEMENT) return;
  }
}

/** Rows that nobody tells of go; the others become older than any snapshot, so that each is written over by its own. */
export async function refresh(
  sql: Sql,
  { table, keyColumn, hasVersion }: Pick<ReadModel, 'table' | 'keyColumn' | 'hasVersion'>,
  keys: readonly string[],
): Promise<void> {
  await sql(
    `DELETE FROM ${table} WHERE NOT EXISTS (SELECT FROM unnest($1::text[]) AS told WHERE told = ${keyColumn}::text)`,
    [keys],
  );
  if (hasVersion) await sql(`UPDATE ${table} SET version = 0 WHERE version <> 0`);
}

/** Without their inbox rows events are news again. */
export async function forget(sql: Sql, topic: string): Promise<void> {
  for (;;) {
    const gone = await sql(
      `DELETE FROM inbox WHERE event_id IN (
         SELECT event_id FROM inbox WHERE topic = $1 LIMIT ${ROWS_PER_STATEMENT}) RETURNING 1`,
      [topic],
    );
    if (gone.length < ROWS_PER_STATEMENT) return;
  }
}

/**
 * The newest snapshot of each key is news again, what it has overtaken is not: else things would be for a moment what they
 * were once, and whatever follows from that would happen again.
 */
export async function consumeAgain(sql: Sql, topic: string, { newest, overtaken }: Told): Promise<void> {
  for (const ids of slices(overtaken))
    await sql(`INSERT INTO inbox (event_id, topic) SELECT unnest($1::uuid[]), $2 ON CONFLICT DO NOTHING`, [
      ids,
      topic,
    ]);
  for (const ids of slices(newest)) await sql(`DELETE FROM inbox WHERE event_id = ANY ($1::uuid[])`, [ids]);
}

function slices<T>(items: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(items.length / ROWS_PER_STATEMENT) }, (_, i) =>
    items.slice(i * ROWS_PER_STATEMENT, (i + 1) * ROWS_PER_STATEMENT),
  );
}
