import { type Day, namedDay, plannedWeekday, weekdayOf } from '@doorstep/kernel';
import type { PlannedWeekday, ReservedDay } from '@doorstep/contracts';
import { decodeCursor, type Page, pageOf, type Tx } from '@doorstep/platform';
import { DateTime } from 'luxon';
import { RESERVED_DAYS_SHOWN, type TouchedPlacementDto } from './touched-placement.dto';
import { needs, type TouchedBy, wordsOf } from './touched.queries';

/** No child has a place for longer. */
const CALENDAR_DAYS_MAX = 3_660;
interface PlacementRow {
  placement_id: string;
  offering_id: string;
  group_id: string | null;
  kind: string;
  mode: string | null;
  from_day: Day;
  to_day: Day;
  pattern: PlannedWeekday[];
  touched_from: Day;
  reserved: ReservedDay[];
  reserved_count: number;
}

/** When a day of place `k` begins, by what was said of the day `t`, else by the part of the day. */
const BEGINS = (day: string, part: string): string => `
  (${day} + coalesce(t.from_at, CASE ${part} WHEN 'afternoon' THEN k.noon_at ELSE k.opens_at END, '00:00')::time)
    AT TIME ZONE k.time_zone`;

/** Places that last beyond a day. After the words of what touches them: `$6` the day. */
const PLACES = `
  SELECT k.*, s.time_zone, (${needs('k')}) AS needed,
         (SELECT count(DISTINCT p.weekday) = 5 FROM jsonb_to_recordset(k.pattern) AS p (weekday int)
          WHERE p.weekday <= 5) AS whole_week
  FROM known_placement k JOIN known_site s ON s.site_id = k.site_id
  WHERE k.site_id = $1 AND k.to_day > $6::date AND ($3::text IS NULL OR k.kind = $3)
    AND ($4::uuid IS NULL OR k.offering_id = $4)`;

/**
 * Children's places by the first day that is touched: one on which the child is to come, or of timed care one that it could
 * be given. What was said of a day goes before the weekdays. `$7` days · `$8` their weekdays, null on holidays · `$9` those
 * for who comes from Monday to Friday, in parallel · `$10`, `$11` day and place to go on after · `$12` limit.
 */
const TOUCHED = `
  WITH calendar AS (SELECT * FROM unnest($7::date[], $8::int[], $9::int[]) AS c (day, weekday, workday)),
  k AS MATERIALIZED (${PLACES}),
  page AS (
    SELECT k.*, first.day AS touched_from FROM k
    CROSS JOIN LATERAL (
      SELECT min(c.day) AS day FROM calendar c
      LEFT JOIN jsonb_to_recordset(k.pattern) AS p (weekday int, part text)
        ON p.weekday = CASE WHEN k.whole_week THEN c.workday ELSE c.weekday END
      LEFT JOIN known_care_day t ON t.placement_id = k.placement_id AND t.day = c.day
      WHERE c.day >= k.from_day AND c.day < k.to_day AND k.needed @> c.day
        AND (coalesce(t.comes, p.weekday IS NOT NULL) OR (k.mode = 'timed' AND c.weekday IS NOT NULL))
        AND $2::tstzmultirange @> (${BEGINS('c.day', 'p.part')})) first
    WHERE first.day IS NOT NULL AND ($10::date IS NULL OR (first.day, k.placement_id) > ($10, $11::uuid))
    ORDER BY first.day, k.placement_id LIMIT $12)
  SELECT k.placement_id, k.offering_id, k.group_id, k.kind, k.mode, k.from_day, k.to_day, k.pattern, k.touched_from,
         reserved.days AS reserved, reserved.many AS reserved_count
  FROM page k
  CROSS JOIN LATERAL (
    SELECT count(*)::int AS many,
           coalesce(json_agg(json_build_object('day', r.day, 'fromAt', r.from_at, 'toAt', r.to_at) ORDER BY r.day)
                      FILTER (WHERE r.nth <= ${RESERVED_DAYS_SHOWN}), '[]') AS days
    FROM (SELECT t.day, t.from_at, t.to_at, row_number() OVER (ORDER BY t.day) AS nth FROM known_care_day t
          WHERE k.pattern = '[]' AND t.placement_id = k.placement_id AND t.comes
            AND t.day >= greatest(k.from_day, $6::date) AND t.day < k.to_day AND k.needed @> t.day
            AND $2::tstzmultirange @> (${BEGINS('t.day', 'NULL')})) r) reserved
  ORDER BY k.touched_from, k.placement_id`;

/**
 * Children's places at a site that something concerns, with the days that were reserved one by one.
 *
 * @param first day before which nothing is asked about
 */
export async function touchedPlacements(
  tx: Tx,
  what: TouchedBy,
  first: Day,
  query: { limit: number; cursor?: string },
): Promise<Page<TouchedPlacementDto>> {
  const after = decodeCursor(query.cursor, 2);
  const words = wordsOf(what);
  const [{ last }] = await tx.sql<{ last: Day | null }>(
    `SELECT max(k.to_day) AS last FROM (${PLACES}) k WHERE $2::tstzmultirange IS NOT NULL`,
    [...words, first],
  );
  if (last === null) return { items: [], nextCursor: null };
  const calendar = calendarOf(first, last);
  const rows = await tx.sql<PlacementRow>(TOUCHED, [
    ...words,
    first,
    calendar.map(({ day }) => day),
    calendar.map(({ weekday }) => weekday),
    calendar.map(({ workday }) => workday),
    after ? String(after[0]) : null,
    after ? String(after[1]) : null,
    query.limit + 1,
  ]);
  return pageOf(rows, query.limit, (row) => [row.touched_from, row.placement_id], show);
}

const WORKDAYS = new Set([1, 2, 3, 4, 5]);

/** Days with the weekday whose plan holds on each. */
function calendarOf(from: Day, to: Day): { day: Day; weekday: number | null; workday: number | null }[] {
  const first = DateTime.fromISO(from, { zone: 'utc' });
  const many = DateTime.fromISO(to, { zone: 'utc' }).diff(first, 'days').days;
  return Array.from({ length: Math.min(many, CALENDAR_DAYS_MAX) }, (_, n) => {
    const day = first.plus({ days: n }).toFormat('yyyy-MM-dd');
    const weekday = namedDay(day) === 'holiday' ? null : weekdayOf(day);
    return { day, weekday, workday: plannedWeekday(day, WORKDAYS) ?? null };
  });
}

function show(row: PlacementRow): TouchedPlacementDto {
  return {
    placementId: row.placement_id,
    offeringId: row.offering_id,
    groupId: row.group_id,
    kind: row.kind,
    mode: row.mode,
    from: row.from_day,
    to: row.to_day,
    touchedFrom: row.touched_from,
    weekdays: row.pattern,
    reservedDays: row.reserved,
    reservedCount: row.reserved_count,
  };
}
