import { DomainError } from '@doorstep/kernel';

/** The eight groups that GB 7718 names; others are codes of the operator's own. */
export const ALLERGENS = ['gluten', 'crustaceans', 'fish', 'egg', 'peanut', 'soy', 'milk', 'nuts'] as const;
export const TEXTURES = ['regular', 'soft', 'minced', 'pureed', 'liquid'] as const;
export type Texture = (typeof TEXTURES)[number];

export interface Dish {
  id: string;
  allergens: readonly string[];
  /** Diets that it is fit for, such as `vegetarian`, `halal`, `low_salt`. */
  diets: readonly string[];
  texture: Texture;
}

/** What somebody does not bear, keeps to, and can chew. Health data: sealed wherever it is kept. */
export interface Diet {
  allergens: readonly string[];
  diets: readonly string[];
  texture: Texture;
}

export interface Choice {
  dishId: string;
  portions: number;
}

export const NO_DIET: Diet = { allergens: [], diets: [], texture: 'regular' };

/** Whether a dish holds what somebody does not bear. */
export function isDanger(dish: Pick<Dish, 'allergens'>, diet: Diet): boolean {
  return dish.allergens.some((allergen) => diet.allergens.includes(allergen));
}

/** Whether somebody can eat a dish as it is: nothing dangerous, within all their diets, no harder than they can chew. */
export function suits(dish: Dish, diet: Diet): boolean {
  const soft = TEXTURES.indexOf(dish.texture) >= TEXTURES.indexOf(diet.texture);
  return !isDanger(dish, diet) && diet.diets.every((one) => dish.diets.includes(one)) && soft;
}

/** What who has not chosen gets: the first dish of the menu that suits; undefined: the kitchen has to think of something. */
export function dishFor(menu: readonly Dish[], diet: Diet): Dish | undefined {
  return menu.find((dish) => suits(dish, diet));
}

/** Checks a choice against the menu, the size of the party and what the resident bears. */
export function checkChoice(
  choices: readonly Choice[],
  menu: readonly Dish[],
  party: { size: number; diet: Diet; allergensConfirmed: boolean },
): void {
  const byId = new Map(menu.map((dish) => [dish.id, dish]));
  if (new Set(choices.map(({ dishId }) => dishId)).size < choices.length) {
    throw wrong('dish_twice', 'A dish is named twice.', 'Name each dish once, with its portions.');
  }
  const strange = choices.filter(({ dishId }) => !byId.has(dishId)).map(({ dishId }) => dishId);
  if (strange.length > 0) {
    throw wrong(
      'dish_not_on_menu',
      'A dish is not on the menu of that day.',
      'Choose from GET /v1/menus/{siteId}/{day}.',
      { dishIds: strange },
    );
  }
  const portions = choices.reduce((sum, choice) => sum + choice.portions, 0);
  if (portions > party.size) {
    throw wrong(
      'too_many_portions',
      `${portions} portions are more than were booked.`,
      'Choose for the party that is booked, or book for a larger one.',
    );
  }
  const dangerous = choices.filter(({ dishId }) => isDanger(byId.get(dishId) as Dish, party.diet));
  if (dangerous.length === 0 || party.allergensConfirmed) return;
  throw new DomainError('conflict', 'allergen', 'A dish holds something that the resident does not bear.', {
    field: 'dishes',
    mend: 'Choose another dish, or confirm that it is for somebody else of the party: allergensConfirmed.',
    dishIds: dangerous.map(({ dishId }) => dishId),
  });
}

function wrong(code: string, reason: string, mend: string, more: Record<string, unknown> = {}): DomainError {
  return new DomainError('invalid', code, reason, { field: 'dishes', mend, ...more });
}
