/*
 * Everything that hangs on a resident, and what becomes of it when the record goes. `$1` the record that goes, `$2` the
 * one that stays, `$3` now.
 */

/** First site-local day that is not over. */
const TODAY = `($3::timestamptz AT TIME ZONE s.time_zone)::date`;

/** Both wait for the same: who is further in front, or has the offer, goes on. */
const outOfTwo = (table: string, same: string): string => `
  ${table}.resident_id IN ($1, $2) AND ${table}.status = 'waiting' AND EXISTS (
    SELECT FROM ${table} o WHERE o.${same} = ${table}.${same} AND o.resident_id IN ($1, $2)
      AND o.resident_id <> ${table}.resident_id
      AND (o.status = 'offered' OR (o.status = 'waiting'
           AND (o.priority, -o.place) > (${table}.priority, -${table}.place))))`;

interface Handling {
  /** `table.column` that names the resident. */
  column: string;
  /** In this order. None: it stays where it is, for the reason given. */
  steps: string[];
  /** Of those that move, for people to see before and after; left out: not counted. */
  count?: string;
  stays?: string;
}

const simply = (table: string, column = 'resident_id'): Handling => ({
  column: `${table}.${column}`,
  steps: [`UPDATE ${table} SET ${column} = $2 WHERE ${column} = $1 AND $3::timestamptz IS NOT NULL`],
  count: `SELECT count(*)::int AS count FROM ${table} WHERE ${column} = $1`,
});

