import { DomainError } from '@doorstep/kernel';
import fc from 'fast-check';
import { checkedPattern, type Pattern, shiftsOf, weekOf, type Working, workingTimes } from './roster';

const pattern: Pattern = {
  id: 'p',
  operatorId: 'chain',
  staffId: 'wang',
  siteId: 'site',
  purpose: 'site',
  weekdays: [1, 7],
  starts: '22:00',
  ends: '06:00',
  from: '2026-11-01',
  to: null,
};
const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
  return 'taken';
};

describe('a weekly pattern', () => {
  it('takes minutes of the week, and those after Sunday at its beginning', () => {
    expect(weekOf(pattern)).toEqual([
      [1320, 1800],
      [9960, 10_080],
      [0, 360],
    ]);
  });

  it('makes shifts on the clock of the site, over midnight, within its days', () => {
    const shifts = shiftsOf({ ...pattern, to: '2026-11-09' }, '2026-10-01', '2026-12-01', 'Asia/Shanghai');
    expect(shifts.map(({ day, start, end }) => [day, start.toISOString(), end.toISOString()])).toEqual([
      ['2026-11-01', '2026-11-01T14:00:00.000Z', '2026-11-01T22:00:00.000Z'],
      ['2026-11-02', '2026-11-02T14:00:00.000Z', '2026-11-02T22:00:00.000Z'],
      ['2026-11-08', '2026-11-08T14:00:00.000Z', '2026-11-08T22:00:00.000Z'],
    ]);
  });

  it('names each weekday once, and ends after it begins', () => {
    expect(checkedPattern({ ...pattern, weekdays: [7, 1, 7] }).weekdays).toEqual([1, 7]);
    expect(codeOf(() => checkedPattern({ ...pattern, weekdays: [1], to: '2026-11-01' }))).toBe(
      'period_empty',
    );
  });
});

describe('working times', () => {
  const at = (hour: number) => new Date(Date.UTC(2026, 10, 2, hour));
  const shift = (from: number, to: number, changes: Partial<Working> = {}): Working => ({
    start: at(from),
    end: at(to),
    siteId: 'a',
    purpose: 'site',
    ...changes,
  });

  it('are shifts without absences; those that meet at one place are one', () => {
    const shifts = [shift(12, 16), shift(8, 12), shift(16, 18, { siteId: 'b' })];
    const hours = (absences: [number, number][]) =>
      workingTimes(
        shifts,
        absences.map(([from, to]) => ({ start: at(from), end: at(to) })),
      ).map(({ start, end, siteId }) => [start.getUTCHours(), end.getUTCHours(), siteId]);
    expect(hours([])).toEqual([
      [8, 16, 'a'],
      [16, 18, 'b'],
    ]);
    expect(hours([[10, 11]])).toEqual([
      [8, 10, 'a'],
      [11, 16, 'a'],
      [16, 18, 'b'],
    ]);
    expect(
      hours([
        [7, 9],
        [15, 20],
      ]),
    ).toEqual([[9, 15, 'a']]);
  });

  it('cover just the hours that a shift covers and no absence does', () => {
    const span = fc
      .tuple(fc.nat(40), fc.integer({ min: 1, max: 8 }))
      .map(([from, length]) => [from, from + length]);
    fc.assert(
      fc.property(fc.array(span, { maxLength: 8 }), fc.array(span, { maxLength: 5 }), (shifts, away) => {
        const times = workingTimes(
          shifts.map(([from, to]) => shift(from, to)),
          away.map(([from, to]) => ({ start: at(from), end: at(to) })),
        );
        for (let hour = 0; hour < 60; hour++) {
          const within = ([from, to]: number[]) => from <= hour && hour < to;
          const expected = shifts.some(within) && !away.some(within);
          expect(times.some(({ start, end }) => start <= at(hour) && at(hour) < end)).toBe(expected);
        }
      }),
      { numRuns: 100 },
    );
  });
});
