/*
 * What the decision needs to know of sessions, in one statement. The same text serves the list of what can be booked and
 * the booking itself, so both look at the same facts.
 */

/** A booking that stands in the way: live, not a hold that has lapsed, not the one to be replaced. `$1` is now throughout. */
const stands = (replaced: string | undefined): string =>
  `(h.expires_at IS NULL OR h.expires_at > $1)${replaced ? ` AND b.id IS DISTINCT FROM ${replaced}::uuid` : ''}`;

/**
 * Bookings of a space or a carer too near to session `s` of offering `o`, where the gap must be the larger of the two
 * buffers. The range finds them by index: a buffer is looked for up to a day away.
 */
function tooNear(column: 'space_id' | 'caregiver_id', value: string, replaced?: string): string {
  const gap = `make_interval(mins => greatest(o.buffer_minutes, b.buffer_minutes))`;
  return `
    SELECT FROM booking b LEFT JOIN hold h ON h.booking_id = b.id
    WHERE b.${column} = ${value} AND ${stands(replaced)}
      AND b.occupies && tstzrange(s.starts_at - make_interval(mins => o.buffer_minutes), s.ends_at + interval '1 day')
      AND b.starts_at < s.ends_at + ${gap} AND b.ends_at + ${gap} > s.starts_at`;
}

/** What an exclusive offering occupies: its space, or itself when it names none. */
export const SPACE = `coalesce(o.space_id, o.id)`;

/** `replaced`: a parameter with the booking that doesn't count. */
export const spaceTaken = (replaced?: string): string => `EXISTS (${tooNear('space_id', SPACE, replaced)})`;

/** Staff of the site who have the skills and are free around session `s`. */
export const freeCaregivers = (replaced?: string): string => `
  FROM staff st
  WHERE st.active AND st.site_ids @> ARRAY[s.site_id] AND st.skills @> o.skills
    AND NOT EXISTS (${tooNear('caregiver_id', 'st.id', replaced)})`;

/** The contract that covers session `s` on its day; the oldest when several do. */
const CONTRACT_IN_FORCE = `
  SELECT cs.contract_id FROM contract_site cs JOIN contract c ON c.id = cs.contract_id
  WHERE cs.site_id = s.site_id AND cs.in_force AND c.status = 'active'
    AND cs.period @> s.service_day AND c.period @> s.service_day
    AND (cs.kinds = '{}' OR s.kind = ANY (cs.kinds))
    AND (s.kind = ANY (c.services) OR s.kind || ':' || s.mode = ANY (c.services))
  ORDER BY cs.id LIMIT 1`;

/*
 * What lapses is free at once, but where somebody waits: there it is offered to them before anybody else can have it.
 */

/** Facts of the sessions that `page` selects from table session; `$1` is now, `replaced` a parameter with a booking that doesn't count. */
function slotFacts(page: string, replaced?: string): string {
  return `
  SELECT s.id AS "sessionId", s.offering_id AS "offeringId", s.site_id AS "siteId", s.operator_id AS "operatorId",
         s.starts_at AS "start", s.ends_at AS "end", s.service_day AS "day", s.region_code AS "regionCode",
         s.kind, s.mode, s.status = 'open' AS "open", s.capacity,
         CASE WHEN o.capacity_model = 'places' THEN greatest(s.capacity, o.capacity) ELSE s.capacity END
           AS "capacityPlanned",
         s.taken - coalesce((SELECT sum(h.units) FROM hold h
                             WHERE h.session_id = s.id AND h.expires_at <= $1
                               AND NOT EXISTS (SELECT FROM waiting_entry w
                                               WHERE w.session_id = s.id AND w.status = 'waiting')), 0)::int AS "taken",
         o.active AS "offeringActive", o.delivery, o.capacity_model AS "capacityModel",
         o.lead_minutes AS "leadMinutes", o.cutoff_minutes AS "cutoffMinutes", o.buffer_minutes AS "bufferMinutes",
         o.age_months_min AS "ageMonthsMin", o.age_months_max AS "ageMonthsMax", o.care_level_min AS "careLevelMin",
         CASE WHEN o.capacity_model = 'exclusive' THEN ${SPACE} END AS "spaceId",
         site.status = 'operating' AS "siteOperating",
         (${CONTRACT_IN_FORCE}) AS "contractId",
         EXISTS (SELECT FROM site_licence l WHERE l.id = s.site_id AND s.kind = ANY (l.blocked_kinds)) AS "licenceLapsed",
         CASE WHEN o.capacity_model = 'exclusive' THEN ${spaceTaken(replaced)} ELSE false END AS "spaceTaken",
         CASE WHEN o.capacity_model = 'caregiver' THEN (SELECT count(*)::int ${freeCaregivers(replaced)}) END AS "caregiversFree",
         EXISTS (SELECT FROM hold WHERE expires_at <= $1) AS "anyLapsed"
  FROM (${page}) s
  JOIN offering o ON o.id = s.offering_id
  JOIN site ON site.id = s.site_id`;
}

/** `$2`: the session; `$3`: the booking that is to be replaced, or null. */
export const FACTS_OF_SESSION = slotFacts(`SELECT * FROM session WHERE id = $2`, '$3');

const PAGE_OF_DAYS = (owner: 'offering_id' | 'site_id'): string => `
  SELECT * FROM session
  WHERE ${owner} = $2 AND service_day >= $3::date AND service_day < $4::date
    AND starts_at >= $3::date::timestamp AT TIME ZONE 'UTC' - interval '1 day'
    AND starts_at < $4::date::timestamp AT TIME ZONE 'UTC' + interval '1 day'
    AND ($5::timestamptz IS NULL OR (starts_at, id) > ($5, $6::uuid))
  ORDER BY starts_at, id LIMIT $7`;

/** `$2`: offering or site; `$3`, `$4`: days, half-open; `$5`, `$6`: start and id to go on after; `$7`: limit. */
export const FACTS_OF_OFFERING = `${slotFacts(PAGE_OF_DAYS('offering_id'))} ORDER BY s.starts_at, s.id`;
export const FACTS_OF_SITE = `${slotFacts(PAGE_OF_DAYS('site_id'))} ORDER BY s.starts_at, s.id`;

/** What eligibility looks at; `$1` now, `$2` the resident, and when it matters whether they are busy. */
function residentFacts(from: string, to: string, replaced?: string): string {
  return `
  SELECT r.birth_date AS "birthDate", r.care_level AS "careLevel", r.care_level_assessed_on AS "careLevelAssessedOn",
         r.erased_at IS NOT NULL AS "erased",
         EXISTS (SELECT FROM consent c
                 WHERE c.resident_id = r.id AND c.purpose = 'booking' AND c.withdrawn_at IS NULL) AS "bookingConsent",
         coalesce((SELECT json_agg(json_build_object('from', b.starts_at, 'to', b.ends_at))
                   FROM booking b LEFT JOIN hold h ON h.booking_id = b.id
                   WHERE b.resident_id = r.id AND b.busy && tstzrange(${from}, ${to}) AND ${stands(replaced)}), '[]') AS "busy"
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
