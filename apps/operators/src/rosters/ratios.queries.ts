import type { ScheduleWindow } from '@doorstep/contracts';
import type { Day } from '@doorstep/kernel';
import type { Tx } from '@doorstep/platform';
import { DateTime } from 'luxon';
import { hoursOf, type Placed } from './care-hours';
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
  placed: Placed[];
}

/**
 * The childcare groups of a site with who is booked or comes to its place on a day; one that is closed for good counts while
 * children come. A child that is told to be absent counts no more than a cancelled booking does, for another may have the
 * day in its stead; what was recorded goes before what was told.
 */
export async function groupsOf(tx: Tx, siteId: string, day: Day, zone: string): Promise<Group[]> {
  const rows = await tx.sql<GroupRow>(
    `SELECT o.offering_id, o.name, o.active, o.age_months_min, o.age_months_max, o.capacity, o.schedule,
       coalesce((SELECT json_agg(json_build_object('start', b.starts_at, 'end', b.ends_at, 'children', b.party_size))
                 FROM known_booking b
                 WHERE b.site_id = o.site_id AND b.offering_id = o.offering_id AND b.service_day = $2
                   AND b.status IN ('held', 'confirmed', 'delivered')), '[]') AS booked,
       coalesce((SELECT json_agg(json_build_object(
                   'pattern', k.pattern, 'opensAt', k.opens_at, 'noonAt', k.noon_at, 'closesAt', k.closes_at,
                   'fromAt', d.from_at, 'toAt', d.to_at) ORDER BY k.placement_id)
                 FROM known_placement k
                 LEFT JOIN known_care_day d ON d.placement_id = k.placement_id AND d.day = $2
                 LEFT JOIN known_attendance a ON a.placement_id = k.placement_id AND a.day = $2
                 WHERE k.offering_id = o.offering_id AND k.from_day <= $2 AND k.to_day > $2
                   AND coalesce(a.came, d.comes, true)), '[]') AS placed
     FROM known_offering o WHERE o.site_id = $1 AND o.kind = 'childcare' ORDER BY o.code, o.offering_id`,
    [siteId, day],
  );
  return rows.map((row) => {
    const open = openOn(row.schedule, day, zone);
    return {
      offeringId: row.offering_id,
      name: row.name,
      ageMonthsMin: row.age_months_min,
      ageMonthsMax: row.age_months_max,
      places: row.capacity,
      open: row.active ? open : [],
      booked: [
        ...row.booked.map(({ start, end, children }) => ({
          start: new Date(start),
          end: new Date(end),
          children,
        })),
        ...row.placed.flatMap((placed) => hoursOf(placed, day, zone, open).map(one)),
      ],
    };
  });
}

const one = (span: Span): Span & { children: number } => ({ ...span, children: 1 });

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

const later = (a: Date, b: Date): Date => (a > b ? a : b);
const earlier = (a: Date, b: Date): Date => (a < b ? a : b);
