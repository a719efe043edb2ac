import { type Database, SYSTEM_ACTOR } from '@doorstep/platform';

/** Ends every log-in of a person, in the transaction that is open. Log-ins are the system's own rows. */
export async function endLogIns(db: Database, personId: string, because: string, now: Date): Promise<void> {
  await db.writeAs(SYSTEM_ACTOR, (tx) =>
    tx.sql(
      `UPDATE refresh_family SET revoked_at = $2, revoked_because = $3 WHERE person_id = $1 AND revoked_at IS NULL`,
      [personId, now, because],
    ),
  );
}
