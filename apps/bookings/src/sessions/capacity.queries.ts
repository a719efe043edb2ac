import type { Day } from '@doorstep/kernel';

export interface MonthRow {
  operatorId: string;
  offeringId: string;
  siteId: string;
  /** `YYYY-MM`. */
  month: string;
  version: number;
  days: { day: Day; kind: string; regionCode: string; sessions: number; capacity: number; waiting: number }[];
}

/** Offerings after an id, locked like the maker locks them: whoever else works on one tells of it too. */
export const OFFERINGS_TO_COUNT = `
  SELECT id FROM offering WHERE $1::uuid IS NULL OR id > $1 ORDER BY id LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED`;

/**
 * Counts the days of offerings from the site's today on and notes those that differ from what was told. A session that is
 * closed or shut counts with what is still booked in it: that room was used. `$1` offerings · `$2` now · `$3` days ahead,
 * null: as far as sessions are made.
 */
export const NOTE_CHANGED_DAYS = `
  WITH actual AS (
    SELECT s.offering_id, s.service_day AS day, s.operator_id, s.site_id, max(s.kind) AS kind,
           max(s.region_code) AS region_code, count(*) FILTER (WHERE s.status = 'open' OR s.taken > 0)::int AS sessions,
           sum(CASE WHEN s.status = 'open' THEN s.capacity ELSE s.taken END)::int AS capacity,
           sum(w.people)::int AS waiting
    FROM session s
    JOIN site p ON p.id = s.site_id
    CROSS JOIN LATERAL (SELECT coalesce(sum(e.party_size), 0) AS people FROM waiting_entry e
                        WHERE e.session_id = s.id AND e.status IN ('waiting', 'lapsed')) w
    WHERE s.offering_id = ANY ($1::uuid[]) AND s.starts_at > $2::timestamptz - interval '2 days'
      AND s.service_day >= ($2::timestamptz AT TIME ZONE p.time_zone)::date
      AND ($3::int IS NULL OR s.service_day <= ($2::timestamptz AT TIME ZONE p.time_zone)::date + $3)
    GROUP BY s.offering_id, s.service_day, s.operator_id, s.site_id),
  changed AS (
    INSERT INTO capacity_day AS told (offering_id, day, operator_id, site_id, kind, region_code, sessions, capacity,
                                      waiting, version)
    SELECT offering_id, day, operator_id, site_id, kind, region_code, sessions, capacity, waiting, 1
    FROM actual ORDER BY offering_id, day
    ON CONFLICT (offering_id, day) DO UPDATE SET
      operator_id = excluded.operator_id, site_id = excluded.site_id, kind = excluded.kind,
      region_code = excluded.region_code, sessions = excluded.sessions, capacity = excluded.capacity,
      waiting = excluded.waiting, version = told.version + 1
    WHERE (told.operator_id, told.site_id, told.kind, told.region_code, told.sessions, told.capacity, told.waiting)
          IS DISTINCT FROM (excluded.operator_id, excluded.site_id, excluded.kind, excluded.region_code,
                            excluded.sessions, excluded.capacity, excluded.waiting)
    RETURNING offering_id, day)
  SELECT DISTINCT offering_id AS "offeringId", date_trunc('month', day)::date AS "first" FROM changed`;

/** Whole months of offerings, as they are told. `$1` offerings · `$2` first days of the months, in parallel. */
export const MONTHS = `
  SELECT (array_agg(d.operator_id ORDER BY d.day DESC))[1] AS "operatorId", d.offering_id AS "offeringId",
         (array_agg(d.site_id ORDER BY d.day DESC))[1] AS "siteId", to_char(m.first, 'YYYY-MM') AS "month",
         sum(d.version)::int AS "version",
         json_agg(json_build_object('day', d.day, 'kind', d.kind, 'regionCode', d.region_code, 'sessions', d.sessions,
                                    'capacity', d.capacity, 'waiting', d.waiting) ORDER BY d.day) AS "days"
  FROM unnest($1::uuid[], $2::date[]) AS m (offering_id, first)
  JOIN capacity_day d ON d.offering_id = m.offering_id AND d.day >= m.first
       AND d.day < (m.first + interval '1 month')::date
  GROUP BY d.offering_id, m.first ORDER BY d.offering_id, m.first`;
