import type { Sql } from '../database/sql';

/** What the claim found out about a lane's share. */
export interface Claim {
  /** Ids of events that nobody consumed before; their inbox rows are part of this transaction now. */
  fresh: Set<string>;
  /** Whether the key has a parked event in this topic, behind which later ones have to queue. */
  isParked(topic: string, key: string): boolean;
}

/** What the inbox needs to know of an event. */
export interface Claimed {
  id: string;
  topic: string;
  key: string;
}

/**
 * Notes the events as consumed and learns which of them are new, in one statement. A twin delivery in progress elsewhere
 * makes the insert wait for its transaction: that is what makes the effect happen once.
 */
export async function claim(sql: Sql, events: readonly Claimed[]): Promise<Claim> {
  const [row] = await sql<{ fresh: string[] | null; parked: string[] | null }>(
    `WITH told AS (SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[]) AS t (event_id, topic, key)),
          fresh AS (
       INSERT INTO inbox (event_id, topic) SELECT event_id, topic FROM told ON CONFLICT DO NOTHING RETURNING event_id)
     SELECT (SELECT array_agg(event_id::text) FROM fresh) AS fresh,
            (SELECT array_agg(DISTINCT topic || ' ' || key) FROM parked_event
             WHERE (topic, key) IN (SELECT topic, key FROM told)) AS parked`,
    [events.map(({ id }) => id), events.map(({ topic }) => topic), events.map(({ key }) => key)],
  );
  const parked = new Set(row.parked);
  return { fresh: new Set(row.fresh), isParked: (topic, key) => parked.has(`${topic} ${key}`) };
}
