import type { Day } from '@doorstep/kernel';

export interface MonthRow {
  operatorId: string;
  offeringId: string;
  siteId: string;
  /** `YYYY-MM`. */
  month: string;
  version: number;
  days: {
    day: Day;
    kind: string;
    regionCode: string;
    sessions: number;
    capacity: number;
    waiting: number;
    placed: number;
    came: number;
    missing: number;
  }[];
}

/** Offerings after an id, locked like the maker locks them: whoever else works on one tells of it too. */
export const OFFERINGS_TO_COUNT = `
  SELECT id FROM offering WHERE $1::uuid IS NULL OR id > $1 ORDER BY id LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED`;

/** Those of them with corrected days. `$1` limit. */
export const OFFERINGS_CORRECTED = `
  SELECT id FROM offering WHERE id IN (SELECT offering_id FROM capacity_due)
  ORDER BY id LIMIT $1 FOR NO KEY UPDATE SKIP LOCKED`;
const CORRECTED_PER_COUNT = 1_000;

/** Days that attendance changes without marking them: those of the last month and of this one. */
const CARE_FROM = `(date_trunc('month', g.today) - interval '1 month')::date`;

/**
 * Groups of children by the day: what they may take as the day's standard and size say, who has a place, who came. Each
 * group counts as a session on days on which its offering runs. A day on which all its children are sent home is none.
 * Older days stay as they were told until one is corrected: that marks it, and here it is taken off the list.
 */
const CARE = `
  corrected AS (
    DELETE FROM capacity_due WHERE id IN (
      SELECT id FROM capacity_due WHERE offering_id = ANY ($1::uuid[]) ORDER BY id LIMIT ${CORRECTED_PER_COUNT})
    RETURNING offering_id, day),
  groups AS (
    SELECT g.id, g.offering_id, g.operator_id, g.site_id, g.region_code, g.age_class, o.kind,
           ($2::timestamptz AT TIME ZONE p.time_zone)::date AS today
    FROM care_group g JOIN site p ON p.id = g.site_id JOIN offering o ON o.id = g.offering_id
    WHERE g.offering_id = ANY ($1::uuid[])),
  care_days AS (
    SELECT g.offering_id, s.service_day AS day FROM groups g JOIN session s ON s.offering_id = g.offering_id
    WHERE s.service_day >= ${CARE_FROM} AND s.service_day <= g.today + greatest(coalesce($3::int, 366), 31)
    UNION
    SELECT g.offering_id, d.day FROM groups g JOIN care_day d ON d.group_id = g.id
    WHERE d.day >= ${CARE_FROM} AND d.day <= g.today + greatest(coalesce($3::int, 366), 31)
    UNION
    SELECT offering_id, day FROM corrected),
  care AS (
    SELECT g.offering_id, y.day, g.operator_id, g.site_id, g.kind, g.region_code, (c.places > 0)::int AS sessions,
           c.places AS capacity, 0 AS waiting, t.placed, t.came, t.missing
    FROM care_days y JOIN groups g ON g.offering_id = y.offering_id
    CROSS JOIN LATERAL (
      SELECT coalesce(bool_and(x.shut), false) AS shut, (count(*) FILTER (WHERE x.placed))::int AS placed,
             (count(*) FILTER (WHERE x.placed AND x.came))::int AS came,
             (count(*) FILTER (WHERE x.placed AND NOT x.came AND (x.away = 'unplanned' OR (x.away IS NULL AND x.unseen))))::int
               AS missing
      FROM (
        SELECT seen.came, away, coalesce(away IN ('closure', 'force_majeure'), false) AND NOT seen.came AS shut,
               seen.came OR (coalesce(away NOT IN ('closure', 'force_majeure'), true) AND (d.standing OR away IS NULL)) AS placed,
               seen.outcome IS NULL AND d.day < g.today AS unseen
        FROM care_day d JOIN placement p ON p.id = d.placement_id AND p.status IN ('standing', 'ended')
        LEFT JOIN LATERAL (SELECT r.outcome, r.absence_kind FROM attendance r
                           WHERE r.placement_id = d.placement_id AND r.day = d.day ORDER BY r.revision DESC LIMIT 1) a ON true
        CROSS JOIN LATERAL (SELECT a.outcome, coalesce(a.outcome IN ('checked_in', 'attended'), false) AS came,
                                   coalesce(a.absence_kind, d.absence_kind) AS absence) seen
        CROSS JOIN LATERAL (SELECT CASE WHEN seen.outcome = 'refused' THEN 'sick' ELSE seen.absence END AS away) w
        WHERE d.group_id = g.id AND d.day = y.day) x) t
    CROSS JOIN LATERAL (
      SELECT CASE WHEN t.shut THEN 0 ELSE coalesce((
        SELECT least(z.places, k.group_max) FROM care_group_size z
        JOIN childcare_class k ON k.standard_id = childcare_standard_on(g.region_code, y.day) AND k.age_class = g.age_class
        WHERE z.group_id = g.id AND z.period @> y.day), 0) END AS places) c
    -- Days that are over from before there was a group stay as they were told.
    WHERE y.day >= g.today OR t.placed > 0 OR t.shut
       OR EXISTS (SELECT FROM care_group_size z WHERE z.group_id = g.id AND z.period @> y.day))`;

/**
 * Children who wait for a place, by the days on which they would be in care: from the wished start on, on the weekdays that
 * they asked for, until they are offered one or wait no more. So it is for a day that is over, too, whenever it is counted.
 */
