import type { Tx } from '@doorstep/platform';
import type { Standard } from './standard';

export interface StandardRow extends Standard {
  id: string;
  source: string;
}

const STANDARD = `
  s.id, s.region_prefix AS "regionPrefix", s.valid_from AS "validFrom", s.valid_to AS "validTo",
  s.leaves_at_months AS "leavesAtMonths", s.warn_days AS "warnDays", s.fever_from_tenths AS "feverFromTenths",
  s.refused_symptoms AS "refusedSymptoms", s.notice_hours AS "noticeHours", s.grace_minutes AS "graceMinutes", s.source,
  (SELECT json_agg(json_build_object('ageClass', c.age_class, 'ageMonthsMin', c.months_min, 'ageMonthsMax', c.months_max,
                                     'groupMax', c.group_max, 'childrenPerStaff', c.children_per_staff)
                   ORDER BY c.months_min, c.months_max)
   FROM childcare_class c WHERE c.standard_id = s.id) AS "classes"`;

/** Every standard, past and future, of the regions that enclose a place. */
export function standardsFor(tx: Tx, regionCode: string): Promise<StandardRow[]> {
  return tx.prepared<StandardRow>(
    `SELECT ${STANDARD} FROM childcare_standard s WHERE starts_with($1, s.region_prefix) ORDER BY s.valid_from`,
    [regionCode],
  );
}

/** `$1`, `$2` prefix and first day to go on after, or null · `$3` limit · `$4` a region, or null. */
export const LIST_STANDARDS = `
  SELECT ${STANDARD} FROM childcare_standard s
  WHERE ($1::text IS NULL OR (s.region_prefix, s.valid_from) > ($1, $2::date))
    AND ($4::text IS NULL OR starts_with($4, s.region_prefix))
  ORDER BY s.region_prefix, s.valid_from LIMIT $3`;

export const STANDARD_BY_ID = `SELECT ${STANDARD} FROM childcare_standard s WHERE s.id = $1`;

/** The one that runs when the new one begins, if any. `$1` prefix · `$2` first day of the new one. */
export const END_FORMER = `
  UPDATE childcare_standard SET valid_to = $2
  WHERE region_prefix = $1 AND valid_from < $2 AND (valid_to IS NULL OR valid_to > $2)`;

/** Until the next one begins. */
export const INSERT_STANDARD = `
  INSERT INTO childcare_standard (region_prefix, valid_from, valid_to, leaves_at_months, warn_days, fever_from_tenths,
                                  refused_symptoms, notice_hours, grace_minutes, source)
  VALUES ($1, $2, (SELECT min(valid_from) FROM childcare_standard WHERE region_prefix = $1 AND valid_from > $2),
          $3, $4, $5, $6, $7, $8, $9)
  ON CONFLICT DO NOTHING
  RETURNING id`;

export const INSERT_CLASSES = `
  INSERT INTO childcare_class (standard_id, age_class, months_min, months_max, group_max, children_per_staff)
  SELECT $1, "ageClass", "ageMonthsMin", "ageMonthsMax", "groupMax", "childrenPerStaff"
  FROM jsonb_to_recordset($2::jsonb) AS c ("ageClass" text, "ageMonthsMin" int, "ageMonthsMax" int, "groupMax" int,
                                           "childrenPerStaff" int)`;

/** A group whose days were counted by an older standard than the newest for its region; locked. */
export const GROUP_TO_COUNT_ANEW = `
  SELECT g.id, newest.id AS "standardId"
  FROM care_group g
  CROSS JOIN LATERAL (SELECT s.id FROM childcare_standard s WHERE starts_with(g.region_code, s.region_prefix)
                      ORDER BY s.id DESC LIMIT 1) newest
  WHERE g.standard_seen IS DISTINCT FROM newest.id
  ORDER BY g.id LIMIT 1 FOR NO KEY UPDATE OF g SKIP LOCKED`;

/** Loads first: the days of the group are then counted by the new standard. `$1` group · `$2` from which day. */
export const COUNT_DAYS_ANEW = `UPDATE care_day SET day = day WHERE group_id = $1 AND day >= $2`;
export const COUNT_GROUP_ANEW = `UPDATE care_group_day SET day = day WHERE group_id = $1 AND day >= $2`;
export const STANDARD_SEEN = `UPDATE care_group SET standard_seen = $2 WHERE id = $1`;
