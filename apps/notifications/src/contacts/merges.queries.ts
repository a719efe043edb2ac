import type { ResidentMerged } from '@doorstep/contracts';
import type { Tx } from '@doorstep/platform';

/** `$1` the one that leads on · `$2` operator · `$3` who stays, as told · `$4` version. Answers with who stays by now. */
const KEEP_MERGE = `
  INSERT INTO resident_merge AS m (merged_id, operator_id, survivor_id, version)
  SELECT $1, $2, into_id, $4
  FROM (SELECT coalesce((SELECT survivor_id FROM resident_merge WHERE merged_id = $3), $3) AS into_id) AS told
  WHERE into_id <> $1
  ON CONFLICT (merged_id) DO UPDATE SET survivor_id = excluded.survivor_id, version = excluded.version
    WHERE excluded.version >= m.version
  RETURNING survivor_id AS "survivorId"`;

/* `$1` the one that leads on · `$2` who stays. The contact first: who sets a preference holds it. */
const STEPS = [
  `UPDATE resident_merge SET survivor_id = $2 WHERE survivor_id = $1`,
  `DELETE FROM resident_contact WHERE resident_id = $1 AND $2::uuid IS NOT NULL`,
  // Who did not want to hear by a channel does not, whichever of the two said so.
  `UPDATE preference own SET enabled = own.enabled AND gone.enabled
   FROM preference gone
   WHERE gone.resident_id = $1 AND own.resident_id = $2 AND own.operator_id = gone.operator_id
     AND own.channel = gone.channel`,
  `UPDATE preference gone SET resident_id = $2
   WHERE gone.resident_id = $1 AND NOT EXISTS (
     SELECT FROM preference own WHERE own.resident_id = $2 AND own.operator_id = gone.operator_id
       AND own.channel = gone.channel)`,
  `DELETE FROM preference WHERE resident_id = $1 AND $2::uuid IS NOT NULL`,
];

/** Two residents are one: what either has said of messages counts for the one that stays. */
export async function mergeResidents(tx: Tx, merges: readonly ResidentMerged[]): Promise<void> {
  await tx.sql(`SELECT pg_advisory_xact_lock(hashtextextended('resident merges', 0))`);
  for (const { residentId, operatorId, survivorId, version } of merges) {
    const [kept] = await tx.sql<{ survivorId: string }>(KEEP_MERGE, [
      residentId,
      operatorId,
      survivorId,
      version,
    ]);
    if (kept) for (const step of STEPS) await tx.sql(step, [residentId, kept.survivorId]);
  }
}
