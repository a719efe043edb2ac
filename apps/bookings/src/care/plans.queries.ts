import type { Day } from '@doorstep/kernel';
import type { PlanLine, PlanStatus, Proposal } from './plan';

export interface PlanRow {
  id: string;
  operatorId: string;
  siteId: string;
  residentId: string;
  careLevel: string;
  from: Day;
  weeks: number;
  status: PlanStatus;
  lines: PlanLine[];
  missing: Proposal['missing'];
  seriesIds: string[];
  createdAt: Date;
  endedAt: Date | null;
}

const PLAN = `
  SELECT id, operator_id AS "operatorId", site_id AS "siteId", resident_id AS "residentId", care_level AS "careLevel",
         from_day AS "from", weeks, status, lines, missing, series_ids AS "seriesIds", created_at AS "createdAt",
         ended_at AS "endedAt"
  FROM care_plan`;

export const PLAN_BY_ID = `${PLAN} WHERE id = $1`;
export const PLAN_FOR_UPDATE = `${PLAN_BY_ID} FOR UPDATE`;

/** `$1` resident or null · `$2` the last id seen, or null · `$3` limit · `$4` sites of the actor, or null. */
export const LIST_PLANS = `${PLAN}
  WHERE ($1::uuid IS NULL OR resident_id = current_resident($1)) AND ($2::uuid IS NULL OR id > $2)
    AND ($4::uuid[] IS NULL OR site_id = ANY ($4))
  ORDER BY id LIMIT $3`;

export const INSERT_PLAN = `
  INSERT INTO care_plan (id, operator_id, site_id, resident_id, care_level, from_day, weeks, status, lines, missing,
                         created_by, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, 'proposed', $8, $9, $10, $11)`;

/** `$2` status · `$3` series · `$4` end or null. */
export const SETTLE_PLAN = `UPDATE care_plan SET status = $2, series_ids = $3, ended_at = $4 WHERE id = $1`;

/** Whom a plan is for, as far as it matters. `$1` resident. */
export const PLANNED_RESIDENT = `
  SELECT region_code AS "regionCode", care_level AS "careLevel", care_level_assessed_on AS "assessedOn",
         erased_at IS NOT NULL AS "erased"
  FROM resident WHERE id = $1`;

/**
 * When a site offers visits, week by week: sessions of two weeks, site-local. `$1` site · `$2`, `$3` instants. Bounded.
 */
export const WEEKLY_SLOTS = `
  SELECT DISTINCT o.id AS "offeringId", o.skills, extract(isodow FROM l.start)::int AS "weekday",
         to_char(l.start, 'HH24:MI') AS "time", (extract(epoch FROM s.ends_at - s.starts_at) / 60)::int AS "minutes"
  FROM session s JOIN offering o ON o.id = s.offering_id JOIN site t ON t.id = s.site_id,
       LATERAL (SELECT s.starts_at AT TIME ZONE t.time_zone AS start) l
  WHERE s.site_id = $1 AND s.starts_at >= $2 AND s.starts_at < $3 AND s.status = 'open'
    AND o.active AND o.capacity_model = 'caregiver' AND o.delivery IN ('home', 'bedside')
  ORDER BY 1, 3, 4
  LIMIT 5000`;
