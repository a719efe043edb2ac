import type { AbsenceKind } from '../absences/absence';
import type { Outcome } from '../attendance/attendance';
import { STANDING, WITH_STANDING } from '../availability/availability.queries';
import type { AgeClass } from '../standards/standard';
import type { CareMode, ConsentFacts, EndsBecause, PlacementStatus } from './placement';

export interface PlacementRow {
  id: string;
  operatorId: string;
  siteId: string;
  offeringId: string;
  groupId: string;
  residentId: string;
  contractId: string;
  regionCode: string;
  timeZone: string;
  kind: string;
  ageClass: AgeClass;
  opensAt: string;
  noonAt: string;
  closesAt: string;
  mode: CareMode;
  pattern: number[];
  contingentMinutes: number | null;
  contingentDays: number | null;
  from: string;
  to: string;
  endsBecause: EndsBecause;
  status: PlacementStatus;
  endReason: string | null;
  acceptBy: Date | null;
  applicationId: string | null;
  continues: string | null;
  version: number;
  createdAt: Date;
}

/** Columns of placement `p`, with what its group and site say. */
export const PLACEMENT = `
  p.id, p.operator_id AS "operatorId", p.site_id AS "siteId", p.offering_id AS "offeringId", p.group_id AS "groupId",
  p.resident_id AS "residentId", p.contract_id AS "contractId", g.region_code AS "regionCode",
  site.time_zone AS "timeZone", o.kind, g.age_class AS "ageClass", g.opens_at AS "opensAt", g.noon_at AS "noonAt",
  g.closes_at AS "closesAt", p.mode, p.pattern, p.contingent_minutes AS "contingentMinutes",
  p.contingent_days AS "contingentDays", p.starts_on AS "from", p.ends_on AS "to", p.ends_because AS "endsBecause",
  p.status, p.end_reason AS "endReason", p.accept_by AS "acceptBy", p.application_id AS "applicationId", p.continues,
  p.version, p.created_at AS "createdAt"`;
export const WITH_GROUP = `
  JOIN care_group g ON g.id = p.group_id JOIN site ON site.id = p.site_id JOIN offering o ON o.id = p.offering_id`;

export const PLACEMENT_BY_ID = `SELECT ${PLACEMENT} FROM placement p ${WITH_GROUP} WHERE p.id = $1`;
export const PLACEMENT_FOR_UPDATE = `${PLACEMENT_BY_ID} FOR UPDATE OF p`;

/**
 * `$1` filters as JSON {siteId, groupId, residentId, status, on} · `$2` the last id seen, or null · `$3` limit · `$4` sites
 * of the actor, or null.
 */
export const LIST_PLACEMENTS = `
  SELECT ${PLACEMENT} FROM placement p ${WITH_GROUP}
  CROSS JOIN LATERAL (SELECT * FROM jsonb_to_record($1::jsonb) AS f ("siteId" uuid, "groupId" uuid, "residentId" uuid,
                                                                      status text, "on" date)) f
  WHERE (f."siteId" IS NULL OR p.site_id = f."siteId") AND (f."groupId" IS NULL OR p.group_id = f."groupId")
    AND (f."residentId" IS NULL OR p.resident_id = current_resident(f."residentId")) AND (f.status IS NULL OR p.status = f.status)
    AND (f."on" IS NULL OR (p.starts_on <= f."on" AND p.ends_on > f."on"))
    AND ($2::uuid IS NULL OR p.id > $2) AND ($4::uuid[] IS NULL OR p.site_id = ANY ($4))
  ORDER BY p.id LIMIT $3`;

export const INSERT_PLACEMENT = `
  WITH p AS (
    INSERT INTO placement (id, operator_id, site_id, offering_id, group_id, resident_id, contract_id, mode, pattern,
                           contingent_minutes, contingent_days, starts_on, ends_on, ends_because, status, accept_by,
                           application_id, continues, version, created_at, present)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, 1, $19, $20)
    RETURNING *)
  SELECT ${PLACEMENT} FROM p ${WITH_GROUP}`;

/** `$1` JSON of days · `$2` operator · `$3` placement · `$4` group · `$5` resident · `$6` standing. */
export const INSERT_DAYS = `
  INSERT INTO care_day (placement_id, day, operator_id, group_id, resident_id, halves, from_at, to_at, standing,
                        spent_minutes)
  SELECT $3, day, $2, $4, $5, halves, "fromAt", "toAt", $6, "spentMinutes"
  FROM jsonb_to_recordset($1::jsonb) AS d (day date, halves int4range, "fromAt" text, "toAt" text, "spentMinutes" int)
  ORDER BY day`;

export const DROP_DAYS_FROM = `DELETE FROM care_day WHERE placement_id = $1 AND day >= $2`;

/** The next version of a placement, for a fact that is told of it. */
export const BUMP = `
  WITH p AS (UPDATE placement SET version = version + 1 WHERE id = $1 RETURNING *)
  SELECT ${PLACEMENT} FROM p ${WITH_GROUP}`;

/** `$1` id · `$2` first day that is out · `$3` reason. */
export const END_PLACEMENT = `
  WITH p AS (
    UPDATE placement SET ends_on = $2, status = 'ended', end_reason = $3, version = version + 1
    WHERE id = $1 AND status IN ('standing', 'ended') RETURNING *)
  SELECT ${PLACEMENT} FROM p ${WITH_GROUP}`;

/** An offer that was declined, or not answered. `$1` id · `$2` status. */
export const SETTLE_OFFER = `
  WITH p AS (
    UPDATE placement SET status = $2, accept_by = NULL, version = version + 1
    WHERE id = $1 AND status = 'offered' RETURNING *)
  SELECT ${PLACEMENT} FROM p ${WITH_GROUP}`;

