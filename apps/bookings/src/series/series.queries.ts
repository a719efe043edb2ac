export interface SeriesRow {
  id: string;
  operatorId: string;
  siteId: string;
  offeringId: string;
  residentId: string;
  partySize: number;
  /** The package that each is to take a use of, or `none`; null: billing chooses. */
  packageId: string | null;
  timeZone: string;
  start: string;
  rule: string;
  except: string[];
  besides: string[];
  version: number;
  createdAt: Date;
  /** The API client that asked for it; null: one of the operator's people. */
  ownerId: string | null;
}

export interface OccurrenceRow {
  seriesId: string;
  originalStart: Date;
  start: Date;
  status: 'planned' | 'booked' | 'skipped' | 'cancelled';
  bookingId: string | null;
  /** Of the booking, as stored; null without one. */
  bookingStatus: string | null;
  holdExpiresAt: Date | null;
  reasons: string[];
}

const SERIES = `
  s.id, s.operator_id AS "operatorId", s.site_id AS "siteId", s.offering_id AS "offeringId",
  s.resident_id AS "residentId", s.party_size AS "partySize", s.time_zone AS "timeZone", s.first_start AS "start",
  s.rule, s.except_starts AS "except", s.besides_starts AS "besides", s.version, s.created_at AS "createdAt",
  s.owner_id AS "ownerId", s.package_wish AS "packageId"`;

/** What a series is made on: the offering's site and zone, and up to when its sessions stand. `$1` offering. */
export const PLACE = `
  SELECT o.operator_id AS "operatorId", o.site_id AS "siteId", site.time_zone AS "timeZone", o.sessions_until AS "until"
  FROM offering o JOIN site ON site.id = o.site_id WHERE o.id = $1`;

/** Sessions of an offering at given starts. */
export const SESSIONS_AT = `
  SELECT id, starts_at AS "start" FROM session WHERE offering_id = $1 AND starts_at = ANY ($2::timestamptz[])`;

export const INSERT_SERIES = `
  INSERT INTO series (id, operator_id, site_id, offering_id, resident_id, party_size, time_zone, first_start, rule,
                      except_starts, besides_starts, version, created_at, owner_id, package_wish)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1, $12, $13, $14)`;

/** `$1` series · `$2` operator · `$3` offering · `$4` JSON of {start, status, bookingId, reasons}. */
export const INSERT_OCCURRENCES = `
  INSERT INTO occurrence (series_id, operator_id, offering_id, original_start, starts_at, status, booking_id, reasons)
  SELECT $1, $2, $3, "start", "start", status, "bookingId", reasons
  FROM jsonb_to_recordset($4::jsonb) AS o ("start" timestamptz, status text, "bookingId" uuid, reasons text[])`;

export const SERIES_BY_ID = `SELECT ${SERIES} FROM series s WHERE s.id = $1`;

export const SERIES_FOR_UPDATE = `${SERIES_BY_ID} FOR UPDATE`;

/** `$1` resident or null · `$2` the last id seen, or null · `$3` limit · `$4` sites of the actor, or null. */
export const LIST_SERIES = `
  SELECT ${SERIES} FROM series s
  WHERE ($1::uuid IS NULL OR s.resident_id = current_resident($1)) AND ($2::uuid IS NULL OR s.id > $2)
    AND ($4::uuid[] IS NULL OR s.site_id = ANY ($4))
  ORDER BY s.id LIMIT $3`;

/** Occurrences of some series, in their order. */
export const OCCURRENCES = `
  SELECT o.series_id AS "seriesId", o.original_start AS "originalStart", o.starts_at AS "start", o.status,
         o.booking_id AS "bookingId", o.reasons, b.status AS "bookingStatus", h.expires_at AS "holdExpiresAt"
  FROM occurrence o LEFT JOIN booking b ON b.id = o.booking_id LEFT JOIN hold h ON h.booking_id = b.id
  WHERE o.series_id = ANY ($1::uuid[])
  ORDER BY o.series_id, o.original_start`;

/** What is planned from a start on won't be. */
export const CANCEL_PLANNED = `
  UPDATE occurrence SET status = 'cancelled'
  WHERE series_id = $1 AND original_start >= $2 AND status = 'planned'`;

/** Bookings of a series that can still be cancelled. */
export const STANDING_FROM = `
  SELECT b.id, b.status FROM occurrence o JOIN booking b ON b.id = o.booking_id LEFT JOIN hold h ON h.booking_id = b.id
  WHERE o.series_id = $1 AND o.original_start >= $2 AND b.ends_at > $3
    AND b.status IN ('held', 'confirmed') AND (h.expires_at IS NULL OR h.expires_at > $3)
  ORDER BY b.id`;

export const TOUCH_SERIES = `UPDATE series SET version = version + 1 WHERE id = $1`;

/** Planned occurrences whose turn has come: their session is there, or the calendar has passed their day without one. */
const DUE = `
  FROM occurrence o
  JOIN series n ON n.id = o.series_id
  JOIN offering f ON f.id = o.offering_id
  LEFT JOIN session s ON s.offering_id = o.offering_id AND s.starts_at = o.starts_at
  WHERE o.status = 'planned'
    AND (s.id IS NOT NULL OR (NOT f.sessions_due AND o.starts_at < f.sessions_until::timestamp AT TIME ZONE 'UTC' - interval '1 day'))`;

/** `$1` how many at most. */
export const DUE_OCCURRENCES = `
  SELECT o.series_id AS "seriesId", o.original_start AS "originalStart" ${DUE} ORDER BY o.starts_at, o.series_id LIMIT $1`;

/** One of them, as long as it is; who else looks passes it by. `$1` series · `$2` original start. */
export const TAKE_PLANNED = `
  SELECT o.series_id AS "seriesId", o.original_start AS "originalStart", o.starts_at AS "start",
         n.resident_id AS "residentId", n.party_size AS "partySize", o.offering_id AS "offeringId",
         o.operator_id AS "operatorId", n.site_id AS "siteId", n.owner_id AS "ownerId",
         n.package_wish AS "packageId", s.id AS "sessionId"
  ${DUE} AND o.series_id = $1 AND o.original_start = $2 FOR UPDATE OF o SKIP LOCKED`;

/** `$1` series · `$2` original start · `$3` status · `$4` booking or null · `$5` reasons. */
export const SETTLE_OCCURRENCE = `
  UPDATE occurrence SET status = $3, booking_id = $4, reasons = $5
  WHERE series_id = $1 AND original_start = $2 AND status = 'planned'`;

/** An occurrence goes on as the booking that took over from its own. `$1` JSON of {from, to}. */
export const FOLLOW_RESCHEDULED = `
  UPDATE occurrence o SET booking_id = b.id, starts_at = b.starts_at
  FROM booking b WHERE b.id = ANY ($1::uuid[]) AND o.booking_id = b.replaces`;
