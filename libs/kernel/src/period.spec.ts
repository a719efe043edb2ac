import fc from 'fast-check';
import { ageMonths, ageYears, contains, isDay, overlaps, period } from './period';

const days = fc
  .integer({ min: 0, max: 20_000 })
  .map((n) => new Date(n * 86_400_000).toISOString().slice(0, 10));

describe('a period', () => {
  it('is half-open', () => {
    const march = period('2026-03-01', '2026-04-01');
    expect(contains(march, '2026-03-01')).toBe(true);
    expect(contains(march, '2026-04-01')).toBe(false);
    expect(overlaps(march, period('2026-04-01'))).toBe(false);
    expect(overlaps(march, period('2026-03-31'))).toBe(true);
  });

  it('refuses what is no day and what is empty', () => {
    expect(isDay('2026-02-30')).toBe(false);
    expect(() => period('2026-02-30')).toThrow('not a day');
    expect(() => period('2026-03-01', '2026-03-01')).toThrow('before it begins');
  });

  it('overlaps exactly when some day is in both', () => {
    fc.assert(
      fc.property(days, days, days, days, (a, b, c, d) => {
        fc.pre(a < b && c < d);
        const later = a > c ? a : c;
        const first = period(a, b);
        const second = period(c, d);
        expect(overlaps(first, second)).toBe(contains(first, later) && contains(second, later));
      }),
    );
  });
});

describe('age', () => {
  it('grows on the birthday', () => {
    expect(ageYears('1966-11-24', '2026-11-23')).toBe(59);
    expect(ageYears('1966-11-23', '2026-11-23')).toBe(60);
    expect(ageYears('2024-02-29', '2025-02-28')).toBe(0);
    expect(ageMonths('2024-01-31', '2024-02-29')).toBe(0);
    expect(ageMonths('2024-01-31', '2024-03-01')).toBe(1);
    expect(ageMonths('2023-11-23', '2026-11-23')).toBe(36);
  });
});
