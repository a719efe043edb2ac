/** Offerings whose sessions have to be made, a few at a time; whoever else makes sessions takes others. */
export const TAKE_DUE_OFFERINGS = `
  SELECT o.id, o.operator_id AS "operatorId", o.site_id AS "siteId", o.kind, o.mode, o.capacity_model AS "capacityModel",
         o.capacity, o.staff_ratio AS "staffRatio", o.staff_count AS "staffCount", o.schedule, o.active,
         o.calendar_digest AS "calendarDigest", o.sessions_until AS "sessionsUntil",
         s.status AS "siteStatus", s.region_code AS "regionCode", s.time_zone AS "timeZone",
         s.opening_hours AS "openingHours", s.opening_exceptions AS "openingExceptions"
  FROM offering o JOIN site s ON s.id = o.site_id
  WHERE o.sessions_due
  ORDER BY o.id
  LIMIT $1
  FOR NO KEY UPDATE OF o SKIP LOCKED`;

export const OFFERINGS_DONE = `
  UPDATE offering o SET sessions_due = false, calendar_digest = d.digest, sessions_until = d.until
  FROM unnest($1::uuid[], $2::text[], $3::date[]) AS d (id, digest, until)
  WHERE o.id = d.id`;

/** Days go by: what was made up to the old horizon is due again. */
export const EXTEND_HORIZON = `
  UPDATE offering SET sessions_due = true
  WHERE NOT sessions_due AND active AND sessions_until < $1::date`;

/*
 * What the calendar wants: one row per session, from parallel arrays. Parameters 1 to 4: offering ids, starts, ends,
 * days; parameter 5: the offerings as JSON, with what is the same for all their sessions.
 */
const WANTED = `
  wanted AS (
    SELECT w.starts_at, w.ends_at, w.service_day, o.*
    FROM unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[], $4::date[])
           AS w (offering_id, starts_at, ends_at, service_day)
    JOIN jsonb_to_recordset($5::jsonb) AS o (id uuid, "operatorId" uuid, "siteId" uuid, "regionCode" text, kind text,
                                             mode text, units int)
      ON o.id = w.offering_id)`;

/**
 * Sessions to come that the calendar no longer makes take no more bookings; those that have any stay as they are, and
 * nobody loses a booking by a change of the schedule. `$1`, `$2` offerings and starts of wanted sessions · `$3` the
 * offerings · `$4` now. NOT IN, because it is looked up in a hash whatever the planner believes of how many there are: as
 * a join it went through all that is wanted for every session of everybody.
 */
export const CLOSE_UNWANTED = `
  UPDATE session s SET status = 'closed'
  WHERE s.offering_id = ANY ($3::uuid[]) AND s.status = 'open' AND s.starts_at > $4
    AND (s.offering_id, s.starts_at) NOT IN (SELECT * FROM unnest($1::uuid[], $2::timestamptz[]))`;

/*
 * Room of a wanted session: the offering's, less what is still booked in closed sessions of the same offering at the
 * same time (the schedule was shifted, and the seats are the same seats). Parameter 6: now; only sessions to come are wanted.
 */
const ROOM = `
  greatest(0, w.units - coalesce(
    (SELECT sum(c.taken) FROM session c
     WHERE c.offering_id = w.id AND c.status = 'closed' AND c.taken > 0 AND c.starts_at <> w.starts_at
       AND c.starts_at > $6::timestamptz - interval '2 days' AND c.starts_at < w.ends_at
       AND c.ends_at > w.starts_at), 0))::int`;

/** Sessions that stand already follow the offering; the end of one that has bookings stays what it was told to be. */
export const UPDATE_WANTED = `
  WITH ${WANTED}, fitted AS (SELECT w.*, ${ROOM} AS room FROM wanted w)
  UPDATE session s
  SET status = 'open', capacity = f.room, overhang = greatest(0, s.taken - f.room), kind = f.kind, mode = f.mode,
      region_code = f."regionCode", ends_at = CASE WHEN s.taken = 0 THEN f.ends_at ELSE s.ends_at END
  FROM fitted f
  WHERE s.offering_id = f.id AND s.starts_at = f.starts_at AND s.status <> 'shut'
    AND (s.status, s.capacity, s.kind, s.mode, s.region_code, s.ends_at)
        IS DISTINCT FROM ('open', f.room, f.kind, f.mode, f."regionCode",
                          CASE WHEN s.taken = 0 THEN f.ends_at ELSE s.ends_at END)`;

export const INSERT_WANTED = `
  WITH ${WANTED}
  INSERT INTO session (operator_id, site_id, offering_id, region_code, kind, mode, starts_at, ends_at, service_day, capacity)
  SELECT w."operatorId", w."siteId", w.id, w."regionCode", w.kind, w.mode, w.starts_at, w.ends_at, w.service_day, ${ROOM}
  FROM wanted w
  ON CONFLICT ON CONSTRAINT session_once DO NOTHING`;

/** Sessions that nobody ever booked are no history. A bounded number each time. */
export const DELETE_UNUSED = `
  DELETE FROM session WHERE id IN (
    SELECT s.id FROM session s
    WHERE s.starts_at < $1 AND s.taken = 0 AND NOT EXISTS (SELECT FROM booking b WHERE b.session_id = s.id)
    ORDER BY s.starts_at LIMIT $2
    FOR UPDATE SKIP LOCKED)
  RETURNING id`;

/**
 * Sessions of some days with what has become of their bookings. `$1` first day · `$2` first day that is out · `$3`, `$4`
 * start and id to go on after · `$5` limit · `$6` now · `$7` site, offering or operator · `$8` sites of the actor, or null.
 */
export function listSessions(owner: 'site_id' | 'offering_id' | 'operator_id' | undefined): string {
  const counted = (status: string): string =>
    `coalesce(sum(b.party_size) FILTER (WHERE b.status = '${status}'), 0)::int`;
  return `
  SELECT s.*, c.*
  FROM (
    SELECT id, operator_id AS "operatorId", site_id AS "siteId", offering_id AS "offeringId", kind, mode,
           starts_at AS "start", ends_at AS "end", service_day AS "day", status, capacity, taken
    FROM session
    WHERE ${owner ? `${owner} = $7::uuid` : '$7::uuid IS NULL'} AND ($8::uuid[] IS NULL OR site_id = ANY ($8))
      AND service_day >= $1::date AND service_day < $2::date
      AND starts_at >= $1::date::timestamp AT TIME ZONE 'UTC' - interval '1 day'
      AND starts_at < $2::date::timestamp AT TIME ZONE 'UTC' + interval '1 day'
      AND ($3::timestamptz IS NULL OR (starts_at, id) > ($3, $4::uuid))
    ORDER BY starts_at, id LIMIT $5) s,
  LATERAL (
    SELECT coalesce(sum(b.party_size) FILTER (WHERE b.status = 'held' AND h.expires_at > $6), 0)::int AS "held",
           coalesce(sum(b.party_size) FILTER (WHERE b.status = 'offered' AND h.expires_at > $6), 0)::int AS "offered",
           ${counted('confirmed')} AS "confirmed", ${counted('checked_in')} AS "checkedIn",
           ${counted('on_review')} AS "onReview",
           ${counted('delivered')} AS "delivered", ${counted('no_show')} AS "noShow",
           ${counted('cancelled')} AS "cancelled",
           coalesce(sum(b.units) FILTER (WHERE h.expires_at <= $6), 0)::int AS "lapsed"
    FROM booking b LEFT JOIN hold h ON h.booking_id = b.id WHERE b.session_id = s.id) c
  ORDER BY s."start", s.id`;
}