/**
 * Days of an offer, before a day or all of them; those of a month that was closed meanwhile are nobody's attendance and stay.
 * `$1` placement · `$2` first day that is kept, or null.
 */
export const DROP_OFFERED = `
  DELETE FROM care_day d
  WHERE d.placement_id = $1 AND ($2::date IS NULL OR d.day < $2::date)
    AND NOT EXISTS (SELECT FROM attendance_month m
                    WHERE m.group_id = d.group_id AND m.month = date_trunc('month', d.day)::date)`;

/** The child has the place, from today on at the earliest. `$1` id · `$2` today. */
export const ACCEPT_OFFER = `
  WITH p AS (
    UPDATE placement SET status = 'standing', accept_by = NULL, starts_on = greatest(starts_on, $2),
           version = version + 1
    WHERE id = $1 AND status = 'offered' RETURNING *)
  SELECT ${PLACEMENT} FROM p ${WITH_GROUP}`;

/** What a place would stand under. `$1` group · `$2` first day · `$3` mode. */
export const PLACE_STANDING = `
  SELECT ${STANDING}
  FROM (SELECT g.site_id, g.region_code, g.offering_id, o.kind, o.active, $3::text AS mode, $2::date AS service_day
        FROM care_group g JOIN offering o ON o.id = g.offering_id WHERE g.id = $1) s
  ${WITH_STANDING}`;

export interface ChildRow extends ConsentFacts {
  id: string;
}

export const CHILD = `
  SELECT r.id, r.birth_date AS "birthDate", r.erased_at IS NOT NULL AS "erased",
         (SELECT c.granted_by FROM consent c
          WHERE c.resident_id = r.id AND c.purpose = 'booking' AND c.withdrawn_at IS NULL) AS "consentBy"
  FROM resident r WHERE r.id = $1`;

/** Offers that nobody answered in time, a few at a time. `$1` now · `$2` limit · `$3` a group, or null. */
export const LAPSED_OFFERS = `
  SELECT p.id, p.group_id AS "groupId" FROM placement p WHERE p.status = 'offered' AND p.accept_by <= $1 AND ($3::uuid IS NULL OR p.group_id = $3)
  ORDER BY p.accept_by LIMIT $2`;

/** Children who are soon too old and whose family hasn't heard of it; `$1` today · `$2` limit. */
export const TO_WARN = `
  WITH due AS (
    SELECT p.id FROM placement p JOIN care_group g ON g.id = p.group_id
    JOIN childcare_standard s ON s.id = childcare_standard_on(g.region_code, p.ends_on)
    WHERE p.status = 'standing' AND p.warned_at IS NULL AND p.ends_because <> 'term_over'
      AND p.ends_on <= $1::date + 365 AND p.ends_on - s.warn_days <= $1::date
    ORDER BY p.id LIMIT $2 FOR UPDATE OF p SKIP LOCKED),
  p AS (
    UPDATE placement SET warned_at = $3, version = version + 1 FROM due WHERE placement.id = due.id
    RETURNING placement.*)
  SELECT ${PLACEMENT} FROM p ${WITH_GROUP}`;

/** Placements whose last day has passed. `$1` today · `$2` limit. */
export const TO_END = `
  WITH due AS (
    SELECT id FROM placement WHERE status = 'standing' AND ends_on <= $1::date
    ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED),
  p AS (
    UPDATE placement SET status = 'ended', version = version + 1,
           end_reason = CASE ends_because WHEN 'term_over' THEN 'term_over' ELSE 'outgrown' END
    FROM due WHERE placement.id = due.id RETURNING placement.*)
  SELECT ${PLACEMENT} FROM p ${WITH_GROUP}`;

export interface CareDayRow {
  day: string;
  halves: string;
  fromAt: string;
  toAt: string;
  beginsAt: Date;
  endsAt: Date;
  standing: boolean;
  spentMinutes: number | null;
  absenceKind: AbsenceKind | null;
  outcome: Outcome | null;
}

/** Days of a placement with the instants that they begin and end at, and what was recorded last. `$2`, `$3` half-open. */
export const DAYS_OF_PLACEMENT = `
  SELECT d.day, d.halves::text AS "halves", d.from_at AS "fromAt", d.to_at AS "toAt",
         (d.day + d.from_at::time) AT TIME ZONE site.time_zone AS "beginsAt",
         (d.day + d.to_at::time) AT TIME ZONE site.time_zone AS "endsAt",
         d.standing, d.spent_minutes AS "spentMinutes", d.absence_kind AS "absenceKind",
         (SELECT a.outcome FROM attendance a WHERE a.placement_id = d.placement_id AND a.day = d.day
          ORDER BY a.revision DESC LIMIT 1) AS "outcome"
  FROM care_day d JOIN care_group g ON g.id = d.group_id JOIN site ON site.id = g.site_id
  WHERE d.placement_id = $1 AND d.day >= $2::date AND d.day < $3::date
  ORDER BY d.day`;

/** The child comes after all: `$1` placement · `$2` JSON of one day. */
export const REPLACE_ABSENCE = `
  UPDATE care_day c SET absence_id = NULL, absence_kind = NULL, notice_hours = NULL, halves = d.halves,
         from_at = d."fromAt", to_at = d."toAt", spent_minutes = d."spentMinutes"
  FROM jsonb_to_record($2::jsonb) AS d (day date, halves int4range, "fromAt" text, "toAt" text, "spentMinutes" int)
  WHERE c.placement_id = $1 AND c.day = d.day AND c.absence_kind IS NOT NULL RETURNING c.day`;

export const DROP_DAY = `DELETE FROM care_day WHERE placement_id = $1 AND day = $2 RETURNING day`;
