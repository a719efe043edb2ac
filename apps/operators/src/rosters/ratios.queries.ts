import type { DayPart, ScheduleWindow } from '@doorstep/contracts';
import type { Day } from '@doorstep/kernel';
import type { Tx } from '@doorstep/platform';
import { DateTime } from 'luxon';
import type { Group, OnShift } from './ratio';
import { type Span, workingTimes } from './roster';

interface GroupRow {
  offering_id: string;
  name: string;
  active: boolean;
  age_months_min: number | null;
  age_months_max: number | null;
  capacity: number;
  schedule: ScheduleWindow[];
  booked: { start: string; end: string; children: number }[];
  placed: { part: DayPart; children: number }[];
}

/** The childcare groups of a site with who is booked or has a place on a day, absent or not; one that is closed for good counts while children come. */
export async function groupsOf(tx: Tx, siteId: string, day: Day, zone: string): Promise<Group[]> {
  const rows = await tx.sql<GroupRow>(
    `SELECT o.offering_id, o.name, o.active, o.age_months_min, o.age_months_max, o.capacity, o.schedule,
       coalesce((SELECT json_agg(json_build_object('start', b.starts_at, 'end', b.ends_at, 'children', b.party_size))
                 FROM known_booking b
                 WHERE b.site_id = o.site_id AND b.offering_id = o.offering_id AND b.service_day = $2
                   AND b.status IN ('held', 'confirmed', 'delivered')), '[]') AS booked,
       coalesce((SELECT json_agg(json_build_object('part', p.part, 'children', p.children)) FROM (
                   SELECT day->>'part' AS part, count(*)::int AS children
                   FROM known_placement k, jsonb_array_elements(k.pattern) AS day
                   WHERE k.offering_id = o.offering_id AND k.from_day <= $2 AND k.to_day > $2
                     AND (day->>'weekday')::int = extract(isodow FROM $2::date)
                   GROUP BY 1 ORDER BY 1) AS p), '[]') AS placed
     FROM known_offering o WHERE o.site_id = $1 AND o.kind = 'childcare' ORDER BY o.code, o.offering_id`,
    [siteId, day],
  );
  return rows.map((row) => ({
    offeringId: row.offering_id,
    name: row.name,
    ageMonthsMin: row.age_months_min,
    ageMonthsMax: row.age_months_max,
    places: row.capacity,
    open: row.active ? openOn(row.schedule, day, zone) : [],
    booked: [
      ...row.booked.map(({ start, end, children }) => ({
        start: new Date(start),
        end: new Date(end),
        children,
      })),
      ...row.placed.flatMap(({ part, children }) =>
        openOn(row.schedule, day, zone).flatMap((hours) => halfOf(hours, part, day, zone, children)),
      ),
    ],
  }));
}

/** Who with which skills is on shift at a site on a day, without the hours of absence. */
export async function onShiftAt(tx: Tx, siteId: string, day: Day, zone: string): Promise<OnShift[]> {
  const from = DateTime.fromISO(day, { zone });
  const [start, end] = [from.toJSDate(), from.plus({ days: 1 }).toJSDate()];
  const rows = await tx.sql<{
    staff_id: string;
    skills: string[];
    start: Date;
    end: Date;
    absences: { start: string; end: string }[];
  }>(
    `SELECT f.staff_id, f.starts_at AS start, f.ends_at AS end,
       ARRAY(SELECT skill FROM unnest(s.skills) AS skill
             WHERE NOT EXISTS (SELECT FROM staff_standing t, jsonb_array_elements(t.lost) AS lost (one)
                               WHERE t.staff_id = s.id AND lost.one->>'skill' = skill)) AS skills,
       coalesce((SELECT json_agg(json_build_object('start', a.starts_at, 'end', a.ends_at)) FROM staff_absence a
                 WHERE a.staff_id = f.staff_id AND NOT a.cancelled AND a.ends_at > f.starts_at AND a.starts_at < f.ends_at),
                '[]') AS absences
     FROM staff_shift f JOIN staff s ON s.id = f.staff_id
     WHERE f.site_id = $1 AND f.purpose = 'site' AND NOT f.cancelled AND s.active
       AND f.starts_at < $3 AND f.ends_at > $2 AND f.starts_at > $2::timestamptz - interval '25 hours'
     ORDER BY f.starts_at, f.id`,
    [siteId, start, end],
  );
  return rows.flatMap(({ staff_id: staffId, skills, absences, ...shift }) => {
    const away = absences.map((each): Span => ({ start: new Date(each.start), end: new Date(each.end) }));
    const within = { start: later(shift.start, start), end: earlier(shift.end, end) };
    return workingTimes([{ ...within, siteId, purpose: 'site' }], away).map((span) => ({
      staffId,
      skills,
      start: span.start,
      end: span.end,
    }));
  });
}

function openOn(schedule: readonly ScheduleWindow[], day: Day, zone: string): Span[] {
  const { weekday } = DateTime.fromISO(day, { zone });
  return schedule
    .filter((window) => window.weekday === weekday)
    .map(({ starts, ends }) => {
      const start = DateTime.fromISO(`${day}T${starts}`, { zone });
      const end = DateTime.fromISO(`${day}T${ends === '24:00' ? '00:00' : ends}`, { zone });
      return { start: start.toJSDate(), end: (end <= start ? end.plus({ days: 1 }) : end).toJSDate() };
    });
}

/** The hours that a child with a place is there: the whole of a window, or its part before or after noon. */
function halfOf(
  hours: Span,
  part: DayPart,
  day: Day,
  zone: string,
  children: number,
): (Span & { children: number })[] {
  const noon = DateTime.fromISO(`${day}T12:00`, { zone }).toJSDate();
  const start = part === 'afternoon' ? later(hours.start, noon) : hours.start;
  const end = part === 'morning' ? earlier(hours.end, noon) : hours.end;
  return start < end ? [{ start, end, children }] : [];
}

const later = (a: Date, b: Date): Date => (a > b ? a : b);
const earlier = (a: Date, b: Date): Date => (a < b ? a : b);
