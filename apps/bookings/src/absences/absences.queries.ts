import type { AbsenceKind } from './absence';

export const INSERT_ABSENCE = `
  INSERT INTO absence (id, operator_id, placement_id, kind, from_day, to_day, told_at, told_by)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`;

export interface AbsentDay {
  day: string;
  kind: AbsenceKind;
  noticeHours: number;
}

/** `$1` placement · `$2` absence · `$3` JSON of the days. */
export const MARK_ABSENT = `
  UPDATE care_day c SET absence_id = $2, absence_kind = d.kind, notice_hours = d."noticeHours",
         spent_minutes = CASE WHEN d."givesBack" THEN NULL ELSE c.spent_minutes END
  FROM jsonb_to_recordset($3::jsonb) AS d (day date, kind text, "noticeHours" int, "givesBack" boolean)
  WHERE c.placement_id = $1 AND c.day = d.day`;

export interface AbsenceOfOffer {
  absenceId: string;
  days: AbsentDay[];
}

/** Absences of a placement, each with its days. */
export const ABSENCES_OF = `
  SELECT absence_id AS "absenceId",
         json_agg(json_build_object('day', day, 'kind', absence_kind, 'noticeHours', notice_hours) ORDER BY day) AS "days"
  FROM care_day WHERE placement_id = $1 AND absence_id IS NOT NULL GROUP BY absence_id ORDER BY absence_id`;

/** Placements with days in a span of a group's calendar. `$1` group · `$2`, `$3` half-open. */
export const PLACED_IN = `
  SELECT DISTINCT placement_id AS "id" FROM care_day
  WHERE group_id = $1 AND day >= $2::date AND day < $3::date ORDER BY 1`;

/** Groups of a site, or of one offering of it, in the order in which they are locked. */
export const GROUPS_AT = `
  SELECT g.id FROM care_group g WHERE g.site_id = $1 AND ($2::uuid IS NULL OR g.offering_id = $2) ORDER BY g.id`;

export interface AbsenceRow {
  id: string;
  placementId: string;
  kind: AbsenceKind;
  from: string;
  to: string;
  toldAt: Date;
}
