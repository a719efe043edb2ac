import { anAmountFen } from '@doorstep/testing';
import fc from 'fast-check';
import { rentOfMonth, type RentedContract } from './rent';

const id = (n: number) => `019a0000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const NOVEMBER = { from: '2026-11-01', to: '2026-12-01' };
const YEARS = { from: '2026-01-01', to: '2029-01-01' };
const contract = (changes: Partial<RentedContract> = {}): RentedContract => ({
  ...{ contractId: id(1), number: 'HP-1', ...YEARS },
  rents: [{ ...YEARS, rentFen: 300_00 }],
  standings: [1, 2].map((n) => ({ siteId: id(n), areaM2: n * 100, ...YEARS })),
  ...changes,
});
const of = (changes: Partial<RentedContract>, month = '2026-11') => {
  const { rentFen, days, basis, parts } = rentOfMonth(contract(changes), month);
  return [rentFen, days, basis, ...parts.map(({ amountFen }) => amountFen)];
};

describe('the rent of a month', () => {
  it('is divided by floor space, by equal parts where that of a site is not known, over nobody where none stood', () => {
    expect(of({})).toEqual([30_000, 30, 'area', 10_000, 20_000]);
    const [first, second] = contract().standings;
    expect(of({ standings: [first, { ...second, areaM2: null }] })).toEqual([
      ...[30_000, 30, 'equal_parts'],
      ...[15_000, 15_000],
    ]);
    expect(of({ standings: [] })).toEqual([30_000, 30, 'nobody']);
  });

  it('counts the days of the contract, of its terms and of each standing', () => {
    const ending = { to: '2026-11-11' };
    expect(of(ending)).toEqual([10_000, 10, 'area', 3_333, 6_667]);
    const rents = [
      { from: '2026-01-01', to: '2026-11-16', rentFen: 30_000 },
      { from: '2026-11-16', to: '2029-01-01', rentFen: 60_000 },
    ];
    expect(of({ rents })).toEqual([45_000, 30, 'area', 15_000, 30_000]);
    const odd = rents.map((rent) => ({ ...rent, rentFen: rent.rentFen + 1 }));
    expect(of({ rents: odd }).slice(0, 2)).toEqual([45_001, 30]);
    expect(of({ rents: rents.slice(1) })).toEqual([30_000, 15, 'area', 10_000, 20_000]);
    const [first, second] = contract().standings;
    const late = { ...second, from: '2026-11-16' };
    expect(of({ standings: [first, late] })).toEqual([30_000, 30, 'area', 15_000, 15_000]);
    // It left and came back.
    const parts = [
      { ...first, to: '2026-11-06' },
      { ...first, from: '2026-11-26' },
    ];
    expect(of({ standings: [...parts, { ...second, areaM2: 100 }] })).toEqual([
      ...[30_000, 30, 'area'],
      ...[7_500, 22_500],
    ]);
  });

  it('of days in February and of leap years is by their own number', () => {
    expect(of({ to: '2028-02-15' }, '2028-02')).toEqual([14_483, 14, 'area', 4_828, 9_655]);
    expect(of({ rents: [{ ...YEARS, rentFen: 100_01 }] }, '2027-02')).toEqual([
      10_001,
      28,
      'area',
      3_334,
      6_667,
    ]);
  });

  it('whatever the terms and standings, its parts sum to it, and one rent for the whole month is that rent', () => {
    const day = fc.integer({ min: 1, max: 30 }).map((n) => `2026-11-${String(n).padStart(2, '0')}`);
    const standing = fc.record({
      siteId: fc.integer({ min: 1, max: 4 }).map(id),
      areaM2: fc.option(fc.double({ min: 0.001, max: 5_000, noNaN: true }), { freq: 9 }),
      from: day,
      to: fc.constantFrom('2026-11-08', '2026-11-20', '2026-12-01', '2027-01-01'),
    });
    const cuts = fc.uniqueArray(day, { maxLength: 3 }).map((days) => days.sort());
    const amounts = fc.array(anAmountFen(0, 1e9), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(
        cuts,
        amounts,
        fc.array(standing, { maxLength: 6 }),
        fc.boolean(),
        (days, fens, standings, one) => {
          const edges = ['2026-01-01', ...days, '2029-01-01'];
          const rents = edges.slice(1).map((to, i) => ({ from: edges[i], to, rentFen: fens[one ? 0 : i] }));
          const { rentFen, basis, parts } = rentOfMonth(
            contract({ ...NOVEMBER, rents, standings }),
            '2026-11',
          );
          const sum = parts.reduce((total, { amountFen }) => total + amountFen, 0);
          expect(sum).toBe(basis === 'nobody' ? 0 : rentFen);
          expect(parts.every(({ amountFen }) => amountFen >= 0)).toBe(true);
          if (one) expect(rentFen).toBe(fens[0]);
        },
      ),
      { numRuns: 300 },
    );
  });
});
