import { namedDay, plannedWeekday, weekdayOf } from './public-days';

describe('a day of the public calendar', () => {
  it('has a name in the yearly notice, or is ordinary', () => {
    expect(['2026-10-01', '2026-10-10', '2026-10-12', '2026-10-17'].map(namedDay)).toEqual([
      'holiday',
      'make_up_workday',
      undefined,
      undefined,
    ]);
    expect(['2026-10-12', '2026-10-18'].map(weekdayOf)).toEqual([1, 7]);
  });

  it('is planned as its weekday; on holidays nobody comes, on make-up workdays who comes all week', () => {
    const week = new Set([1, 2, 3, 4, 5]);
    const days = ['2026-10-01', '2026-10-10', '2026-10-13'];
    expect(days.map((day) => plannedWeekday(day, week))).toEqual([undefined, 1, 2]);
    expect(days.map((day) => plannedWeekday(day, new Set([1, 6])))).toEqual([undefined, 6, 2]);
  });
});
