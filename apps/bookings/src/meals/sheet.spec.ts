import { DomainError } from '@doorstep/kernel';
import fc from 'fast-check';
import { type Choice, checkChoice, type Diet, type Dish, dishFor, isDanger, NO_DIET, suits } from './menu';
import { roundsOf, type Stop } from './rounds';
import { kitchenSheet, type MealOrder } from './sheet';

const dish = (id: string, changes: Partial<Dish> = {}): Dish => ({
  id,
  allergens: [],
  diets: [],
  texture: 'regular',
  ...changes,
});
const MENU = [
  dish('pork', { allergens: ['soy'] }),
  dish('fish', { allergens: ['fish'], texture: 'soft' }),
  dish('tofu', { allergens: ['soy'], diets: ['vegetarian', 'halal'], texture: 'soft' }),
  dish('congee', { diets: ['vegetarian', 'halal', 'low_salt'], texture: 'pureed' }),
];
const code = (
  choices: Choice[],
  party: { size?: number; diet?: Partial<Diet>; confirmed?: boolean } = {},
) => {
  const diet = { ...NO_DIET, ...party.diet };
  try {
    checkChoice(choices, MENU, { size: party.size ?? 1, diet, allergensConfirmed: party.confirmed ?? false });
  } catch (error) {
    if (error instanceof DomainError) return error.code;
  }
  return 'taken';
};

describe('a choice of dishes', () => {
  it.each<[string, string, Choice[], Parameters<typeof code>[1]]>([
    ['taken', 'on the menu', [{ dishId: 'fish', portions: 1 }], {}],
    ['dish_not_on_menu', 'not on the menu', [{ dishId: 'steak', portions: 1 }], {}],
    ['too_many_portions', 'for more than come', [{ dishId: 'fish', portions: 2 }], {}],
    ['dish_twice', 'twice the same', [1, 1].map((portions) => ({ dishId: 'fish', portions })), { size: 2 }],
    ['allergen', 'dangerous', [{ dishId: 'pork', portions: 1 }], { diet: { allergens: ['soy'] } }],
    [
      'taken',
      'dangerous, and confirmed',
      [{ dishId: 'pork', portions: 1 }],
      { diet: { allergens: ['soy'] }, confirmed: true },
    ],
  ])('is %s when it is %s', (expected, _what, choices, party) => {
    expect(code(choices, party)).toBe(expected);
  });

  it('is made for who has not chosen: the first dish that suits', () => {
    const first = (diet: Partial<Diet>) => dishFor(MENU, { ...NO_DIET, ...diet })?.id;
    expect(first({})).toBe('pork');
    expect(first({ allergens: ['soy'] })).toBe('fish');
    expect(first({ texture: 'soft' })).toBe('fish');
    expect(first({ diets: ['halal'], allergens: ['soy'] })).toBe('congee');
    expect(first({ texture: 'liquid' })).toBeUndefined();
  });
});

describe('a kitchen sheet', () => {
  const anOrder = fc.record({
    bookingId: fc.uuid(),
    siteId: fc.constantFrom('s', 't'),
    offeringId: fc.constantFrom('a', 'b'),
    start: fc.constantFrom(new Date('2026-11-03T03:00:00Z'), new Date('2026-11-03T09:00:00Z')),
    service: fc.constant('sitting' as const),
    portions: fc.integer({ min: 2, max: 5 }),
    choices: fc.constantFrom<Choice[]>(
      [],
      [{ dishId: 'fish', portions: 1 }],
      [{ dishId: 'tofu', portions: 2 }],
    ),
    diet: fc.record({
      allergens: fc.subarray(['soy', 'fish']),
      diets: fc.subarray(['halal', 'vegetarian']),
      texture: fc.constantFrom('regular' as const, 'soft' as const, 'liquid' as const),
    }),
  }) as fc.Arbitrary<MealOrder>;

  it('has every portion once, and gives nobody unasked what is dangerous', () => {
    fc.assert(
      fc.property(fc.array(anOrder, { maxLength: 30 }), (orders) => {
        const lines = kitchenSheet(orders, () => MENU);
        const sum = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0);
        expect(sum(lines.map(({ portions }) => portions))).toBe(sum(orders.map(({ portions }) => portions)));
        const chosen = sum(orders.flatMap(({ choices }) => choices.map(({ portions }) => portions)));
        expect(sum(lines.map(({ portions, unchosen }) => portions - unchosen))).toBe(chosen);
        for (const { dishId, unchosen, avoid, diets, texture } of lines) {
          const given = MENU.find(({ id }) => id === dishId);
          if (!given || unchosen === 0) continue;
          const diet = { allergens: avoid, diets, texture } as Diet;
          expect([isDanger(given, diet), suits(given, diet)]).toEqual([false, true]);
        }
        const keys = lines.map(({ portions: _portions, unchosen: _unchosen, ...key }) => JSON.stringify(key));
        expect(new Set(keys).size).toBe(keys.length);
      }),
    );
  });
});

describe('delivery rounds', () => {
  const SITE = { lng: 121.48, lat: 31.23 };
  const stop = (bookingId: string, lng: number | null, start = '2026-11-03T03:00:00Z'): Stop => ({
    bookingId,
    residentId: bookingId,
    start: new Date(start),
    portions: 1,
    near: lng === null ? null : { lng, lat: 31.23 },
  });

  it('go to the nearest that is left, to the unknown last, and end when they are full', () => {
    const stops = [stop('far', 121.54), stop('near', 121.49), stop('west', 121.46), stop('unknown', null)];
    const rounds = roundsOf(SITE, [...stops, stop('later', 121.5, '2026-11-03T09:00:00Z')], 3);
    expect(rounds.map((round) => round.stops.map(({ bookingId }) => bookingId))).toEqual([
      ['near', 'west', 'far'],
      ['unknown'],
      ['later'],
    ]);
    expect(rounds.map(({ number }) => number)).toEqual([1, 2, 3]);
    expect(rounds[0]?.metres).toBeGreaterThan(9_000);
  });

  it('have every stop once', () => {
    const anyStop = fc.record({ id: fc.uuid(), lng: fc.option(fc.constantFrom(121.4, 121.5, 121.6)) });
    fc.assert(
      fc.property(fc.array(anyStop, { maxLength: 40 }), fc.integer({ min: 1, max: 9 }), (stops, most) => {
        const rounds = roundsOf(
          SITE,
          stops.map(({ id, lng }) => stop(id, lng)),
          most,
        );
        const visited = rounds.flatMap((round) => round.stops.map(({ bookingId }) => bookingId));
        expect(visited.sort()).toEqual(stops.map(({ id }) => id).sort());
        expect(rounds.every((round) => round.stops.length <= most)).toBe(true);
      }),
    );
  });
});
