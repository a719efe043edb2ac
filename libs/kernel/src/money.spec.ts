import fc from 'fast-check';
import {
  formatYuan,
  parseYuan,
  proportion,
  proportionOfSum,
  shareOf,
  splitByLargestRemainder,
  sumFen,
} from './money';

const amounts = fc.integer({ min: -1_000_000_000_000, max: 1_000_000_000_000 });

describe('splitting an amount', () => {
  it('gives the left-over fen to the largest remainders, ties to the earlier part', () => {
    expect(splitByLargestRemainder(100, [1, 1, 1])).toEqual([34, 33, 33]);
    expect(splitByLargestRemainder(1000, [3333, 3333, 3334])).toEqual([333, 333, 334]);
    expect(splitByLargestRemainder(-100, [1, 1, 1])).toEqual([-34, -33, -33]);
  });

  it('always sums to the whole, and no part is a whole fen away from its exact share', () => {
    const weights = fc
      .array(fc.nat(1_000_000), { minLength: 1, maxLength: 20 })
      .filter((w) => w.some((x) => x > 0));
    fc.assert(
      fc.property(amounts, weights, (total, w) => {
        const parts = splitByLargestRemainder(total, w);
        const weightSum = w.reduce((a, b) => a + b, 0);
        expect(sumFen(parts)).toBe(total);
        parts.forEach((part, i) => expect(Math.abs(part - (total * w[i]) / weightSum)).toBeLessThan(1.001));
      }),
    );
  });

  it('refuses weights that say nothing', () => {
    expect(() => splitByLargestRemainder(1, [])).toThrow('assertion');
    expect(() => splitByLargestRemainder(1, [0, 0])).toThrow('assertion');
  });
});

describe('a share of an amount', () => {
  it('rounds once, away from zero at one half', () => {
    expect(shareOf(1, 5_000)).toBe(1);
    expect(shareOf(-1, 5_000)).toBe(-1);
    expect(shareOf(333, 3_000)).toBe(100);
    expect(proportion(10, 1, 3)).toBe(3);
    expect(proportion(20, 1, 3)).toBe(7);
    expect(proportion(10, 1, 3, 'up')).toBe(4);
    expect(proportion(-10, 1, 3, 'down')).toBe(-3);
  });

  it('of several amounts is rounded once', () => {
    const halves = [15, 15].map((days) => [100_001, days] as const);
    expect(proportionOfSum(halves, 30)).toBe(100_001);
    expect(proportionOfSum(halves, 30, 'down')).toBe(100_001);
    expect(proportionOfSum([halves[0], [200_001, 15]], 30)).toBe(150_001);
    expect(proportionOfSum([], 30)).toBe(0);
  });

  it('is exact where floats are not', () => {
    expect(proportion(9_007_199_254_740_991, 9_999, 10_000, 'down')).toBe(9_006_298_534_815_516);
  });
});

describe('yuan in text', () => {
  it.each([
    ['15', 1500],
    ['`0.01', 1],
    ['-3.5', -350],
    ['1,200.00', 120_000],
    ['￥8.80', 880],
    ['-0.00', 0],
  ])('reads %s as %i fen', (text, expected) => expect(parseYuan(text)).toBe(expected));

  it.each(['', '1.234', '1e3', '12,00', 'NaN', '--1', '0.1.2', '99999999999999999'])('refuses %j', (text) =>
    expect(parseYuan(text)).toBeUndefined(),
  );

  it('reads back what it wrote', () => {
    fc.assert(
      fc.property(amounts, (amount) => expect(parseYuan(formatYuan(amount))).toBe(amount === 0 ? 0 : amount)),
    );
  });
});
