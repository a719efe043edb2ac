import { Injectable } from '@nestjs/common';
import { type Day, DomainError, newId, notFound } from '@doorstep/kernel';
import {
  Clock,
  Database,
  decodeCursor,
  type Page,
  type PageQuery,
  pageOf,
  type Tx,
} from '@doorstep/platform';
import { maySee } from '../bookings/holds.service';
import { tenant } from '../residents/tenant.context';
import { addDays } from '../sessions/calendar';
import { checkSpan } from '../sessions/day-span';
import type { ChangeDishDto, CreateDishDto, DishDto, MenuDto } from './menus.dto';
import {
  CHANGE_DISH,
  DISH_FOR_UPDATE,
  type DishRow,
  FORGET_ENDED_CHOICES,
  INSERT_DISH,
  LIST_DISHES,
  type MenuRow,
  MENUS,
  PUT_ON_MENU,
  TAKE_FROM_MENU,
} from './menus.queries';

/** Dishes, and which of them a site has on a day. */
@Injectable()
export class Menus {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  create({ name, allergens, diets, texture }: CreateDishDto): Promise<DishDto> {
    return this.db.write(async (tx) => {
      const now = this.clock.now();
      const what = [name.zh, name.en ?? null, allergens, diets, texture];
      const [row] = await tx.sql<DishRow>(INSERT_DISH, [newId(now.getTime()), tenant(), ...what, now]);
      return row as DishDto;
    });
  }

  change(id: string, command: ChangeDishDto): Promise<DishDto> {
    return this.db.write(async (tx) => {
      const [former] = await tx.sql<DishRow>(DISH_FOR_UPDATE, [id]);
      if (!former) throw notFound('dish', id);
      const { name, ...changes } = command;
      const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
      const { allergens, diets, texture, active } = { ...former, ...given } as DishRow;
      const [zh, en] = name ? [name.zh, name.en ?? null] : [former.nameZh, former.nameEn];
      const [row] = await tx.sql<DishRow>(CHANGE_DISH, [id, zh, en, allergens, diets, texture, active]);
      return row as DishDto;
    });
  }

  list({ limit, cursor }: PageQuery): Promise<Page<DishDto>> {
    const [after] = decodeCursor(cursor, 1) ?? [null];
    return this.db.read(async (tx) => {
      const rows = await tx.sql<DishRow>(LIST_DISHES, [after, limit + 1]);
      return pageOf(
        rows,
        limit,
        ({ id }) => [id],
        (row) => row,
      );
    });
  }

  /** The whole menu of a day; a dish that somebody has chosen can't be taken from it. */
  put(siteId: string, day: Day, dishIds: readonly string[]): Promise<MenuDto> {
    return this.db.write(async (tx) => {
      const [site] = await tx.sql<{ id: string }>(`SELECT id FROM site WHERE id = $1 FOR UPDATE`, [siteId]);
      if (!site || !maySee(siteId)) throw notFound('site', siteId);
      await tx.sql(FORGET_ENDED_CHOICES, [siteId, day]);
      await tx.sql(TAKE_FROM_MENU, [siteId, day, dishIds]).catch((error: Error & { constraint?: string }) => {
        throw error.constraint === 'meal_choice_on_menu' ? dishChosen() : error;
      });
      const there = await tx.sql<{ id: string }>(PUT_ON_MENU, [siteId, day, dishIds]);
      const missing = dishIds.find((id) => !there.some((row) => row.id === id));
      if (missing) throw notFound('dish', missing);
      return { siteId, day, dishes: await this.of(tx, siteId, day) };
    });
  }

  find(siteId: string, day: Day): Promise<MenuDto> {
    return this.db.read(async (tx) => ({ siteId, day, dishes: await this.of(tx, siteId, day) }));
  }

  /** Menus of a span of days, days without one left out. */
  span(siteId: string, from: Day, to: Day): Promise<MenuDto[]> {
    checkSpan(from, to);
    return this.db.read(async (tx) => {
      const menus = new Map<Day, MenuDto>();
      for (const { day, siteId: _site, ...dish } of await tx.sql<MenuRow>(MENUS, [[siteId], from, to])) {
        const menu = menus.get(day) ?? { siteId, day, dishes: [] };
        menu.dishes.push(dish);
        menus.set(day, menu);
      }
      return [...menus.values()];
    });
  }

  /** What a site has on a day, in its order. */
  async of(tx: Tx, siteId: string, day: Day): Promise<DishRow[]> {
    const rows = await tx.sql<MenuRow>(MENUS, [[siteId], day, addDays(day, 1)]);
    return rows.map(({ siteId: _site, day: _day, ...dish }) => dish);
  }
}

function dishChosen(): DomainError {
  return new DomainError('conflict', 'dish_chosen', 'Somebody has chosen a dish that is to go.', {
    field: 'dishIds',
    mend: 'Leave it on the menu, or ask them to choose again.',
  });
}
