import type { Day } from '@doorstep/kernel';

export interface ChoiceRow {
  bookingId: string;
  dishId: string;
  portions: number;
  allergensConfirmed: boolean;
}

export const CHOICES_OF = `
  SELECT booking_id AS "bookingId", dish_id AS "dishId", portions, allergens_confirmed AS "allergensConfirmed"
  FROM meal_choice WHERE booking_id = ANY ($1::uuid[]) ORDER BY booking_id, dish_id`;

export const FORGET_CHOICES = `DELETE FROM meal_choice WHERE booking_id = $1`;

/** `$1` booking · `$2` operator · `$3` site · `$4` day · `$5` whether allergens are confirmed · `$6` JSON of the choices. */
export const KEEP_CHOICES = `
  INSERT INTO meal_choice (booking_id, dish_id, operator_id, site_id, service_day, portions, allergens_confirmed)
  SELECT $1, "dishId", $2, $3, $4, portions, $5
  FROM jsonb_to_recordset($6::jsonb) AS c ("dishId" uuid, portions int)`;

export const FORGET_ADDRESS = `DELETE FROM meal_delivery WHERE booking_id = $1`;
export const KEEP_ADDRESS = `
  INSERT INTO meal_delivery (booking_id, operator_id, address_sealed) VALUES ($1, $2, $3)
  ON CONFLICT (booking_id) DO UPDATE SET address_sealed = excluded.address_sealed`;
export const ADDRESSES_OF = `
  SELECT booking_id AS "bookingId", address_sealed AS sealed FROM meal_delivery WHERE booking_id = ANY ($1::uuid[])`;

/** When orders end. `$1` offering. */
export const CUTOFF_OF = `SELECT cutoff_minutes AS "cutoffMinutes" FROM offering WHERE id = $1`;

export const KEEP_DIET = `
  INSERT INTO resident_diet (resident_id, operator_id, sealed)
  SELECT id, operator_id, $2 FROM resident WHERE id = $1 AND erased_at IS NULL
  ON CONFLICT (resident_id) DO UPDATE SET sealed = excluded.sealed
  RETURNING resident_id AS id`;
export const DIETS_OF = `
  SELECT resident_id AS "residentId", sealed FROM resident_diet WHERE resident_id = ANY ($1::uuid[])`;

export interface MealCountRow {
  day: Day;
  meals: number;
  portions: number;
}

/** Meals that a resident has, by day. `$1` resident · `$2`, `$3` days, half-open · `$4` now · `$5`, `$6` the same as instants. */
export const MEALS_BY_DAY = `
  SELECT b.service_day AS "day", count(*)::int AS "meals", sum(b.party_size)::int AS "portions"
  FROM booking b LEFT JOIN hold h ON h.booking_id = b.id
  WHERE b.resident_id = $1 AND b.kind = 'meals' AND b.service_day >= $2::date AND b.service_day < $3::date
    AND b.starts_at > $5 AND b.starts_at < $6
    AND b.status IN ('held', 'confirmed', 'checked_in', 'delivered') AND (h.expires_at IS NULL OR h.expires_at > $4)
  GROUP BY 1 ORDER BY 1`;

/** Meals of a kitchen, or a site, on a day, as far as they are to be cooked. */
export interface OrderRow {
  bookingId: string;
  siteId: string;
  offeringId: string;
  residentId: string;
  start: Date;
  /** Of the site. */
  timeZone: string;
  mode: string;
  delivery: string;
  portions: number;
  lng: number | null;
  lat: number | null;
}

const ordersOf = (owner: string): string => `
  SELECT b.id AS "bookingId", b.site_id AS "siteId", b.offering_id AS "offeringId", b.resident_id AS "residentId",
         b.starts_at AS "start", s.time_zone AS "timeZone", b.mode, b.delivery, b.party_size AS "portions",
         r.home_lng AS "lng", r.home_lat AS "lat"
  FROM booking b JOIN resident r ON r.id = b.resident_id JOIN site s ON s.id = b.site_id LEFT JOIN hold h ON h.booking_id = b.id
  WHERE ${owner} AND b.service_day = $2::date AND b.kind = 'meals'
    AND b.starts_at > $2::date - interval '2 days' AND b.starts_at < $2::date + interval '3 days'
    AND b.status IN ('held', 'confirmed', 'checked_in', 'delivered', 'no_show')
    AND (h.expires_at IS NULL OR h.expires_at > $3)
  ORDER BY b.starts_at, b.id
  LIMIT $4`;

/** `$1` kitchen · `$2` day · `$3` now · `$4` limit. */
export const ORDERS_OF_KITCHEN = ordersOf('b.kitchen_id = $1');
/** `$1` site · `$2` day · `$3` now · `$4` limit; what is brought home. */
export const DELIVERIES_OF_SITE = ordersOf(`b.site_id = $1 AND b.mode = 'order' AND b.delivery = 'home'`);

/** Each full view of a resident is written down. `$1` residents · `$2` actor · `$3` its kind · `$4` correlation · `$5` now. */
export const LOG_VIEWS = `
  INSERT INTO access_log (id, operator_id, resident_id, actor_id, actor_kind, action, correlation_id, at)
  SELECT uuidv7(), r.operator_id, r.id, $2, $3, 'view_full', $4, $5 FROM resident r WHERE r.id = ANY ($1::uuid[])`;
