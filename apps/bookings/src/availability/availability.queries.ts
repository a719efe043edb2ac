/*
 * What the decision needs to know of sessions, in one statement. The same text serves the list of what can be booked and
 * the booking itself, so both look at the same facts.
 *
 * Row-level security lets an index serve only comparisons that can't leak: of plain values, never with an expression over
 * columns. So a slot carries the bounds within which a neighbour must start, ready made, behind a fence (OFFSET 0).
 */

/*
 * Neighbours are looked for within these: a session lasts a day at most (25 hours when clocks go back), a buffer another
 * day.
 */
export const NEAR_BEFORE = `interval '50 hours'`;
export const NEAR_AFTER = `interval '24 hours'`;

/** A booking that stands in the way: live, not a hold that has lapsed, not the one to be replaced. `$1` is now throughout. */
const stands = (replaced: string | undefined): string =>
  `(h.expires_at IS NULL OR h.expires_at > $1)${replaced ? ` AND b.id IS DISTINCT FROM ${replaced}::uuid` : ''}`;

/**
 * Where a carer would work: the resident's home, as coarse as it is known to planning, else the site. Without a resident:
 * unknown, so no way is counted. Only what has carers pays for looking.
 */
const placeOf = (axis: 'lng' | 'lat', resident: string): string => `
  CASE WHEN o.capacity_model = 'caregiver' AND (${resident}::uuid IS NOT NULL OR o.delivery NOT IN ('home', 'bedside'))
       THEN coalesce((SELECT r.home_${axis} FROM resident r
                      WHERE r.id = ${resident} AND o.delivery IN ('home', 'bedside')),
                     (SELECT t.${axis} FROM site t WHERE t.id = p.site_id)) END AS place_${axis}`;

/** How fast ways are planned there and then. */
const SPEED = `
  CASE WHEN o.capacity_model = 'caregiver'
       THEN (SELECT v.plan_km_per_hour FROM visit_rule v
             WHERE (v.region_code IS NULL OR starts_with(p.region_code, v.region_code)) AND v.from_day <= p.service_day
             ORDER BY length(v.region_code) DESC NULLS LAST, v.from_day DESC LIMIT 1) END AS km_per_hour`;

/**
 * Slots: the sessions that `page` selects, with what their offerings say. An exclusive offering occupies its space, or
 * itself when it names none. `resident`: a parameter with who asks, or null.
 */
export function slots(page: string, resident: string): string {
  return `
  SELECT p.*, ${placeOf('lng', resident)}, ${placeOf('lat', resident)}, ${SPEED},
         o.active, o.delivery, o.capacity_model, o.capacity AS capacity_planned, o.lead_minutes, o.cutoff_minutes,
         o.buffer_minutes, o.unpriced_policy, o.age_months_min, o.age_months_max, o.care_level_min, o.skills,
         CASE WHEN o.capacity_model = 'exclusive' THEN coalesce(o.space_id, o.id) END AS space_id,
         CASE WHEN o.capacity_model = 'exclusive' THEN coalesce(o.space_id, o.id) || coalesce(o.blocked_space_ids, '{}') END
           AS space_ids,
         cardinality(o.blocked_space_ids) > 1 AS space_shared, o.space_closures,
         p.starts_at - ${NEAR_BEFORE} AS near_from, p.ends_at + ${NEAR_AFTER} AS near_to
  FROM (${page}) p JOIN offering o ON o.id = p.offering_id
  OFFSET 0`;
}

/** The way between booking `b` and slot `s`. */
export const WAY = `travel_minutes(b.place_lng, b.place_lat, s.place_lng, s.place_lat, s.km_per_hour)`;

/**
 * Bookings of a space or a carer too near to slot `s`: the gap must be the larger of the two buffers, and for a carer as
 * long as the way. `whose` compares with one or several.
 */
