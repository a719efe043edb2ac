import type { WaitingStatus } from './waiting';

export interface WaitingRow {
  id: string;
  operatorId: string;
  siteId: string;
  offeringId: string;
  sessionId: string;
  residentId: string;
  partySize: number;
  /** The package that the place is to take a use of, or `none`; null: billing chooses. */
  packageId: string | null;
  priority: number;
  status: WaitingStatus;
  bookingId: string | null;
  joinedAt: Date;
  /** The API client that joined; null: one of the operator's people. */
  ownerId: string | null;
  /** When the session begins. */
  start: Date;
  /** Until when an offer stands. */
  acceptBy: Date | null;
  /** Order of joining. */
  place: number;
  /** Place in the queue, from 1; null once the entry waits no more. */
  position?: number | null;
}

export const ENTRY = `
  w.id, w.operator_id AS "operatorId", w.site_id AS "siteId", w.offering_id AS "offeringId",
  w.session_id AS "sessionId", w.resident_id AS "residentId", w.party_size AS "partySize", w.package_wish AS "packageId", w.priority, w.status,
  w.booking_id AS "bookingId", w.joined_at AS "joinedAt", w.owner_id AS "ownerId", w.place,
  (SELECT h.expires_at FROM hold h WHERE h.booking_id = w.booking_id) AS "acceptBy",
  (SELECT t.starts_at FROM session t WHERE t.id = w.session_id) AS "start"`;

const POSITION = `
  CASE WHEN w.status = 'waiting' THEN
    (SELECT 1 + count(*)::int FROM waiting_entry a
     WHERE a.session_id = w.session_id AND a.status = 'waiting'
       AND (a.priority > w.priority OR (a.priority = w.priority AND a.place < w.place)))
  END AS "position"`;

export const JOIN = `
  INSERT INTO waiting_entry (id, operator_id, site_id, offering_id, session_id, resident_id, party_size, priority, status,
                             joined_at, owner_id, package_wish)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'waiting', $9, $10, $11)
  ON CONFLICT (session_id, resident_id) WHERE status IN ('waiting', 'offered') DO NOTHING
  RETURNING id`;

export const ENTRY_BY_ID = `SELECT ${ENTRY}, ${POSITION} FROM waiting_entry w WHERE w.id = $1`;

export const ENTRY_FOR_UPDATE = `SELECT ${ENTRY} FROM waiting_entry w WHERE w.id = $1 FOR UPDATE`;

/** `$1` session · `$2` the last place seen, or null · `$3` limit. */
export const ENTRIES_OF_SESSION = `
  SELECT ${ENTRY}, ${POSITION} FROM waiting_entry w
  WHERE w.session_id = $1 AND ($2::bigint IS NULL OR w.place > $2) ORDER BY w.place LIMIT $3`;

export const QUEUE_LENGTH = `
  SELECT count(*)::int AS "length" FROM waiting_entry WHERE session_id = $1 AND status = 'waiting'`;

/** Who gives places of a session to who waits is alone in it. The session is locked before its entries, everywhere. */
export const LOCK_SESSION = `SELECT FROM session WHERE id = $1 FOR NO KEY UPDATE`;

/** For entry `w` in session `s` of offering `o`. Lapsed holds count: what they give back is offered when they end. */
const ENOUGH_UNITS = `(o.capacity_model IN ('exclusive', 'caregiver') OR w.party_size <= s.capacity - s.taken)`;

/**
 * The next of a queue for whom enough units are left. `$1` session · `$2`, `$3` priority and place to go on after, or null ·
 * `$4` limit.
 */
export const QUEUE = `
  SELECT ${ENTRY} FROM waiting_entry w
  JOIN session s ON s.id = w.session_id JOIN offering o ON o.id = s.offering_id
  WHERE w.session_id = $1 AND w.status = 'waiting'
    AND ${ENOUGH_UNITS}
    AND ($2::int IS NULL OR w.priority < $2 OR (w.priority = $2 AND w.place > $3::bigint))
  ORDER BY w.priority DESC, w.place LIMIT $4`;

/** Still waiting, and nobody else's to end until the transaction is over. */
export const CLAIM = `SELECT FROM waiting_entry WHERE id = $1 AND status = 'waiting' FOR UPDATE`;

export const OFFERED = `UPDATE waiting_entry SET status = 'offered', booking_id = $2 WHERE id = $1`;

/** Offers whose booking has ended or was accepted. `$1` JSON of {bookingId, status} · `$2` now. */
export const OFFERS_ENDED = `
  UPDATE waiting_entry w SET status = e.status, ended_at = $2
  FROM jsonb_to_recordset($1::jsonb) AS e ("bookingId" uuid, status text)
  WHERE w.booking_id = e."bookingId" AND w.status = 'offered'
  RETURNING w.id, w.booking_id AS "bookingId"`;

export const LEAVE = `UPDATE waiting_entry SET status = 'left', ended_at = $2 WHERE id = $1 AND status = 'waiting'`;

/** Who waited in vain until the session began, a few at a time. `$1` now · `$2` limit. */
export const LAPSE = `
  WITH due AS (
    SELECT w.id FROM waiting_entry w JOIN session s ON s.id = w.session_id
    WHERE w.status = 'waiting' AND s.starts_at <= $1 ORDER BY w.id LIMIT $2 FOR UPDATE OF w SKIP LOCKED),
  w AS (
    UPDATE waiting_entry e SET status = 'lapsed', ended_at = $1 FROM due WHERE e.id = due.id RETURNING e.*)
  SELECT ${ENTRY} FROM w`;

/**
 * Sessions for which somebody waits and that may have a place now: those that gave units back, and those that a freed
 * space or carer may serve. `$1` sessions · `$2` JSON of {siteId, start, end} of freed spaces and carers.
 */
export const SESSIONS_WAITED_FOR = `
  SELECT w.session_id AS id FROM waiting_entry w WHERE w.status = 'waiting' AND w.session_id = ANY ($1::uuid[])
  UNION
  SELECT w.session_id
  FROM jsonb_to_recordset($2::jsonb) AS f ("siteId" uuid, "start" timestamptz, "end" timestamptz)
  JOIN waiting_entry w ON w.site_id = f."siteId" AND w.status = 'waiting'
  JOIN session s ON s.id = w.session_id
  WHERE f."start" - interval '1 day' < s.ends_at AND s.starts_at < f."end" + interval '1 day'
  ORDER BY 1`;

/**
 * Behind the events: sessions to come with units left for somebody who waits (the capacity was raised). `$1` now · `$2` limit ·
 * `$3` session to go on after, or null.
 */
export const SESSIONS_WITH_ROOM = `
  SELECT DISTINCT s.id FROM waiting_entry w
  JOIN session s ON s.id = w.session_id JOIN offering o ON o.id = s.offering_id
  WHERE w.status = 'waiting' AND s.status = 'open' AND s.taken < s.capacity AND s.starts_at > $1 AND ${ENOUGH_UNITS}
    AND ($3::uuid IS NULL OR s.id > $3)
  ORDER BY s.id LIMIT $2`;