/** In the order in which they are done: places in care before their days, because a day follows its place. */
export const HANDLED: readonly Handling[] = [
  {
    column: 'booking.resident_id',
    steps: [
      // Where somebody was in the past keeps them from nothing.
      `UPDATE booking SET busy = NULL WHERE resident_id = $1 AND busy IS NOT NULL AND ends_at <= $3 AND $2::uuid IS NOT NULL`,
      `UPDATE booking SET resident_id = $2, version = version + 1 WHERE resident_id = $1 AND $3::timestamptz IS NOT NULL`,
    ],
    count: `SELECT count(*)::int AS count FROM booking WHERE resident_id = $1`,
  },
  {
    column: 'waiting_entry.resident_id',
    steps: [
      `UPDATE waiting_entry SET status = 'left', ended_at = $3 WHERE ${outOfTwo('waiting_entry', 'session_id')}`,
      `UPDATE waiting_entry SET resident_id = $2 WHERE resident_id = $1 AND $3::timestamptz IS NOT NULL`,
    ],
    count: `SELECT count(*)::int AS count FROM waiting_entry WHERE resident_id = $1`,
  },
  simply('series'),
  simply('standing_order'),
  simply('care_plan'),
  {
    column: 'placement.resident_id',
    steps: [
      // What is over and overlaps a place of the other record stays where it was: a child had two in the books then.
      `UPDATE placement p SET resident_id = $2, version = p.version + 1
       FROM site s
       WHERE s.id = p.site_id AND p.resident_id = $1 AND NOT (
         p.mode <> 'temporary' AND p.status IN ('offered', 'standing', 'ended') AND p.ends_on <= ${TODAY}
         AND EXISTS (SELECT FROM placement o WHERE o.resident_id = $2 AND o.mode <> 'temporary'
                     AND o.status IN ('offered', 'standing', 'ended')
                     AND daterange(o.starts_on, o.ends_on) && daterange(p.starts_on, p.ends_on)))`,
    ],
    count: `SELECT count(*)::int AS count FROM placement WHERE resident_id = $1`,
  },
  {
    column: 'care_day.resident_id',
    // Days that are over belong to sheets that may be closed; who asks for them asks by the place.
    steps: [
      `UPDATE care_day d SET resident_id = $2
       FROM placement p JOIN site s ON s.id = p.site_id
       WHERE p.id = d.placement_id AND p.resident_id = $2 AND d.resident_id = $1 AND d.day >= ${TODAY}`,
    ],
  },
  {
    column: 'care_application.resident_id',
    steps: [
      `UPDATE care_application SET status = 'withdrawn', ended_at = $3, version = version + 1
       WHERE ${outOfTwo('care_application', 'offering_id')}`,
      `UPDATE care_application SET resident_id = $2 WHERE resident_id = $1 AND $3::timestamptz IS NOT NULL`,
    ],
    count: `SELECT count(*)::int AS count FROM care_application WHERE resident_id = $1`,
  },
  {
    column: 'consent.resident_id',
    steps: [
      // The stricter answer: what was withdrawn on either record is not allowed on the one that is left.
      `UPDATE consent SET withdrawn_at = $3
       WHERE resident_id IN ($1, $2) AND withdrawn_at IS NULL AND purpose IN (
         SELECT purpose FROM consent WHERE resident_id IN ($1, $2)
         GROUP BY resident_id, purpose HAVING bool_and(withdrawn_at IS NOT NULL))`,
      `UPDATE consent c SET withdrawn_at = $3
       WHERE c.resident_id = $1 AND c.withdrawn_at IS NULL AND EXISTS (
         SELECT FROM consent o WHERE o.resident_id = $2 AND o.purpose = c.purpose AND o.withdrawn_at IS NULL)`,
      `UPDATE consent SET resident_id = $2 WHERE resident_id = $1 AND $3::timestamptz IS NOT NULL`,
      // As a guardian of others.
      `UPDATE consent SET granted_by = $2::text WHERE granted_by = $1::text AND $3::timestamptz IS NOT NULL`,
    ],
    count: `SELECT count(*)::int AS count FROM consent WHERE resident_id = $1`,
  },
  {
    column: 'carer_grant.resident_id',
    steps: [
      // Nobody is their own carer; and of two entitlements of one carer the survivor's stands.
      `UPDATE carer_grant g SET withdrawn_at = $3
       WHERE g.withdrawn_at IS NULL AND (
         (g.resident_id, g.carer_id) IN (($1, $2), ($2, $1)) OR EXISTS (
           SELECT FROM carer_grant o
           WHERE o.withdrawn_at IS NULL AND tstzrange(o.starts_at, o.ends_at) && tstzrange(g.starts_at, g.ends_at)
             AND ((g.resident_id = $1 AND o.resident_id = $2 AND o.carer_id = g.carer_id)
                  OR (g.carer_resident_id = $1 AND o.carer_resident_id = $2 AND o.resident_id = g.resident_id))))`,
      `UPDATE carer_grant SET resident_id = $2 WHERE resident_id = $1 AND carer_id <> $2 AND $3::timestamptz IS NOT NULL`,
      `UPDATE carer_grant SET granted_by = $2::text WHERE granted_by = $1::text AND $3::timestamptz IS NOT NULL`,
    ],
    count: `SELECT count(*)::int AS count FROM carer_grant WHERE resident_id = $1 OR carer_resident_id = $1`,
  },
  {
    column: 'carer_grant.carer_resident_id',
    steps: [
      `UPDATE carer_grant SET carer_resident_id = $2
       WHERE carer_resident_id = $1 AND resident_id <> $2 AND $3::timestamptz IS NOT NULL`,
      `UPDATE booking SET booked_by = $2 WHERE booked_by = $1 AND $3::timestamptz IS NOT NULL`,
    ],
  },
  simply('visit_evidence'),
  {
    column: 'calendar_feed.subject_id',
    steps: [
      `UPDATE calendar_feed SET subject_id = $2
       WHERE subject = 'resident' AND subject_id = $1 AND $3::timestamptz IS NOT NULL`,
    ],
  },
  {
    column: 'resident_distinct.one_id',
    steps: [
      `INSERT INTO resident_distinct (one_id, other_id, operator_id, declared_by, declared_at)
       SELECT least(x.third, $2), greatest(x.third, $2), x.operator_id, x.declared_by, x.declared_at
       FROM (SELECT CASE one_id WHEN $1 THEN other_id ELSE one_id END AS third, operator_id, declared_by, declared_at
             FROM resident_distinct WHERE one_id = $1 OR other_id = $1) x
       WHERE x.third <> $2 AND $3::timestamptz IS NOT NULL
       ON CONFLICT DO NOTHING`,
      `DELETE FROM resident_distinct
       WHERE (one_id = $1 OR other_id = $1) AND $2::uuid IS NOT NULL AND $3::timestamptz IS NOT NULL`,
    ],
  },
  { column: 'resident_distinct.other_id', steps: [], stays: 'goes with one_id' },
  {
    column: 'resident.merged_into',
    steps: [`UPDATE resident SET merged_into = $2 WHERE merged_into = $1 AND $3::timestamptz IS NOT NULL`],
  },
  {
    column: 'resident_diet.resident_id',
    steps: [],
    stays: 'the two are made one by the service, sealed anew',
  },
  {
    column: 'resident_key.resident_id',
    steps: [],
    stays: 'opens what was sealed with it, and goes with the survivor',
  },
  {
    column: 'access_log.resident_id',
    steps: [],
    stays: 'a log is not changed; it is read with the survivor',
  },
];

export const MOVE_STEPS: readonly string[] = HANDLED.flatMap(({ steps }) => steps);

/** How much hangs on a record, by table. `$1` the record. */
export const COUNTS = HANDLED.flatMap(({ column, count }) =>
  count ? [`SELECT '${column.split('.')[0]}' AS what, (${count}) AS count`] : [],
).join('\nUNION ALL ');