function tooNear(whose: string, replaced?: string, way?: string): string {
  const gap = `make_interval(mins => greatest(s.buffer_minutes, b.buffer_minutes${way ? `, ${way}` : ''}))`;
  return `
    FROM booking b LEFT JOIN hold h ON h.booking_id = b.id
    WHERE b.${whose} AND b.starts_at > s.near_from AND b.starts_at < s.near_to
      AND b.occupies IS NOT NULL AND ${stands(replaced)}
      AND b.starts_at < s.ends_at + ${gap} AND b.ends_at + ${gap} > s.starts_at`;
}

/** Uses of the space of slot `s`, of what it is part of and of its parts; `replaced`: a booking that doesn't count. */
const usesOfSpace = (replaced?: string): string => tooNear('space_id = ANY (s.space_ids)', replaced);

/** Whether the space of slot `s` is in use then, or too soon before or after. */
export const spaceTaken = (replaced?: string): string => `EXISTS (SELECT ${usesOfSpace(replaced)})`;

/** Which of the two: somebody is there at the time, or only the buffer is missing. */
const spaceUse = (replaced?: string): string => `
  (SELECT CASE WHEN bool_or(b.starts_at < s.ends_at AND b.ends_at > s.starts_at) THEN 'taken' ELSE 'buffer' END
   ${usesOfSpace(replaced)} HAVING count(*) > 0)`;

/** Whether the space of slot `s`, or one that it can't do without, is closed for a time. */
const SPACE_CLOSED = `
  EXISTS (SELECT FROM jsonb_to_recordset(s.space_closures) AS c (start timestamptz, "end" timestamptz)
          WHERE c.start < s.ends_at AND c."end" > s.starts_at)`;

/** Where shifts are known, a carer works only in them: those of the site, for visits or at the site itself. */
const ON_SHIFT = `
  (st.roster_from IS NULL OR s.starts_at < st.roster_from OR s.starts_at >= st.roster_to
   OR EXISTS (SELECT FROM staff_shift f
              WHERE f.staff_id = st.id AND f.starts_at <= s.starts_at AND f.ends_at >= s.ends_at
                AND f.site_id = s.site_id
                AND f.purpose = CASE WHEN s.delivery IN ('home', 'bedside') THEN 'visits' ELSE 'site' END))`;

/** Staff of the site who have the skills, are on shift and are free around slot `s`, their ways counted. */
export const freeCaregivers = (replaced?: string): string => `
  FROM staff_site ss JOIN staff st ON st.id = ss.staff_id
  WHERE ss.site_id = s.site_id AND st.active AND st.skills @> s.skills AND ${ON_SHIFT}
    AND NOT EXISTS (SELECT ${tooNear('caregiver_id = st.id', replaced, WAY)})`;

/**
 * Whoever knows the resident already; then who has the shortest way from where they are on that day; then who has the
 * least to do. For slot `s` and carer `st`; `resident`: a parameter.
 */
export const FITNESS = (resident: string): Record<'knows' | 'way' | 'load', string> => ({
  knows: `EXISTS (SELECT FROM booking b WHERE b.resident_id = ${resident} AND b.caregiver_id = st.id
                    AND b.status IN ('confirmed', 'checked_in', 'on_review', 'delivered'))`,
  way: `coalesce((SELECT min(${WAY}) FROM booking b
                  WHERE b.caregiver_id = st.id AND b.starts_at > s.near_from AND b.starts_at < s.near_to
                    AND b.occupies IS NOT NULL AND b.service_day = s.service_day),
                 (SELECT travel_minutes(t.lng, t.lat, s.place_lng, s.place_lat, s.km_per_hour)
                  FROM site t WHERE t.id = s.site_id))`,
  load: `(SELECT count(*)::int FROM booking b
          WHERE b.caregiver_id = st.id AND b.starts_at > s.near_from AND b.starts_at < s.near_to
            AND b.occupies IS NOT NULL)`,
});

