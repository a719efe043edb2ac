import type { Day } from '@doorstep/kernel';

export interface StandingRow {
  id: string;
  operatorId: string;
  siteId: string;
  offeringId: string;
  residentId: string;
  weekdays: number[];
  time: string;
  partySize: number;
  from: Day;
  to: Day | null;
  pauseFrom: Day | null;
  pauseTo: Day | null;
  status: 'active' | 'ended';
  version: number;
  createdAt: Date;
  /** The API client that placed it; null: one of the operator's people. */
  ownerId: string | null;
}

export interface StandingDayRow {
  orderId: string;
  day: Day;
  status: 'booked' | 'skipped';
  bookingId: string | null;
  bookingStatus: string | null;
  reasons: string[];
}

const ORDER = `
  SELECT o.id, o.operator_id AS "operatorId", o.site_id AS "siteId", o.offering_id AS "offeringId",
         o.resident_id AS "residentId", o.weekdays, o.time, o.party_size AS "partySize", o.from_day AS "from",
         o.to_day AS "to", lower(o.pause) AS "pauseFrom", upper(o.pause) AS "pauseTo", o.status, o.version,
         o.created_at AS "createdAt", o.owner_id AS "ownerId"
  FROM standing_order o`;

export const ORDER_BY_ID = `${ORDER} WHERE o.id = $1`;
export const ORDER_FOR_UPDATE = `${ORDER_BY_ID} FOR UPDATE`;

/** `$1` resident or null · `$2` the last id seen, or null · `$3` limit · `$4` sites of the actor, or null. */
export const LIST_ORDERS = `${ORDER}
  WHERE ($1::uuid IS NULL OR o.resident_id = current_resident($1)) AND ($2::uuid IS NULL OR o.id > $2)
    AND ($4::uuid[] IS NULL OR o.site_id = ANY ($4))
  ORDER BY o.id LIMIT $3`;

export const INSERT_ORDER = `
  INSERT INTO standing_order (id, operator_id, site_id, offering_id, resident_id, weekdays, time, party_size, from_day,
                              to_day, status, version, created_at, owner_id)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'active', 1, $11, $12)`;

/** What has become of the days of some orders, the latest first. `$1` orders · `$2` first day · `$3` limit. */
export const DAYS_OF = `
  SELECT d.order_id AS "orderId", d.day, d.status, d.booking_id AS "bookingId", b.status AS "bookingStatus", d.reasons
  FROM standing_order_day d LEFT JOIN booking b ON b.id = d.booking_id
  WHERE d.order_id = ANY ($1::uuid[]) AND d.day >= $2::date
  ORDER BY d.order_id, d.day LIMIT $3`;

/** All days are looked at again. `$2` pause as a range, or null · `$3` end or null · `$4` status. */
export const CHANGE_ORDER = `
  UPDATE standing_order SET pause = $2::daterange, to_day = coalesce($3, to_day), status = $4, said_until = NULL,
         version = version + 1
  WHERE id = $1`;

/** Days that were skipped for a pause are open again. `$1` order · `$2` first day. */
export const REOPEN_PAUSED = `
  DELETE FROM standing_order_day WHERE order_id = $1 AND day >= $2::date AND status = 'skipped' AND reasons = '{paused}'`;

/**
 * Bookings of an order on some days that can still be taken back: before orders end. `$1` order · `$2`, `$3` days,
 * half-open; the second null: all to come · `$4` now.
 */
export const STANDING_BOOKINGS = `
  SELECT b.id, d.day, b.status FROM standing_order_day d JOIN booking b ON b.id = d.booking_id
  JOIN offering f ON f.id = b.offering_id LEFT JOIN hold h ON h.booking_id = b.id
  WHERE d.order_id = $1 AND d.day >= $2::date AND ($3::date IS NULL OR d.day < $3::date)
    AND b.status IN ('held', 'confirmed') AND (h.expires_at IS NULL OR h.expires_at > $4)
    AND b.starts_at - make_interval(mins => f.cutoff_minutes) >= $4
  ORDER BY b.id`;

export const SKIP_DAYS = `
  UPDATE standing_order_day SET status = 'skipped', booking_id = NULL, reasons = '{paused}'
  WHERE order_id = $1 AND day = ANY ($2::date[])`;

export interface DueRow {
  id: string;
  day: Day;
  sessionId: string | null;
}

/**
 * Days of orders `o` that nothing is said of yet: from today as far as sessions are made, with the session if there is one
 * that has not begun. Orders of which all is said are left out before a day is looked at. `$1` now.
 */
const DUE = `
  FROM standing_order o
  JOIN offering f ON f.id = o.offering_id AND NOT f.sessions_due
       AND (o.said_until IS NULL OR o.said_until < least(f.sessions_until, o.to_day))
  JOIN site t ON t.id = o.site_id,
       generate_series(greatest(o.from_day, o.said_until, ($1::timestamptz AT TIME ZONE t.time_zone)::date)::timestamp,
                       least(f.sessions_until, o.to_day)::timestamp - interval '1 day', interval '1 day') g
  LEFT JOIN LATERAL (
    SELECT s.id, s.starts_at FROM session s
    WHERE s.offering_id = o.offering_id
      AND s.starts_at = (g::date + o.time::time)::timestamp AT TIME ZONE t.time_zone) s ON true
  WHERE o.status = 'active' AND extract(isodow FROM g)::int = ANY (o.weekdays)
    AND (s.starts_at > $1 OR (s.id IS NULL AND g::date > ($1::timestamptz AT TIME ZONE t.time_zone)::date))
    AND NOT EXISTS (SELECT FROM standing_order_day d WHERE d.order_id = o.id AND d.day = g::date)`;

/** The next of them. `$2` limit. */
export const DUE_DAYS = `SELECT o.id, g::date AS "day", s.id AS "sessionId" ${DUE} ORDER BY g, o.id LIMIT $2`;

/**
 * Notes of orders that all is said up to where sessions are made. Not of one that was changed meanwhile: its version is
 * another.
 */
export const NOTE_SAID = `
  WITH due AS (SELECT DISTINCT o.id ${DUE}),
  said AS (
    SELECT o.id, o.version, least(f.sessions_until, o.to_day) AS until
    FROM standing_order o JOIN offering f ON f.id = o.offering_id AND NOT f.sessions_due
    WHERE o.status = 'active' AND (o.said_until IS NULL OR o.said_until < least(f.sessions_until, o.to_day))
      AND NOT EXISTS (SELECT FROM due WHERE due.id = o.id))
  UPDATE standing_order o SET said_until = s.until FROM said s WHERE o.id = s.id AND o.version = s.version`;

/** Claims a day of an order; nothing: somebody else has it. */
export const CLAIM_DAY = `
  INSERT INTO standing_order_day (order_id, day, operator_id, status, reasons) VALUES ($1, $2, $3, 'skipped', '{pending}')
  ON CONFLICT (order_id, day) DO NOTHING RETURNING order_id AS id`;

export const SETTLE_DAY = `
  UPDATE standing_order_day SET status = $3, booking_id = $4, reasons = $5 WHERE order_id = $1 AND day = $2`;
