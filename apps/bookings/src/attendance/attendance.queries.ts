import type { AbsenceKind } from '../absences/absence';
import type { Outcome } from './attendance';

export interface DayRow {
  placementId: string;
  residentId: string;
  day: string;
  fromAt: string;
  toAt: string;
  endsAt: Date;
  spentMinutes: number | null;
  /** Of the record where it is an absence, else of the plan. */
  absenceKind: AbsenceKind | null;
  revision: number;
  outcome: Outcome | null;
  checkedInAt: Date | null;
  checkedOutAt: Date | null;
  minutes: number;
  lateMinutes: number;
}

/** Days with what was recorded last; `$1` and on are the condition's. */
const daysWhere = (condition: string): string => `
  SELECT d.placement_id AS "placementId", d.resident_id AS "residentId", d.day, d.from_at AS "fromAt", d.to_at AS "toAt",
         (d.day + d.to_at::time) AT TIME ZONE site.time_zone AS "endsAt", d.spent_minutes AS "spentMinutes",
         coalesce(a.absence_kind, d.absence_kind) AS "absenceKind", coalesce(a.revision, 0) AS "revision", a.outcome,
         a.checked_in_at AS "checkedInAt", a.checked_out_at AS "checkedOutAt", coalesce(a.minutes, 0) AS "minutes",
         coalesce(a.late_minutes, 0) AS "lateMinutes"
  FROM care_day d
  JOIN care_group g ON g.id = d.group_id JOIN site ON site.id = g.site_id
  JOIN placement p ON p.id = d.placement_id AND p.status IN ('standing', 'ended')
  LEFT JOIN LATERAL (SELECT * FROM attendance r WHERE r.placement_id = d.placement_id AND r.day = d.day
                     ORDER BY r.revision DESC LIMIT 1) a ON true
  WHERE ${condition}`;

/** `$1` placement · `$2` day. */
export const DAY = daysWhere(`d.placement_id = $1 AND d.day = $2::date`);

/** `$1` group · `$2`, `$3` days, half-open. */
export const DAYS_IN_GROUP = `${daysWhere(`d.group_id = $1 AND d.day >= $2::date AND d.day < $3::date`)}
  ORDER BY d.placement_id, d.day`;

/** `$1` placement · `$2`, `$3` days, half-open. */
export const DAYS_OF_ONE = `${daysWhere(`d.placement_id = $1 AND d.day >= $2::date AND d.day < $3::date`)} ORDER BY d.day`;

/** `$1` group · `$2` day · `$3` the last placement seen, or null · `$4` limit. */
export const ROSTER = `${daysWhere(`d.group_id = $1 AND d.day = $2::date AND ($3::uuid IS NULL OR d.placement_id > $3)`)}
  ORDER BY d.placement_id LIMIT $4`;

export const RECORD = `
  INSERT INTO attendance (placement_id, day, revision, operator_id, group_id, outcome, checked_in_at, checked_out_at,
                          minutes, late_minutes, absence_kind, health_sealed, corrected, reason, recorded_by, recorded_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`;

/** The day's figures are counted again, however old it is. `$1` placement · `$2` day. */
export const COUNT_AGAIN = `
  INSERT INTO capacity_due (operator_id, offering_id, day)
  SELECT operator_id, offering_id, $2::date FROM placement WHERE id = $1`;

export interface RevisionRow {
  revision: number;
  outcome: Outcome;
  checkedInAt: Date | null;
  checkedOutAt: Date | null;
  minutes: number;
  lateMinutes: number;
  absenceKind: AbsenceKind | null;
  healthSealed: Buffer | null;
  corrected: boolean;
  reason: string | null;
  recordedBy: string;
  recordedAt: Date;
}

/** `$1` placement · `$2` day · `$3` the last revision seen, or null · `$4` limit. */
export const REVISIONS = `
  SELECT revision, outcome, checked_in_at AS "checkedInAt", checked_out_at AS "checkedOutAt", minutes,
         late_minutes AS "lateMinutes", absence_kind AS "absenceKind", health_sealed AS "healthSealed", corrected, reason,
         recorded_by AS "recordedBy", recorded_at AS "recordedAt"
  FROM attendance WHERE placement_id = $1 AND day = $2::date AND ($3::int IS NULL OR revision > $3)
  ORDER BY revision LIMIT $4`;
