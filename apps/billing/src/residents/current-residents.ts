import type { Tx } from '@doorstep/platform';

const RESIDENTS = `hashtextextended('residents', 0)`;
const RUNS = `hashtextextended('residents in runs', 0)`;

/**
 * Who writes something down for residents shares this lock; who makes two of them one has it alone. So nothing is written
 * under an id that has just gone, and no counter is left behind. Taken first of all.
 */
export async function shareResidents(tx: Tx): Promise<void> {
  await tx.sql(`SELECT pg_advisory_xact_lock_shared(${RESIDENTS})`);
}

/** The same for runs over many residents, which take their time: a merge waits for them, and prices wait for neither. */
export async function shareResidentsInRun(tx: Tx): Promise<void> {
  await tx.sql(`SELECT pg_advisory_xact_lock_shared(${RUNS})`);
}

export async function lockResidents(tx: Tx): Promise<void> {
  await tx.sql(`SELECT pg_advisory_xact_lock(${RUNS})`);
  await tx.sql(`SELECT pg_advisory_xact_lock(${RESIDENTS})`);
}

/** Under which id somebody is known now. */
export async function currentResident(tx: Tx, id: string): Promise<string> {
  const [{ current }] = await tx.sql<{ current: string }>(`SELECT current_resident($1) AS current`, [id]);
  return current;
}

/** The same things, of residents as they are known now: what is told may have been on its way when two became one. */
export async function followResidents<T extends { residentId: string }>(
  tx: Tx,
  things: readonly T[],
): Promise<T[]> {
  // Both travel together; the second statement sees what was committed before the lock was had.
  const [, merged] = await Promise.all([
    shareResidents(tx),
    tx.prepared<{ id: string; into: string }>(
      `SELECT merged_id AS id, survivor_id AS "into" FROM resident_merge WHERE merged_id = ANY ($1::uuid[])`,
      [[...new Set(things.map(({ residentId }) => residentId))]],
    ),
  ]);
  if (merged.length === 0) return [...things];
  const into = new Map(merged.map((one) => [one.id, one.into]));
  return things.map((thing) => ({ ...thing, residentId: into.get(thing.residentId) ?? thing.residentId }));
}
