export const CALENDAR_SUBJECTS = ['resident', 'site', 'caregiver'] as const;
export type CalendarSubject = (typeof CALENDAR_SUBJECTS)[number];

export interface FeedRow {
  id: string;
  operatorId: string;
  subject: CalendarSubject;
  subjectId: string;
  createdAt: Date;
  revokedAt: Date | null;
}

const FEED = `
  f.id, f.operator_id AS "operatorId", f.subject, f.subject_id AS "subjectId", f.created_at AS "createdAt",
  f.revoked_at AS "revokedAt"`;

export const INSERT_FEED = `
  INSERT INTO calendar_feed (id, operator_id, subject, subject_id, token_hash, created_by, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7)`;

export const LIST_FEEDS = `
  SELECT ${FEED} FROM calendar_feed f WHERE ($1::uuid IS NULL OR f.id > $1) ORDER BY f.id LIMIT $2`;

export const FEED_BY_TOKEN = `
  SELECT ${FEED} FROM calendar_feed f WHERE f.token_hash = $1 AND f.revoked_at IS NULL`;

export const REVOKE_FEED = `
  UPDATE calendar_feed f SET revoked_at = coalesce(f.revoked_at, $2) WHERE f.id = $1 RETURNING ${FEED}`;

/** A subject that the actor may see; a site also by the actor's own sites. */
export const SUBJECT_EXISTS: Record<CalendarSubject, string> = {
  resident: `SELECT FROM resident WHERE id = $1 AND erased_at IS NULL AND $2::uuid[] IS NULL`,
  site: `SELECT FROM site WHERE id = $1 AND ($2::uuid[] IS NULL OR id = ANY ($2))`,
  caregiver: `SELECT FROM staff WHERE id = $1 AND ($2::uuid[] IS NULL OR site_ids && $2)`,
};

export interface EntryRow {
  id: string;
  start: Date;
  end: Date;
  nameZh: string;
  siteName: string;
  status: string;
  sequence: number;
  taken: number | null;
  capacity: number | null;
}

/* `$1` subject · `$2` from · `$3` to · `$4` limit · `$5` now */
const entriesOfBookings = (column: 'resident_id' | 'caregiver_id'): string => `
  SELECT b.id::text, b.starts_at AS "start", b.ends_at AS "end", o.name_zh AS "nameZh", site.name_zh AS "siteName",
         CASE WHEN b.status = 'held' AND h.expires_at <= $5 THEN 'expired' ELSE b.status END AS "status",
         -- A hold that has lapsed gets its next version as soon as somebody writes that down.
         b.version::int + (b.status = 'held' AND h.expires_at <= $5 IS TRUE)::int AS "sequence", NULL::int AS "taken", NULL::int AS "capacity"
  FROM booking b JOIN offering o ON o.id = b.offering_id JOIN site ON site.id = b.site_id
       LEFT JOIN hold h ON h.booking_id = b.id
  WHERE b.${column} = $1 AND b.starts_at >= $2 AND b.starts_at < $3
    AND b.status IN ('held', 'confirmed', 'checked_in', 'on_review', 'delivered', 'cancelled', 'expired')`;

/** Days in a group; one on which the child is away is shown as cancelled. A day more each way covers every zone. */
const DAYS_IN_CARE = `
  SELECT p.id || '-' || d.day, (d.day + d.from_at::time) AT TIME ZONE site.time_zone,
         (d.day + d.to_at::time) AT TIME ZONE site.time_zone, o.name_zh, site.name_zh,
         CASE WHEN d.absence_kind IS NULL THEN 'confirmed' ELSE 'cancelled' END, p.version::int, NULL::int, NULL::int
  FROM care_day d JOIN placement p ON p.id = d.placement_id JOIN offering o ON o.id = p.offering_id
       JOIN site ON site.id = p.site_id
  WHERE d.resident_id = $1 AND d.day >= ($2::timestamptz AT TIME ZONE 'UTC')::date - 1
    AND d.day <= ($3::timestamptz AT TIME ZONE 'UTC')::date + 1 AND p.status IN ('standing', 'ended')`;

/** Entries of a feed. A site's feed has its sessions with counts, never who comes. */
export const ENTRIES: Record<CalendarSubject, string> = {
  resident: `${entriesOfBookings('resident_id')} UNION ALL ${DAYS_IN_CARE} ORDER BY 2, 1 LIMIT $4`,
  caregiver: `${entriesOfBookings('caregiver_id')} ORDER BY 2, 1 LIMIT $4`,
  site: `
    SELECT s.id, s.starts_at AS "start", s.ends_at AS "end", o.name_zh AS "nameZh", site.name_zh AS "siteName",
           CASE WHEN s.status = 'open' THEN 'confirmed' ELSE 'cancelled' END AS "status",
           -- Whatever becomes of a booking raises its version, and none ever goes.
           (s.sequence + coalesce((SELECT sum(b.version) FROM booking b WHERE b.session_id = s.id), 0))::int AS "sequence",
           s.taken, s.capacity
    FROM session s JOIN offering o ON o.id = s.offering_id JOIN site ON site.id = s.site_id
    WHERE s.site_id = $1 AND s.starts_at >= $2 AND s.starts_at < $3 AND (s.status = 'open' OR s.taken > 0)
      AND $5::timestamptz IS NOT NULL
    ORDER BY s.starts_at, s.id LIMIT $4`,
};
