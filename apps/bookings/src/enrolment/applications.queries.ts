import type { CareMode } from '../placements/placement';
import type { ApplicationStatus } from './application';

export interface ApplicationRow {
  id: string;
  operatorId: string;
  siteId: string;
  offeringId: string;
  residentId: string;
  mode: CareMode;
  pattern: number[];
  contingentMinutes: number | null;
  contingentDays: number | null;
  wishedStart: string;
  dueOn: string;
  priority: number;
  status: ApplicationStatus;
  placementId: string | null;
  place: number;
  appliedAt: Date;
  version: number;
  timeZone: string;
  /** Until when an offer of a place stands. */
  acceptBy: Date | null;
  /** Place in the queue, from 1; null once it waits no more. */
  position?: number | null;
}

const APPLICATION = `
  a.id, a.operator_id AS "operatorId", a.site_id AS "siteId", a.offering_id AS "offeringId",
  a.resident_id AS "residentId", a.mode, a.pattern, a.contingent_minutes AS "contingentMinutes",
  a.contingent_days AS "contingentDays", a.wished_start AS "wishedStart", a.due_on AS "dueOn", a.priority, a.status,
  a.placement_id AS "placementId", a.place, a.applied_at AS "appliedAt", a.version, site.time_zone AS "timeZone",
  (SELECT p.accept_by FROM placement p WHERE p.id = a.placement_id) AS "acceptBy"`;
const POSITION = `
  CASE WHEN a.status = 'waiting' THEN
    (SELECT 1 + count(*)::int FROM care_application o
     WHERE o.offering_id = a.offering_id AND o.status = 'waiting'
       AND (o.priority > a.priority OR (o.priority = a.priority AND o.place < a.place)))
  END AS "position"`;
const FROM = `FROM care_application a JOIN site ON site.id = a.site_id`;

export const APPLICATION_BY_ID = `SELECT ${APPLICATION}, ${POSITION} ${FROM} WHERE a.id = $1`;
export const APPLICATION_FOR_UPDATE = `SELECT ${APPLICATION} ${FROM} WHERE a.id = $1 FOR UPDATE OF a`;

/** Groups are locked before applications, everywhere: so nobody waits in a circle. */
export const LOCK_GROUP_OF_OFFER = `
  SELECT FROM care_group g JOIN placement p ON p.group_id = g.id JOIN care_application a ON a.placement_id = p.id
  WHERE a.id = $1 FOR NO KEY UPDATE OF g`;

/** `$1` offering or null · `$2` resident or null · `$3` status or null · `$4` last place seen · `$5` limit · `$6` sites or null. */
export const LIST_APPLICATIONS = `
  SELECT ${APPLICATION}, ${POSITION} ${FROM}
  WHERE ($1::uuid IS NULL OR a.offering_id = $1) AND ($2::uuid IS NULL OR a.resident_id = current_resident($2))
    AND ($3::text IS NULL OR a.status = $3) AND ($4::bigint IS NULL OR a.place > $4)
    AND ($6::uuid[] IS NULL OR a.site_id = ANY ($6))
  ORDER BY a.place LIMIT $5`;

export const APPLY = `
  INSERT INTO care_application (id, operator_id, site_id, offering_id, resident_id, mode, pattern, contingent_minutes,
                                contingent_days, wished_start, due_on, priority, status, version, applied_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'waiting', 1, $13)
  ON CONFLICT (offering_id, resident_id) WHERE status IN ('waiting', 'offered') DO NOTHING
  RETURNING id`;

export const QUEUE_LENGTH = `
  SELECT count(*)::int AS "length" FROM care_application WHERE offering_id = $1 AND status = 'waiting'`;

/**
 * The next of the queue who have the age for a group. `$1` group · `$2` today · `$3` free from · `$4`, `$5` priority and place
 * to go on after, or null · `$6` limit.
 */
export const QUEUE = `
  SELECT ${APPLICATION} ${FROM}
  JOIN care_group g ON g.id = $1 AND g.offering_id = a.offering_id
  JOIN resident r ON r.id = a.resident_id
  CROSS JOIN LATERAL (SELECT greatest(a.wished_start, $3::date) AS on) start
  JOIN childcare_class c ON c.standard_id = childcare_standard_on(g.region_code, start.on)
       AND c.age_class = g.age_class
       AND age_months(r.birth_date, start.on) >= c.months_min AND age_months(r.birth_date, start.on) < c.months_max
  WHERE a.status = 'waiting' AND a.due_on >= $2::date
    AND ($4::int IS NULL OR a.priority < $4 OR (a.priority = $4 AND a.place > $5::bigint))
  ORDER BY a.priority DESC, a.place LIMIT $6`;

/** Still waiting, and nobody else's to end until the transaction is over. */
export const CLAIM = `SELECT FROM care_application WHERE id = $1 AND status = 'waiting' FOR UPDATE`;

export const OFFERED = `
  UPDATE care_application SET status = 'offered', placement_id = $2, version = version + 1 WHERE id = $1`;

/** `$1` id · `$2` status · `$3` now. */
export const SETTLE = `
  UPDATE care_application SET status = $2, ended_at = $3, version = version + 1 WHERE id = $1`;

/** Waits on in its old place, as if the offer had not been. */
export const WAIT_AGAIN = `
  UPDATE care_application SET status = 'waiting', placement_id = NULL, version = version + 1 WHERE id = $1`;

export const CHANGE = `
  UPDATE care_application SET priority = coalesce($2, priority), due_on = coalesce($3, due_on), version = version + 1
  WHERE id = $1`;

/** Applications that nobody prolonged. `$1` the day · `$2` now. */
export const LAPSE = `
  UPDATE care_application SET status = 'lapsed', ended_at = $2, version = version + 1
  WHERE status = 'waiting' AND due_on < $1::date`;
