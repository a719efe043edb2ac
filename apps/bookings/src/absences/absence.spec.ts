import { checkAbsenceSpan, givesBack, kindOn, noticeHoursOf } from './absence';

describe('an absence', () => {
  const begins = new Date('2026-11-03T00:00:00Z');

  it('counts by whole hours of notice', () => {
    expect(noticeHoursOf(new Date('2026-11-02T00:00:00Z'), begins)).toBe(24);
    expect(noticeHoursOf(new Date('2026-11-02T00:00:01Z'), begins)).toBe(23);
    expect(noticeHoursOf(new Date('2026-11-04T00:00:00Z'), begins)).toBe(0);
  });

  it('that was planned and told too late is unplanned; sickness asks for no notice', () => {
    expect([kindOn('planned', 24, 24), kindOn('planned', 23, 24), kindOn('sick', 0, 24)]).toEqual([
      'planned',
      'unplanned',
      'sick',
    ]);
  });

  it('gives back a reserved day when it was told in time or is the site’s doing', () => {
    expect((['sick', 'planned', 'unplanned', 'closure', 'force_majeure'] as const).filter(givesBack)).toEqual(
      ['planned', 'closure', 'force_majeure'],
    );
  });

  it('is for a bounded stretch of days that is not long ago', () => {
    const check = (from: string, to: string) => () => checkAbsenceSpan(from, to, '2026-11-02');
    expect(check('2026-11-02', '2026-11-03')).not.toThrow();
    expect(check('2026-10-02', '2026-11-03')).not.toThrow();
    expect(check('2026-10-01', '2026-11-03')).toThrow();
    expect(check('2026-11-02', '2026-11-02')).toThrow();
    expect(check('2026-11-02', '2027-02-03')).toThrow();
  });
});
