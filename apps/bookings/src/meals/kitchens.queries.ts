import type { Day } from '@doorstep/kernel';

export interface KitchenRow {
  id: string;
  operatorId: string;
  siteId: string;
  nameZh: string;
  nameEn: string | null;
  portionsPerDay: number;
  offeringIds: string[];
  version: number;
}

const KITCHEN = `
  SELECT k.id, k.operator_id AS "operatorId", k.site_id AS "siteId", k.name_zh AS "nameZh", k.name_en AS "nameEn",
         k.portions_per_day AS "portionsPerDay", k.version,
         coalesce((SELECT array_agg(o.offering_id ORDER BY o.offering_id) FROM kitchen_offering o
                   WHERE o.kitchen_id = k.id), '{}') AS "offeringIds"
  FROM kitchen k`;

export const KITCHEN_BY_ID = `${KITCHEN} WHERE k.id = $1`;
export const KITCHEN_FOR_UPDATE = `${KITCHEN_BY_ID} FOR UPDATE`;

/** `$1` site or null · `$2` the last id seen, or null · `$3` limit · `$4` sites of the actor, or null. */
export const LIST_KITCHENS = `${KITCHEN}
  WHERE ($1::uuid IS NULL OR k.site_id = $1) AND ($2::uuid IS NULL OR k.id > $2)
    AND ($4::uuid[] IS NULL OR k.site_id = ANY ($4))
  ORDER BY k.id LIMIT $3`;

export const INSERT_KITCHEN = `
  INSERT INTO kitchen (id, operator_id, site_id, name_zh, name_en, portions_per_day, version, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, 1, $7)`;

export const CHANGE_KITCHEN = `
  UPDATE kitchen SET name_zh = $2, name_en = $3, portions_per_day = $4, version = version + 1 WHERE id = $1`;

/** Days to come that follow the kitchen's figure do so as far as what is taken allows. `$2` figure · `$3` first day. */
export const FOLLOW_FIGURE = `
  UPDATE kitchen_day SET portions = greatest($2, taken)
  WHERE kitchen_id = $1 AND service_day >= $3::date AND NOT own AND portions <> greatest($2, taken)`;

export const BIND_OFFERINGS = `
  INSERT INTO kitchen_offering (offering_id, kitchen_id, operator_id)
  SELECT o.id, $1, o.operator_id FROM offering o WHERE o.id = ANY ($2::uuid[]) AND o.kind = 'meals'
  RETURNING offering_id AS id`;

/** `$1` kitchen · `$2` day · `$3` portions. */
export const SET_DAY = `
  INSERT INTO kitchen_day (kitchen_id, service_day, operator_id, portions, own)
  SELECT id, $2, operator_id, $3, true FROM kitchen WHERE id = $1
  ON CONFLICT (kitchen_id, service_day) DO UPDATE SET portions = excluded.portions, own = true`;

export interface KitchenDayRow {
  day: Day;
  portions: number;
  taken: number;
}

/** `$1` kitchen · `$2`, `$3` days, half-open: every day, whether anybody has ordered or not. */
export const DAYS = `
  SELECT g::date AS "day", coalesce(d.portions, k.portions_per_day) AS "portions", coalesce(d.taken, 0) AS "taken"
  FROM kitchen k, generate_series($2::date, $3::date - 1, interval '1 day') g
  LEFT JOIN kitchen_day d ON d.kitchen_id = $1 AND d.service_day = g::date
  WHERE k.id = $1 ORDER BY 1`;
