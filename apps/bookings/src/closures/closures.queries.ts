/*
 * What a closure touches: sessions that overlap it (half-open), and the bookings of those that still stand.
 * $1 operator · $2 site · $3 offering or null · $4 from · $5 to · $6 now
 */
const TOUCHED = `
  touched AS (
    SELECT s.id, s.status FROM session s
    WHERE s.operator_id = $1 AND s.site_id = $2 AND ($3::uuid IS NULL OR s.offering_id = $3)
      AND s.starts_at < $5 AND s.ends_at > $4 AND s.ends_at > $6)`;

/** Held counts only while it has not lapsed: a lapsed hold has ended already. */
const STANDING = `
  standing AS (
    SELECT b.id, b.party_size, b.status FROM booking b JOIN touched t ON t.id = b.session_id
         LEFT JOIN hold h ON h.booking_id = b.id
    WHERE b.status IN ('offered', 'held', 'confirmed') AND (h.expires_at IS NULL OR h.expires_at > $6))`;

export interface ClosureCounts {
  sessions: number;
  bookings: number;
  people: number;
  waiting: number;
}

/** What would happen. */
export const EXPECTED = `
  WITH ${TOUCHED}, ${STANDING}
  SELECT (SELECT count(*)::int FROM touched) AS "sessions",
         (SELECT count(*)::int FROM standing WHERE status <> 'offered') AS "bookings",
         (SELECT coalesce(sum(party_size), 0)::int FROM standing WHERE status <> 'offered') AS "people",
         (SELECT count(*)::int FROM waiting_entry w JOIN touched t ON t.id = w.session_id
          WHERE w.status IN ('waiting', 'offered')) AS "waiting"`;

/** Groups are locked before bookings and sessions, everywhere. `$1` site · `$2` offering or null. */
export const LOCK_GROUPS_AT = `
  SELECT FROM care_group g WHERE g.site_id = $1 AND ($2::uuid IS NULL OR g.offering_id = $2)
  ORDER BY g.id FOR NO KEY UPDATE`;

/** Bookings are locked before sessions: whoever is just cancelling one has it, and wants the other. */
export const LOCK_STANDING = `
  WITH ${TOUCHED}, ${STANDING}
  SELECT FROM booking b WHERE b.id IN (SELECT id FROM standing) ORDER BY b.id FOR UPDATE`;

/** First nobody can come in any more, then who is in can be counted. */
export const SHUT = `
  WITH ${TOUCHED},
  locked AS (SELECT s.id FROM session s JOIN touched t ON t.id = s.id ORDER BY s.id FOR NO KEY UPDATE OF s)
  UPDATE session s SET status = 'shut' FROM locked l WHERE s.id = l.id RETURNING s.id`;

export const STANDING_IDS = `
  WITH ${TOUCHED}, ${STANDING}
  SELECT id FROM standing ORDER BY id LIMIT $7`;

/** Nobody waits for what won't take place. `$1` sessions · `$2` now. */
export const LEAVE_ALL = `
  UPDATE waiting_entry SET status = 'left', ended_at = $2
  WHERE session_id = ANY ($1::uuid[]) AND status = 'waiting' RETURNING id`;

export const INSERT_CLOSURE = `
  INSERT INTO closure (id, operator_id, site_id, offering_id, from_at, to_at, reason, bookings_cancelled,
                       people_cancelled, sessions_shut, waiting_ended, created_by, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`;

export interface ClosureRow {
  id: string;
  operatorId: string;
  siteId: string;
  offeringId: string | null;
  from: Date;
  to: Date;
  reason: string;
  bookingsCancelled: number;
  peopleCancelled: number;
  sessionsShut: number;
  waitingEnded: number;
  createdAt: Date;
  liftedAt: Date | null;
}

const CLOSURE = `
  c.id, c.operator_id AS "operatorId", c.site_id AS "siteId", c.offering_id AS "offeringId", c.from_at AS "from",
  c.to_at AS "to", c.reason, c.bookings_cancelled AS "bookingsCancelled", c.people_cancelled AS "peopleCancelled",
  c.sessions_shut AS "sessionsShut", c.waiting_ended AS "waitingEnded", c.created_at AS "createdAt", c.lifted_at AS "liftedAt"`;

/** `$1` site or null · `$2` the last id seen, or null · `$3` limit · `$4` sites of the actor, or null. */
export const LIST_CLOSURES = `
  SELECT ${CLOSURE} FROM closure c
  WHERE ($1::uuid IS NULL OR c.site_id = $1) AND ($2::uuid IS NULL OR c.id > $2)
    AND ($4::uuid[] IS NULL OR c.site_id = ANY ($4))
  ORDER BY c.id LIMIT $3`;

export const CLOSURE_FOR_UPDATE = `SELECT ${CLOSURE} FROM closure c WHERE c.id = $1 FOR UPDATE`;

export const LIFT = `UPDATE closure SET lifted_at = $2 WHERE id = $1`;

/** Whether a closure covers session `s`. */
export const COVERED = `
  EXISTS (SELECT FROM closure c
          WHERE c.site_id = s.site_id AND c.lifted_at IS NULL AND (c.offering_id IS NULL OR c.offering_id = s.offering_id)
            AND s.starts_at < c.to_at AND s.ends_at > c.from_at)`;

/** Sessions that no other closure covers go back to the calendar: `closed` until it has looked at them again. */
export const UNSHUT = `
  UPDATE session s SET status = 'closed'
  WHERE s.site_id = $1 AND s.status = 'shut' AND NOT ${COVERED}
  RETURNING s.offering_id AS "offeringId"`;

/** Sessions that were made after the closure was. `$1` offerings. */
export const SHUT_COVERED = `
  UPDATE session s SET status = 'shut' WHERE s.offering_id = ANY ($1::uuid[]) AND s.status <> 'shut' AND ${COVERED}`;