/** The contract that covers slot `s` on its day; the oldest when several do, a suspended one when no other does. */
const CONTRACT_IN_FORCE = `
  SELECT cs.contract_id AS id, c.status FROM contract_site cs JOIN contract c ON c.id = cs.contract_id
  WHERE cs.site_id = s.site_id
    -- While a contract is suspended its standings are not in force either.
    AND (c.status = 'suspended' OR (c.status = 'active' AND cs.in_force))
    AND cs.period @> s.service_day AND c.period @> s.service_day
    AND (cs.kinds = '{}' OR s.kind = ANY (cs.kinds))
    AND EXISTS (
      SELECT FROM jsonb_to_recordset(c.lines -> s.kind) AS l (mode text, region text, "from" date, "to" date)
      WHERE (l.mode IS NULL OR l.mode = s.mode)
        AND (l.region IS NULL OR starts_with(s.region_code, l.region))
        AND (l."from" IS NULL OR (l."from" <= s.service_day AND s.service_day < l."to")))
  ORDER BY c.status, cs.id LIMIT 1`;

/** What slot `s` stands under, whoever asks for it: its site, contract, licences and inspections. */
export const STANDING = `
         s.active AS "offeringActive", site.status = 'operating' AS "siteOperating", covers.id AS "contractId",
         coalesce('suspended' IN (covers.status, site.status), false) AS "suspended",
         EXISTS (SELECT FROM site_licence l WHERE l.id = s.site_id
                 AND (s.kind = ANY (l.blocked_kinds) OR s.offering_id = ANY (l.blocked_offerings))) AS "licenceLapsed",
         EXISTS (SELECT FROM site_inspection i WHERE i.id = s.site_id
                 AND (i.suspended OR s.kind = ANY (i.blocked_kinds) OR s.offering_id = ANY (i.blocked_offerings)))
           AS "inspectionSuspended"`;
export const WITH_STANDING = `JOIN site ON site.id = s.site_id LEFT JOIN LATERAL (${CONTRACT_IN_FORCE}) covers ON true`;

/*
 * What lapses is free at once, but where somebody waits: there it is offered to them before anybody else can have it.
 */
const LAPSED_UNITS = `
  SELECT sum(h.units) FROM hold h
  WHERE h.session_id = s.id AND h.expires_at <= $1
    AND NOT EXISTS (SELECT FROM waiting_entry w WHERE w.session_id = s.id AND w.status = 'waiting')`;

/** Portions that the kitchen of slot `s` has left on its day; null where none cooks for it. */
const PORTIONS_LEFT = `
  SELECT coalesce(d.portions, k.portions_per_day) - coalesce(d.taken, 0)
         + coalesce((SELECT sum(b.party_size) FROM hold h JOIN booking b ON b.id = h.booking_id
                     WHERE h.expires_at <= $1 AND b.kitchen_id = k.id AND b.service_day = s.service_day
                       AND NOT EXISTS (SELECT FROM waiting_entry w
                                       WHERE w.session_id = h.session_id AND w.status = 'waiting')), 0)::int
  FROM kitchen_offering ko JOIN kitchen k ON k.id = ko.kitchen_id
  LEFT JOIN kitchen_day d ON d.kitchen_id = k.id AND d.service_day = s.service_day
  WHERE ko.offering_id = s.offering_id`;

/** Facts of the sessions that `page` selects; `replaced`: a parameter with a booking that doesn't count. */
export function slotFacts(page: string, resident: string, replaced?: string): string {
  return `
  SELECT s.id AS "sessionId", s.offering_id AS "offeringId", s.site_id AS "siteId", s.operator_id AS "operatorId",
         s.starts_at AS "start", s.ends_at AS "end", s.service_day AS "day", s.region_code AS "regionCode",
         s.kind, s.mode, s.status = 'open' AS "open", s.capacity,
         CASE WHEN s.capacity_model = 'places' THEN greatest(s.capacity, s.capacity_planned) ELSE s.capacity END
           AS "capacityPlanned",
         s.taken - coalesce((${LAPSED_UNITS}), 0)::int AS "taken",
         ${STANDING}, s.delivery, s.capacity_model AS "capacityModel",
         s.lead_minutes AS "leadMinutes", s.cutoff_minutes AS "cutoffMinutes", s.buffer_minutes AS "bufferMinutes",
         s.age_months_min AS "ageMonthsMin", s.age_months_max AS "ageMonthsMax", s.care_level_min AS "careLevelMin",
         s.space_id AS "spaceId", s.space_shared AS "spaceShared",
         s.space_closures IS NOT NULL AND ${SPACE_CLOSED} AS "spaceClosed",
         CASE WHEN s.capacity_model = 'exclusive' THEN ${spaceUse(replaced)} END AS "spaceUse",
         CASE WHEN s.capacity_model = 'caregiver' THEN (SELECT count(*)::int ${freeCaregivers(replaced)}) END
           AS "caregiversFree",
         CASE WHEN s.kind = 'meals' THEN (${PORTIONS_LEFT}) END AS "portionsLeft",
         EXISTS (SELECT FROM hold WHERE expires_at <= $1) AS "anyLapsed"
  FROM (${slots(page, resident)}) s
  ${WITH_STANDING}`;
}

