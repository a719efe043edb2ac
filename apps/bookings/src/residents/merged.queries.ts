import type { Tx } from '@doorstep/platform';
import { residentMerged } from './resident';

/** Refuses an id that leads on, and says where to. One that nobody knows is for the caller to refuse. */
export async function assertNotMerged(tx: Tx, residentId: string): Promise<void> {
  const [row] = await tx.sql<{ into: string | null }>(
    `SELECT merged_into AS "into" FROM resident WHERE id = $1`,
    [residentId],
  );
  if (row?.into) throw residentMerged(residentId, row.into);
}
