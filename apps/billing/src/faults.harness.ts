import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Billing } from './billing.harness';

/** Runs `work` while the first row into `table` meets `what`: a wait, or an error. */
export async function meeting<T>(
  { db }: Billing,
  table: string,
  what: string,
  work: () => Promise<T>,
): Promise<T> {
  await db.query(`
    CREATE OR REPLACE FUNCTION meet() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ${what}; RETURN NEW; END $$;
    CREATE TRIGGER meet BEFORE INSERT ON ${table} FOR EACH ROW EXECUTE FUNCTION meet()`);
  try {
    return await work();
  } finally {
    await db.query(`DROP TRIGGER meet ON ${table}`);
  }
}

export const POWER_CUT = `RAISE EXCEPTION 'power cut'`;

/**
 * Starts all of `work` and lets it come as far as a statement that changes `table`, which has looked at its rows but not
 * changed any yet, or to somebody else's lock; then lets it go on at once.
 */
export async function abreast<T>(
  { db, eventually }: Billing,
  table: string,
  work: (() => Promise<T>)[],
): Promise<T[]> {
  const gate = await db.connect();
  await gate.query(`
    SELECT pg_advisory_lock(4711);
    CREATE OR REPLACE FUNCTION wait_at_gate() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN PERFORM pg_advisory_xact_lock_shared(4711); RETURN NULL; END $$;
    CREATE TRIGGER gate BEFORE UPDATE ON ${table} FOR EACH STATEMENT EXECUTE FUNCTION wait_at_gate()`);
  try {
    const done = Promise.all(work.map((one) => one()));
    await eventually(async () => {
      const { rows } = await gate.query(
        `SELECT count(*)::int AS waiting FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      expect(rows).toEqual([{ waiting: work.length }]);
    });
    await gate.query('SELECT pg_advisory_unlock(4711)');
    return await done;
  } finally {
    await gate.query('SELECT pg_advisory_unlock_all()');
    await gate.query(`DROP TRIGGER gate ON ${table}`);
    gate.release();
  }
}

/** Originals that are kept of the scene's operator, and uploads that are not finished; others write beside them. */
export async function originalsOf({
  storageDir,
  scene,
}: Pick<Billing, 'storageDir' | 'scene'>): Promise<string[]> {
  const inside = ['incoming', scene.operatorId].map(async (folder) =>
    (await readdir(join(storageDir, folder)).catch(() => [])).map((name) => `${folder}/${name}`),
  );
  return (await Promise.all(inside)).flat().sort();
}
