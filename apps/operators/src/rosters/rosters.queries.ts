import { type Day, newId } from '@doorstep/kernel';
import type { Tx } from '@doorstep/platform';
import { type Pattern, type Purpose, shiftsOf } from './roster';

export interface PatternRow {
  id: string;
  operator_id: string;
  staff_id: string;
  site_id: string;
  purpose: Purpose;
  weekdays: number[];
  starts: string;
  ends: string;
  from_day: Day;
  to_day: Day | null;
  made_until: Day;
  time_zone: string;
  version: number;
}

export interface ShiftRow {
  id: string;
  operator_id: string;
  staff_id: string;
  site_id: string;
  purpose: Purpose;
  day: Day;
  starts_at: Date;
  ends_at: Date;
  pattern_id: string | null;
  cancelled: boolean;
}

export interface AbsenceRow {
  id: string;
  operator_id: string;
  staff_id: string;
  kind: AbsenceKind;
  starts_at: Date;
  ends_at: Date;
  cancelled: boolean;
}

export const ABSENCE_KINDS = ['leave', 'sick', 'training', 'other'] as const;
export type AbsenceKind = (typeof ABSENCE_KINDS)[number];

export function patternOf(row: PatternRow): Pattern {
  return {
    id: row.id,
    operatorId: row.operator_id,
    staffId: row.staff_id,
    siteId: row.site_id,
    purpose: row.purpose,
    weekdays: row.weekdays,
    starts: row.starts,
    ends: row.ends,
    from: row.from_day,
    to: row.to_day,
  };
}

/**
 * Makes the shifts of the patterns of some members of staff for days before one. Where a shift of a single day is in the
 * way, that one holds. Who calls has locked the members of staff.
 */
export async function makeShifts(tx: Tx, staffIds: readonly string[], until: Day, now: Date): Promise<void> {
  const patterns = await tx.sql<PatternRow>(
    `SELECT p.*, k.time_zone FROM shift_pattern p JOIN known_site k USING (site_id)
     WHERE p.staff_id = ANY ($1) AND p.made_until < $2 AND (p.to_day IS NULL OR p.made_until < p.to_day)
     ORDER BY p.id`,
    [staffIds, until],
  );
  if (patterns.length === 0) return;
  const shifts = patterns.flatMap((row) =>
    shiftsOf(patternOf(row), row.made_until, until, row.time_zone).map(({ day, start, end }) => ({
      id: newId(),
      operator_id: row.operator_id,
      staff_id: row.staff_id,
      site_id: row.site_id,
      purpose: row.purpose,
      day,
      starts_at: start,
      ends_at: end,
      pattern_id: row.id,
      cancelled: false,
      created_at: now,
    })),
  );
  await tx.sql(
    `INSERT INTO staff_shift SELECT * FROM json_populate_recordset(NULL::staff_shift, $1::json) ON CONFLICT DO NOTHING`,
    [JSON.stringify(shifts)],
  );
  await tx.sql(`UPDATE shift_pattern SET made_until = $2 WHERE id = ANY ($1)`, [
    patterns.map(({ id }) => id),
    until,
  ]);
}

/**
 * Has the staff of sites that lie elsewhere, or on another clock, looked at with the next turn. Who changes something about
 * one of them meanwhile comes before or after.
 */
export async function lookAtStaffOf(tx: Tx, siteIds: readonly string[]): Promise<void> {
  await tx.sql(`SELECT FROM staff WHERE site_ids && $1::uuid[] ORDER BY id FOR UPDATE`, [siteIds]);
  await tx.sql(
    `UPDATE staff_standing SET look_on = date '1970-01-01'
     WHERE staff_id IN (SELECT id FROM staff WHERE site_ids && $1::uuid[])`,
    [siteIds],
  );
}

/** Takes back the shifts to come that patterns made by the former clock of sites; the next look makes them by the present one. */
export async function planAgain(tx: Tx, siteIds: readonly string[], now: Date): Promise<void> {
  await tx.sql(
    `DELETE FROM staff_shift
     WHERE site_id = ANY ($1) AND pattern_id IS NOT NULL AND NOT cancelled AND starts_at > $2`,
    [siteIds, now],
  );
  await tx.sql(
    `UPDATE shift_pattern p SET made_until = least(p.made_until, ($2::timestamptz AT TIME ZONE k.time_zone)::date)
     FROM known_site k WHERE k.site_id = p.site_id AND p.site_id = ANY ($1)`,
    [siteIds, now],
  );
}
