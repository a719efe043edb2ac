import { type Choice, type Diet, type Dish, dishFor } from './menu';

export interface MealOrder {
  bookingId: string;
  siteId: string;
  offeringId: string;
  /** When it is eaten, fetched or brought. */
  start: Date;
  service: Service;
  portions: number;
  choices: readonly Choice[];
  diet: Diet;
}

export const SERVICES = ['sitting', 'take_away', 'delivery'] as const;
export type Service = (typeof SERVICES)[number];

/** One line for the cook: so many portions of a dish, in one texture, for one diet, without what is to be avoided. */
export interface SheetLine {
  siteId: string;
  offeringId: string;
  start: Date;
  service: Service;
  /** Null: nothing on the menu suits; the kitchen has to think of something. */
  dishId: string | null;
  texture: string;
  diets: string[];
  avoid: string[];
  portions: number;
  /** Of these, nobody has chosen: the first dish that suits. */
  unchosen: number;
}

/**
 * What to cook: every portion is on exactly one line. Who has not chosen gets the first dish of the site's menu that suits
 * them, so the sheet is whole on any morning.
 */
export function kitchenSheet(
  orders: readonly MealOrder[],
  menuOf: (siteId: string) => readonly Dish[],
): SheetLine[] {
  const lines = new Map<string, SheetLine>();
  const add = (order: MealOrder, dishId: string | null, portions: number, unchosen: number): void => {
    if (portions === 0) return;
    const { siteId, offeringId, start, service, diet } = order;
    const [diets, avoid] = [[...diet.diets].sort(), [...diet.allergens].sort()];
    const { texture } = diet;
    const key = [siteId, start.getTime(), offeringId, dishId, texture, diets, avoid].join('|');
    const line = lines.get(key) ?? {
      ...{ siteId, offeringId, start, service, dishId, texture, diets, avoid },
      portions: 0,
      unchosen: 0,
    };
    lines.set(key, { ...line, portions: line.portions + portions, unchosen: line.unchosen + unchosen });
  };
  for (const order of orders) {
    const chosen = order.choices.reduce((sum, { portions }) => sum + portions, 0);
    for (const { dishId, portions } of order.choices) add(order, dishId, portions, 0);
    const left = order.portions - chosen;
    add(order, dishFor(menuOf(order.siteId), order.diet)?.id ?? null, left, left);
  }
  return [...lines.values()].sort(
    (a, b) =>
      a.start.getTime() - b.start.getTime() ||
      a.offeringId.localeCompare(b.offeringId) ||
      (a.dishId ?? '').localeCompare(b.dishId ?? '') ||
      a.texture.localeCompare(b.texture) ||
      `${a.diets.join()}|${a.avoid.join()}`.localeCompare(`${b.diets.join()}|${b.avoid.join()}`),
  );
}
