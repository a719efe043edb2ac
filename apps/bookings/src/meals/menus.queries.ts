import type { Day } from '@doorstep/kernel';
import type { Texture } from './menu';

export interface DishRow {
  id: string;
  operatorId: string;
  nameZh: string;
  nameEn: string | null;
  allergens: string[];
  diets: string[];
  texture: Texture;
  active: boolean;
  version: number;
}

const DISH = `
  d.id, d.operator_id AS "operatorId", d.name_zh AS "nameZh", d.name_en AS "nameEn", d.allergens, d.diets, d.texture,
  d.active, d.version`;

export const DISH_FOR_UPDATE = `SELECT ${DISH} FROM dish d WHERE d.id = $1 FOR UPDATE`;

/** `$1` the last id seen, or null · `$2` limit. */
export const LIST_DISHES = `
  SELECT ${DISH} FROM dish d WHERE $1::uuid IS NULL OR d.id > $1 ORDER BY d.id LIMIT $2`;

export const INSERT_DISH = `
  INSERT INTO dish AS d (id, operator_id, name_zh, name_en, allergens, diets, texture, active, version, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, true, 1, $8) RETURNING ${DISH}`;

export const CHANGE_DISH = `
  UPDATE dish d SET name_zh = $2, name_en = $3, allergens = $4, diets = $5, texture = $6, active = $7,
                    version = version + 1
  WHERE id = $1 RETURNING ${DISH}`;

export interface MenuRow extends DishRow {
  siteId: string;
  day: Day;
}

/** Menus of sites on days, in their order. `$1` sites · `$2`, `$3` days, half-open. Bounded. */
export const MENUS = `
  SELECT ${DISH}, m.site_id AS "siteId", m.service_day AS "day"
  FROM menu_dish m JOIN dish d ON d.id = m.dish_id
  WHERE m.site_id = ANY ($1::uuid[]) AND m.service_day >= $2::date AND m.service_day < $3::date
  ORDER BY m.site_id, m.service_day, m.position
  LIMIT 5000`;

/** Choices of bookings that have ended hold no dish on the menu. `$1` site · `$2` day. */
export const FORGET_ENDED_CHOICES = `
  DELETE FROM meal_choice c USING booking b
  WHERE c.site_id = $1 AND c.service_day = $2 AND b.id = c.booking_id AND b.status IN ('declined', 'expired', 'cancelled')`;

/** `$1` site · `$2` day · `$3` the dishes that stay. */
export const TAKE_FROM_MENU = `
  DELETE FROM menu_dish WHERE site_id = $1 AND service_day = $2 AND NOT dish_id = ANY ($3::uuid[])`;

/** `$1` site · `$2` day · `$3` dishes, in their order. */
export const PUT_ON_MENU = `
  INSERT INTO menu_dish (site_id, service_day, dish_id, operator_id, position)
  SELECT s.id, $2, d.id, s.operator_id, n
  FROM site s, unnest($3::uuid[]) WITH ORDINALITY AS asked (id, n)
  JOIN dish d ON d.id = asked.id
  WHERE s.id = $1 AND d.active
  ON CONFLICT (site_id, service_day, dish_id) DO UPDATE SET position = excluded.position
  RETURNING dish_id AS id`;
