import type { Sql } from '../database/transaction';

/** What the claim found out about a lane's share. */
export interface Claim {
  /** Ids of events that nobody consumed before; their inbox rows are part of this transaction now. */
  fresh: Set<string>;
  /** Keys with a parked event, behind which later ones have to queue. */
  parkedKeys: Set<string>;
}

/**
 * Notes the events as consumed and learns which of them are new, in one statement. A twin delivery in progress elsewhere
 * makes the insert wait for its transaction: that is what makes the effect happen once.
 */
export async function claim(
  sql: Sql,
  topic: string,
  events: readonly { id: string; key: string }[],
): Promise<Claim> {
  const [row] = await sql<{ fresh: string[] | null; parked: string[] | null }>(
    `WITH fresh AS (
       INSERT INTO inbox (event_id, topic) SELECT unnest($1::uuid[]), $2 ON CONFLICT DO NOTHING RETURNING event_id)
     SELECT (SELECT array_agg(event_id::text) FROM fresh) AS fresh,
            (SELECT array_agg(DISTINCT key) FROM parked_event WHERE topic = $2 AND key = ANY ($3::text[])) AS parked`,
    [events.map(({ id }) => id), topic, [...new Set(events.map(({ key }) => key))]],
  );
  return { fresh: new Set(row.fresh), parkedKeys: new Set(row.parked) };
}
