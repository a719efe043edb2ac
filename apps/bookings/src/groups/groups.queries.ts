import type { AgeClass } from '../standards/standard';

export interface GroupRow {
  id: string;
  operatorId: string;
  siteId: string;
  offeringId: string;
  regionCode: string;
  timeZone: string;
  kind: string;
  name: string;
  ageClass: AgeClass;
  opensAt: string;
  noonAt: string;
  closesAt: string;
  version: number;
  sizes: SizeRow[];
}

export interface SizeRow {
  from: string;
  /** Exclusive; null: no end is known. */
  to: string | null;
  places: number;
  staff: number;
}

const GROUP = `
  g.id, g.operator_id AS "operatorId", g.site_id AS "siteId", g.offering_id AS "offeringId",
  g.region_code AS "regionCode", site.time_zone AS "timeZone", o.kind, g.name, g.age_class AS "ageClass",
  g.opens_at AS "opensAt", g.noon_at AS "noonAt", g.closes_at AS "closesAt", g.version,
  (SELECT coalesce(json_agg(json_build_object('from', lower(z.period), 'to', upper(z.period), 'places', z.places,
                                              'staff', z.staff) ORDER BY z.period), '[]')
   FROM care_group_size z WHERE z.group_id = g.id) AS "sizes"`;
const FROM_GROUP = `FROM care_group g JOIN site ON site.id = g.site_id JOIN offering o ON o.id = g.offering_id`;

export const GROUP_BY_ID = `SELECT ${GROUP} ${FROM_GROUP} WHERE g.id = $1`;

/** Who takes or gives back places in groups is alone in it. `$1` ids. */
export const GROUPS_FOR_UPDATE = `
  SELECT ${GROUP} ${FROM_GROUP} WHERE g.id = ANY ($1::uuid[]) ORDER BY g.id FOR NO KEY UPDATE OF g`;

/** `$1` site or null · `$2` offering or null · `$3` the last id seen, or null · `$4` limit · `$5` sites of the actor, or null. */
export const LIST_GROUPS = `
  SELECT ${GROUP} ${FROM_GROUP}
  WHERE ($1::uuid IS NULL OR g.site_id = $1) AND ($2::uuid IS NULL OR g.offering_id = $2)
    AND ($3::uuid IS NULL OR g.id > $3) AND ($5::uuid[] IS NULL OR g.site_id = ANY ($5))
  ORDER BY g.id LIMIT $4`;

export const OFFERING_FOR_GROUP = `
  SELECT o.operator_id AS "operatorId", o.site_id AS "siteId", site.region_code AS "regionCode", o.kind,
         site.time_zone AS "timeZone"
  FROM offering o JOIN site ON site.id = o.site_id WHERE o.id = $1`;

export const INSERT_GROUP = `
  INSERT INTO care_group (id, operator_id, site_id, offering_id, region_code, name, age_class, opens_at, noon_at, closes_at,
                          standard_seen, version, created_at)
  SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10,
         (SELECT s.id FROM childcare_standard s WHERE starts_with($5, s.region_prefix) ORDER BY s.id DESC LIMIT 1), 1, $11
  ON CONFLICT (site_id, name) DO NOTHING RETURNING id`;

/** Nobody takes a session of the offering any more; bookings that stand are kept. */
export const CLOSE_SESSIONS = `
  WITH locked AS (
    SELECT id FROM session WHERE offering_id = $1 AND status = 'open' ORDER BY id FOR NO KEY UPDATE)
  UPDATE session s SET status = 'closed' FROM locked l WHERE s.id = l.id`;

/** The size that runs on the day ends there. `$1` group · `$2` day. */
export const CUT_SIZE = `
  UPDATE care_group_size SET period = daterange(lower(period), $2::date)
  WHERE group_id = $1 AND period @> $2::date AND lower(period) < $2::date`;

/** One that begins on the very day gives way. */
export const DROP_SIZE = `DELETE FROM care_group_size WHERE group_id = $1 AND lower(period) = $2::date`;

/** Until the next one begins. `$1` group · `$2` operator · `$3` first day · `$4` places · `$5` staff. */
export const INSERT_SIZE = `
  INSERT INTO care_group_size (operator_id, group_id, period, places, staff)
  VALUES ($2, $1, daterange($3::date, (SELECT min(lower(period)) FROM care_group_size
                                       WHERE group_id = $1 AND lower(period) > $3::date)), $4, $5)`;

export const COUNT_NOW = `SET CONSTRAINTS care_group_size_changed IMMEDIATE`;

export const NEXT_VERSION = `UPDATE care_group SET version = version + 1 WHERE id = $1`;

export interface GroupDayRow {
  day: string;
  places: number;
  staffLoadMax: number;
  claimedMorning: number;
  claimedAfternoon: number;
  expectedMorning: number;
  expectedAfternoon: number;
  loadMorning: number;
  loadAfternoon: number;
  over: boolean;
}

/** Each day of a span, also those that nobody is planned on. `$1` group · `$2`, `$3` days, half-open. */
export const DAYS_OF_GROUP = `
  SELECT day.on AS "day", coalesce(d.places, least(z.places, c.group_max), 0) AS "places",
         coalesce(d.load_max, z.staff * 1000000000::bigint, 0) AS "staffLoadMax",
         coalesce(d.claimed_am, 0) AS "claimedMorning", coalesce(d.claimed_pm, 0) AS "claimedAfternoon",
         coalesce(d.expected_am, 0) AS "expectedMorning", coalesce(d.expected_pm, 0) AS "expectedAfternoon",
         coalesce(d.expected_load_am, 0) AS "loadMorning", coalesce(d.expected_load_pm, 0) AS "loadAfternoon",
         coalesce(d.over, false) AS "over"
  FROM care_group g
  CROSS JOIN LATERAL (SELECT generate_series($2::date, $3::date - 1, interval '1 day')::date AS on) day
  LEFT JOIN care_group_day d ON d.group_id = g.id AND d.day = day.on
  LEFT JOIN care_group_size z ON z.group_id = g.id AND z.period @> day.on
  LEFT JOIN childcare_class c ON c.standard_id = childcare_standard_on(g.region_code, day.on) AND c.age_class = g.age_class
  WHERE g.id = $1 ORDER BY day.on`;
