import { newId } from '@doorstep/kernel';
import type { Pool } from 'pg';

/** Every row of these tables, as text in a fixed order. */
export async function rowsOf(db: Pool, tables: readonly string[]): Promise<Map<string, string[]>> {
  const all = new Map<string, string[]>();
  for (const table of tables) {
    const { rows } = await db.query<{ row: string }>(
      `SELECT to_jsonb(t)::text AS row FROM ${table} t ORDER BY 1`,
    );
    all.set(
      table,
      rows.map(({ row }) => row),
    );
  }
  return all;
}

interface Column {
  name: string;
  type: string;
}

/** By type: what a column is made to say that it did not say before. */
const WRONG: Record<string, (column: string) => string> = {
  text: () => `'damaged'`,
  boolean: (column) => `NOT ${column}`,
  ARRAY: () => `'{damaged}'`,
  jsonb: () => `'[]'`,
};

/** One row is lost, one is there that nobody ever told of, and all others say something wrong, as if they were newer. */
export async function damage(db: Pool, tables: readonly string[]): Promise<void> {
  const client = await db.connect();
  try {
    // Neither references nor triggers keep anybody from it.
    await client.query(`SET session_replication_role = replica`);
    for (const table of tables) {
      const { rows: columns } = await client.query<Column>(
        `SELECT column_name AS name, data_type AS type FROM information_schema.columns
         WHERE table_schema = 'public' AND table_name = $1 AND is_generated = 'NEVER' ORDER BY ordinal_position`,
        [table],
      );
      const { rows: models } = await client.query<{ key: string | null }>(
        `SELECT key_column AS key FROM read_model WHERE table_name = $1`,
        [table],
      );
      for (const statement of statements(table, columns, models[0]?.key ?? null))
        await client.query(statement);
    }
  } finally {
    await client.query(`RESET session_replication_role`);
    client.release();
  }
}

function statements(table: string, columns: Column[], key: string | null): string[] {
  const names = columns.map(({ name }) => name);
  const lost = `DELETE FROM ${table} WHERE ctid = (SELECT min(ctid) FROM ${table})`;
  if (!names.includes('version')) return [lost];
  const values = names.map((name) => (name === key ? `'${madeUp(columns, key)}'` : name)).join(', ');
  const invented = `INSERT INTO ${table} (${names.join(', ')}) SELECT ${values} FROM ${table} LIMIT 1`;
  const said = Object.keys(WRONG)
    .map((type) =>
      columns.find((column) => column.type === type && !plain.includes(column.name) && column.name !== key),
    )
    .find((column) => column !== undefined);
  const alive = names.includes('erased') ? 'WHERE NOT erased' : '';
  const wrong = said && `, ${said.name} = ${WRONG[said.type](said.name)}`;
  return [
    lost,
    ...(key ? [invented] : []),
    `UPDATE ${table} SET version = version + 1000${wrong ?? ''} ${alive}`,
  ];
}

/** Columns that may say only certain things. */
const plain = ['kind', 'status'];

function madeUp(columns: Column[], key: string): string {
  return columns.find(({ name }) => name === key)?.type === 'uuid' ? newId() : '999999';
}
