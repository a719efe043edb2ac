import fc from 'fast-check';
import { FinishedPrefix, groupByRoute, lanesOf, sharesOf } from './grouping';

interface Item {
  key: string;
  route: string;
  n: number;
}

const items = fc
  .array(fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd'), route: fc.constantFrom('x', 'y', 'z') }), {
    maxLength: 60,
  })
  .map((list): Item[] => list.map((item, n) => ({ ...item, n })));
const keyOf = (item: Item): string => item.key;
const routeOf = (item: Item): string => item.route;
const ofKey = (list: Item[], key: string): Item[] => list.filter((item) => item.key === key);

describe('grouping by route', () => {
  it('keeps every item once, each group of one route, each key in its order', () => {
    fc.assert(
      fc.property(items, (given) => {
        const groups = groupByRoute(given, keyOf, routeOf);
        const flat = groups.flatMap((group) => group.items);
        expect([...flat].sort((a, b) => a.n - b.n)).toEqual(given);
        for (const group of groups) expect(new Set(group.items.map(routeOf))).toEqual(new Set([group.route]));
        for (const key of ['a', 'b', 'c', 'd']) expect(ofKey(flat, key)).toEqual(ofKey(given, key));
      }),
    );
  });

  it('needs no more groups than runs of one route', () => {
    fc.assert(
      fc.property(items, (given) => {
        const runs = given.filter((item, i) => item.route !== given[i - 1]?.route).length;
        expect(groupByRoute(given, keyOf, routeOf).length).toBeLessThanOrEqual(runs);
      }),
    );
  });

  it('two types that alternate over many keys make two groups', () => {
    const given = Array.from({ length: 100 }, (_, n) => ({
      key: String(Math.floor(n / 2)),
      route: n % 2 ? 'confirmed' : 'held',
      n,
    }));
    expect(
      groupByRoute(given, keyOf, routeOf).map(({ route, items: { length } }) => [route, length]),
    ).toEqual([
      ['held', 50],
      ['confirmed', 50],
    ]);
  });
});

describe('lanes', () => {
  const options = { lanesMax: 4, itemsPerLane: 8 };

  it('hold every item once, a key in one lane, in order', () => {
    fc.assert(
      fc.property(items, (given) => {
        const lanes = lanesOf(given, keyOf, options);
        expect(lanes.length).toBeLessThanOrEqual(4);
        expect(lanes.flat().sort((a, b) => a.n - b.n)).toEqual(given);
        for (const key of ['a', 'b', 'c', 'd']) {
          const holding = lanes.filter((lane) => ofKey(lane, key).length > 0);
          expect(holding.length).toBeLessThanOrEqual(1);
          expect(holding.flatMap((lane) => ofKey(lane, key))).toEqual(ofKey(given, key));
        }
      }),
    );
  });

  it('a small batch is one lane', () => {
    const given = ['a', 'b', 'c', 'd'].map((key, n) => ({ key, route: 'x', n }));
    expect(lanesOf(given, keyOf, options)).toHaveLength(1);
  });
});

describe('shares', () => {
  it('hold every item in order, about as many each, and never too many', () => {
    fc.assert(
      fc.property(items, fc.integer({ min: 1, max: 9 }), (given, max) => {
        const lengths = sharesOf(given, max).map(({ length }) => length);
        expect(sharesOf(given, max).flat()).toEqual(given);
        expect(Math.max(0, ...lengths)).toBeLessThanOrEqual(max);
        expect(lengths).toHaveLength(Math.ceil(given.length / max));
      }),
    );
  });
});

describe('finished prefix', () => {
  it('moves only over offsets without a gap, whatever the order of finishing', () => {
    fc.assert(
      fc.property(
        fc
          .uniqueArray(fc.nat(500), { minLength: 1, maxLength: 30 })
          .map((list) => list.sort((a, b) => a - b))
          .chain((offsets) =>
            fc.tuple(fc.constant(offsets), fc.shuffledSubarray(offsets, { minLength: offsets.length })),
          ),
        ([offsets, order]) => {
          const prefix = new FinishedPrefix(offsets);
          const done = new Set<number>();
          let last = -1;
          for (const offset of order) {
            done.add(offset);
            last = prefix.finish(offset) ?? last;
            const gap = offsets.findIndex((each) => !done.has(each));
            expect(last).toBe(gap === -1 ? offsets.at(-1) : (offsets[gap - 1] ?? -1));
          }
          expect(prefix.isWhole).toBe(true);
        },
      ),
    );
  });
});