/** `$2`: the session; `$3`: the booking that is to be replaced, or null; `$4`: who asks. */
export const FACTS_OF_SESSION = slotFacts(`SELECT * FROM session WHERE id = $2`, '$4', '$3');

const PAGE_OF_DAYS = (owner: 'offering_id' | 'site_id'): string => `
  SELECT * FROM session
  WHERE ${owner} = $2 AND service_day >= $3::date AND service_day < $4::date
    AND starts_at >= $3::date::timestamp AT TIME ZONE 'UTC' - interval '1 day'
    AND starts_at < $4::date::timestamp AT TIME ZONE 'UTC' + interval '1 day'
    AND ($5::timestamptz IS NULL OR (starts_at, id) > ($5, $6::uuid))
  ORDER BY starts_at, id LIMIT $7`;

/** `$2`: offering or site; `$3`, `$4`: days, half-open; `$5`, `$6`: start and id to go on after; `$7`: limit; `$8`: who asks, or null. */
export const FACTS_OF_OFFERING = `${slotFacts(PAGE_OF_DAYS('offering_id'), '$8')} ORDER BY s.starts_at, s.id`;
export const FACTS_OF_SITE = `${slotFacts(PAGE_OF_DAYS('site_id'), '$8')} ORDER BY s.starts_at, s.id`;

/** What eligibility looks at; `$1` now, `$2` the resident; and what keeps them busy between two instants:
 * bookings, and days in care. */
function residentFacts(from: string, to: string, replaced?: string): string {
  return `
  SELECT r.birth_date AS "birthDate", r.care_level AS "careLevel", r.care_level_assessed_on AS "careLevelAssessedOn",
         r.erased_at IS NOT NULL AS "erased", r.merged_into AS "mergedInto",
         EXISTS (SELECT FROM consent c
                 WHERE c.resident_id = r.id AND c.purpose = 'booking' AND c.withdrawn_at IS NULL) AS "bookingConsent",
         coalesce((SELECT json_agg(json_build_object('from', lower(span), 'to', upper(span)))
                   FROM booking b LEFT JOIN hold h ON h.booking_id = b.id, unnest(b.busy) AS span
                   WHERE b.resident_id = $2 AND b.starts_at > ${from} - ${NEAR_BEFORE} AND b.starts_at < ${to}
                     AND span && tstzrange(${from}, ${to}) AND ${stands(replaced)}), '[]') AS "busy",
         coalesce((SELECT json_agg(json_build_object('from', lower(c.span), 'to', upper(c.span)))
                   FROM care_presence c
                   -- A day more on each side covers every time zone.
                   WHERE c.resident_id = $2 AND c.day >= (${from} AT TIME ZONE 'UTC')::date - 1
                     AND c.day <= (${to} AT TIME ZONE 'UTC')::date + 1
                     AND c.span && tstzrange(${from}, ${to})), '[]') AS "inCare"
  FROM resident r WHERE r.id = $2`;
}

/** `$3`: the session that the resident is to be booked into; `$4`: the booking that is to be replaced, or null. */
export const RESIDENT_FOR_SESSION = residentFacts(
  `(SELECT starts_at FROM session WHERE id = $3)`,
  `(SELECT ends_at FROM session WHERE id = $3)`,
  '$4',
);

/** `$3`, `$4`: instants. */
export const RESIDENT_FOR_SPAN = residentFacts('$3::timestamptz', '$4::timestamptz');