const WAITING_FOR_CARE = `
  application AS (
    SELECT a.offering_id, a.mode, a.pattern,
           greatest(a.wished_start, (a.applied_at AT TIME ZONE p.time_zone)::date) AS from_day,
           least(a.due_on + 1, (coalesce(f.created_at, a.ended_at) AT TIME ZONE p.time_zone)::date) AS to_day
    FROM care_application a JOIN site p ON p.id = a.site_id LEFT JOIN placement f ON f.id = a.placement_id
    WHERE a.offering_id = ANY ($1::uuid[])),
  queued AS (
    SELECT d.offering_id, d.day, count(*)::int AS children
    FROM (SELECT DISTINCT offering_id, day FROM counted) d
    JOIN application a ON a.offering_id = d.offering_id AND d.day >= a.from_day AND d.day < a.to_day
    LEFT JOIN jsonb_to_recordset($4::jsonb) AS n (day date, named text) ON n.day = d.day
    WHERE n.named IS DISTINCT FROM 'holiday' AND (a.mode = 'timed' OR a.pattern[
      CASE WHEN n.named = 'make_up_workday' AND 0 < ALL (a.pattern[1:5]) THEN 1 ELSE extract(isodow FROM d.day)::int END] > 0)
    GROUP BY d.offering_id, d.day)`;

/**
 * Counts the days of offerings from the site's today on and notes those that differ from what was told. A session that is
 * closed or shut counts with what is still booked in it: that room was used. `$1` offerings · `$2` now · `$3` days ahead,
 * null: as far as sessions are made · `$4` days that a notice has named, as JSON.
 */
export const NOTE_CHANGED_DAYS = `
  WITH ${CARE},
  sold AS (
    SELECT s.offering_id, s.service_day AS day, s.operator_id, s.site_id, max(s.kind) AS kind,
           max(s.region_code) AS region_code, count(*) FILTER (WHERE s.status = 'open' OR s.taken > 0)::int AS sessions,
           sum(CASE WHEN s.status = 'open' THEN s.capacity ELSE s.taken END)::int AS capacity,
           sum(w.people)::int AS waiting, 0 AS placed, 0 AS came, 0 AS missing
    FROM session s
    JOIN site p ON p.id = s.site_id
    CROSS JOIN LATERAL (SELECT coalesce(sum(e.party_size), 0) AS people FROM waiting_entry e
                        WHERE e.session_id = s.id AND e.status IN ('waiting', 'lapsed')) w
    WHERE s.offering_id = ANY ($1::uuid[]) AND s.starts_at > $2::timestamptz - interval '2 days'
      AND s.service_day >= ($2::timestamptz AT TIME ZONE p.time_zone)::date
      AND ($3::int IS NULL OR s.service_day <= ($2::timestamptz AT TIME ZONE p.time_zone)::date + $3)
    GROUP BY s.offering_id, s.service_day, s.operator_id, s.site_id),
  counted AS (SELECT * FROM sold UNION ALL SELECT * FROM care),
  ${WAITING_FOR_CARE},
  actual AS (
    SELECT offering_id, day, operator_id, site_id, max(kind) AS kind, max(region_code) AS region_code,
           sum(sessions)::int AS sessions, sum(capacity)::int AS capacity,
           (sum(waiting) + coalesce(max(q.children), 0))::int AS waiting,
           sum(placed)::int AS placed, sum(came)::int AS came, sum(missing)::int AS missing
    FROM counted LEFT JOIN queued q USING (offering_id, day)
    GROUP BY offering_id, day, operator_id, site_id),
  changed AS (
    INSERT INTO capacity_day AS told (offering_id, day, operator_id, site_id, kind, region_code, sessions, capacity,
                                      waiting, placed, came, missing, version)
    SELECT offering_id, day, operator_id, site_id, kind, region_code, sessions, capacity, waiting, placed, came, missing, 1
    FROM actual ORDER BY offering_id, day
    ON CONFLICT (offering_id, day) DO UPDATE SET
      operator_id = excluded.operator_id, site_id = excluded.site_id, kind = excluded.kind,
      region_code = excluded.region_code, sessions = excluded.sessions, capacity = excluded.capacity,
      waiting = excluded.waiting, placed = excluded.placed, came = excluded.came, missing = excluded.missing,
      version = told.version + 1
    WHERE (told.operator_id, told.site_id, told.kind, told.region_code, told.sessions, told.capacity, told.waiting,
           told.placed, told.came, told.missing)
          IS DISTINCT FROM (excluded.operator_id, excluded.site_id, excluded.kind, excluded.region_code,
                            excluded.sessions, excluded.capacity, excluded.waiting, excluded.placed, excluded.came,
                            excluded.missing)
    RETURNING offering_id, day)
  SELECT DISTINCT offering_id AS "offeringId", date_trunc('month', day)::date AS "first" FROM changed`;

/** Whole months of offerings, as they are told. `$1` offerings · `$2` first days of the months, in parallel. */
export const MONTHS = `
  SELECT (array_agg(d.operator_id ORDER BY d.day DESC))[1] AS "operatorId", d.offering_id AS "offeringId",
         (array_agg(d.site_id ORDER BY d.day DESC))[1] AS "siteId", to_char(m.first, 'YYYY-MM') AS "month",
         sum(d.version)::int AS "version",
         json_agg(json_build_object('day', d.day, 'kind', d.kind, 'regionCode', d.region_code, 'sessions', d.sessions,
                                    'capacity', d.capacity, 'waiting', d.waiting, 'placed', d.placed, 'came', d.came,
                                    'missing', d.missing) ORDER BY d.day) AS "days"
  FROM unnest($1::uuid[], $2::date[]) AS m (offering_id, first)
  JOIN capacity_day d ON d.offering_id = m.offering_id AND d.day >= m.first
       AND d.day < (m.first + interval '1 month')::date
  GROUP BY d.offering_id, m.first ORDER BY d.offering_id, m.first`;
