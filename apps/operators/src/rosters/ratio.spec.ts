import fc from 'fast-check';
import { gapsOf, type Group, type OnShift, type RatioRule, ruleOfGroup, rulesFor } from './ratio';

const at = (hour: number) => new Date(Date.UTC(2026, 10, 2, hour));
const span = (from: number, to: number) => ({ start: at(from), end: at(to) });
const rule = (
  ageClass: string,
  ageMonthsMin: number,
  ageMonthsMax: number,
  childrenPerStaff: number,
): RatioRule => ({
  ageClass,
  ageMonthsMin,
  ageMonthsMax,
  childrenPerStaff,
  skill: 'childcare',
  regionCode: null,
  from: '2020-01-01',
  to: null,
});
const rules = [rule('infant', 0, 12, 3), rule('toddler', 12, 24, 5), rule('older', 24, 48, 7)];
const group = (changes: Partial<Group>): Group => ({
  offeringId: 'toddlers',
  name: '小班',
  ageMonthsMin: 12,
  ageMonthsMax: 24,
  places: 15,
  open: [span(0, 8)],
  booked: [],
  ...changes,
});
const worker = (staffId: string, from: number, to: number, skills = ['childcare']): OnShift => ({
  staffId,
  skills,
  ...span(from, to),
});

describe('the rule of a group', () => {
  it('is the strictest of the classes that it takes, in the nearest region', () => {
    const city = { ...rule('toddler', 12, 24, 4), regionCode: '3101' };
    const here = rulesFor([...rules, city], '310101002001', '2026-11-02');
    expect(ruleOfGroup({ ageMonthsMin: 12, ageMonthsMax: 24 }, here)?.childrenPerStaff).toBe(4);
    expect(
      ruleOfGroup({ ageMonthsMin: 12, ageMonthsMax: 24 }, rulesFor([...rules, city], '330101', '2026-11-02')),
    ).toMatchObject({
      childrenPerStaff: 5,
    });
    expect(ruleOfGroup({ ageMonthsMin: 6, ageMonthsMax: 36 }, rules)?.ageClass).toBe('infant');
    expect(ruleOfGroup({ ageMonthsMin: null, ageMonthsMax: null }, rules)?.ageClass).toBe('infant');
    expect(ruleOfGroup({ ageMonthsMin: 60, ageMonthsMax: 72 }, rules)).toBeUndefined();
  });
});

describe('gaps', () => {
  it('say when, for whom, and how many are missing', () => {
    const toddlers = group({ booked: [{ ...span(0, 8), children: 6 }] });
    const infants = group({
      offeringId: 'infants',
      name: '乳儿班',
      ageMonthsMin: 6,
      ageMonthsMax: 12,
      booked: [{ ...span(2, 4), children: 1 }],
    });
    const staff = [worker('wang', 0, 8), worker('li', 0, 6), worker('cook', 0, 8, ['cooking'])];
    const gaps = gapsOf([toddlers, infants], staff, rules, 'booked');
    expect(gaps).toMatchObject([
      {
        ...span(2, 4),
        skill: 'childcare',
        needed: 3,
        onShift: 2,
        missing: 1,
        groups: [{ name: '小班' }, { name: '乳儿班' }],
      },
      { ...span(6, 8), needed: 2, onShift: 1, missing: 1, groups: [{ children: 6, needed: 2 }] },
    ]);
  });

  it('are joined while nothing changes, and may be asked for full groups', () => {
    const gaps = gapsOf([group({})], [worker('cook', 3, 5, ['cooking'])], rules, 'places');
    expect(gaps).toMatchObject([{ ...span(0, 8), needed: 3, onShift: 0 }]);
    expect(gapsOf([group({})], [], rules, 'booked')).toEqual([]);
  });

  it('are found in just the hours in which a count finds them', () => {
    const hours = fc.tuple(fc.nat(20), fc.integer({ min: 1, max: 6 }));
    const bookings = fc.array(fc.tuple(hours, fc.integer({ min: 1, max: 4 })), { maxLength: 8 });
    fc.assert(
      fc.property(bookings, fc.array(hours, { maxLength: 6 }), (booked, shifts) => {
        const children = booked.map(([[from, length], count]) => ({
          ...span(from, from + length),
          children: count,
        }));
        const staff = shifts.map(([from, length], index) => worker(`w${index}`, from, from + length));
        const gaps = gapsOf([group({ booked: children, open: [] })], staff, rules, 'booked');
        for (let hour = 0; hour < 30; hour++) {
          const now = (each: { start: Date; end: Date }) => each.start <= at(hour) && at(hour) < each.end;
          const there = children.filter(now).reduce((sum, each) => sum + each.children, 0);
          const missing = Math.ceil(there / 5) - staff.filter(now).length;
          expect(gaps.find(now)?.missing ?? 0).toBe(Math.max(0, missing));
        }
      }),
      { numRuns: 100 },
    );
  });
});
