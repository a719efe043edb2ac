import { namedDay } from '@doorstep/kernel';
import {
  assertConsent,
  checkTerms,
  dayOfHours,
  dayOfPart,
  minutesBetweenTimes,
  patternOf,
  plannedDays,
  type PlannedWeekday,
  type Terms,
  weekdaysOf,
} from './placement';
import { isWorkday, spanOfMonth, workdaysOf } from './workdays';

const HOURS = { opensAt: '08:00', noonAt: '12:00', closesAt: '17:30' };
const WEEK: PlannedWeekday[] = [1, 2, 3, 4, 5].map((weekday) => ({ weekday, part: 'day' }));
const terms = (changes: Partial<Terms> = {}): Terms => ({
  mode: 'full_day',
  pattern: WEEK,
  contingentMinutes: null,
  contingentDays: null,
  ...changes,
});

describe('terms', () => {
  it('are a pattern or a contingent, never both and never neither', () => {
    const mornings: PlannedWeekday[] = [{ weekday: 1, part: 'morning' }];
    const wrong: Partial<Terms>[] = [
      { pattern: [] },
      { contingentDays: 3 },
      { pattern: mornings },
      { mode: 'half_day' },
      { mode: 'timed', pattern: [] },
      { mode: 'timed', contingentDays: 3 },
      { mode: 'timed', pattern: [], contingentDays: 3, contingentMinutes: 60 },
      { pattern: [...WEEK, { weekday: 5, part: 'morning' }] },
    ];
    for (const each of wrong) expect(() => checkTerms(terms(each))).toThrow();
    const right: Partial<Terms>[] = [
      {},
      { mode: 'half_day', pattern: mornings },
      { pattern: [...WEEK.slice(1), ...mornings] },
      { mode: 'timed', pattern: [], contingentMinutes: 600 },
      { mode: 'temporary', pattern: [] },
    ];
    for (const each of right) expect(() => checkTerms(terms(each))).not.toThrow();
  });

  it('are kept as bits and read back', () => {
    const pattern: PlannedWeekday[] = [
      { weekday: 1, part: 'day' },
      { weekday: 3, part: 'morning' },
      { weekday: 6, part: 'afternoon' },
    ];
    expect(patternOf(pattern)).toEqual([3, 0, 1, 0, 0, 2, 0]);
    expect(weekdaysOf(patternOf(pattern))).toEqual(pattern);
  });
});

describe('planned days', () => {
  const planned = (pattern: PlannedWeekday[], from: string, to: string) =>
    plannedDays(patternOf(pattern), HOURS, from, to).map(({ day }) => day.slice(5));

  it('leave out public holidays, and have make-up workdays for who comes the whole week', () => {
    expect(namedDay('2026-10-01')).toBe('holiday');
    expect(namedDay('2026-10-10')).toBe('make_up_workday');
    expect(planned(WEEK, '2026-09-28', '2026-10-12')).toEqual([
      '09-28',
      '09-29',
      '09-30',
      '10-08',
      '10-09',
      '10-10',
    ]);
    expect(planned(WEEK.slice(0, 4), '2026-10-09', '2026-10-12')).toEqual([]);
  });

  it('take the halves of the day that they touch', () => {
    expect(dayOfPart('2026-11-02', 'afternoon', HOURS)).toEqual({
      day: '2026-11-02',
      halves: '[1,2)',
      fromAt: '12:00',
      toAt: '17:30',
    });
    const halves = (from: string, to: string) => dayOfHours('2026-11-02', from, to, HOURS).halves;
    expect([halves('08:00', '12:00'), halves('12:00', '13:00'), halves('11:59', '12:01')]).toEqual([
      '[0,1)',
      '[1,2)',
      '[0,2)',
    ]);
    expect(() => halves('09:00', '09:00')).toThrow();
    expect(() => halves('07:59', '09:00')).toThrow();
    expect(() => halves('09:00', '17:31')).toThrow();
    expect(minutesBetweenTimes('08:45', '12:10')).toBe(205);
  });

  it('are measured against the country’s workdays', () => {
    expect(workdaysOf('2026-10')).toBe(18);
    expect(workdaysOf('2026-11')).toBe(21);
    expect([isWorkday('2026-10-10'), isWorkday('2026-10-11')]).toEqual([true, false]);
    expect(spanOfMonth('2026-12')).toEqual({ from: '2026-12-01', to: '2027-01-01' });
  });
});

describe('consent', () => {
  const facts = { birthDate: '2025-07-01', erased: false, consentBy: 'guardian' };
  it('for a child is a guardian’s', () => {
    expect(() => assertConsent(facts, '2026-11-02')).not.toThrow();
    expect(() => assertConsent({ ...facts, consentBy: null }, '2026-11-02')).toThrow('guardian');
    expect(() => assertConsent({ ...facts, consentBy: 'self' }, '2026-11-02')).toThrow('guardian');
    expect(() => assertConsent({ ...facts, erased: true }, '2026-11-02')).toThrow('erased');
  });
});
