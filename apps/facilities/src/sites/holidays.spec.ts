import { calendarEnd, hoursWithHolidays, type KeepsHolidays, publicDay } from './holidays';
import { isOpenAt, spansOn } from './opening-hours';

const WEEKDAYS = [1, 2, 3, 4, 5].map((weekday) => ({ weekday, opens: '08:00', closes: '18:00' }));
const SUNDAY = { weekday: 7, opens: '10:00', closes: '16:00' };

function site(changes: Partial<KeepsHolidays> = {}): KeepsHolidays {
  return {
    timeZone: 'Asia/Shanghai',
    openingHours: [...WEEKDAYS, SUNDAY],
    openingOverrides: [],
    onHoliday: 'closed',
    onMakeUpWorkday: 'as_monday',
    ...changes,
  };
}

const spans = (changes: Partial<KeepsHolidays>, day: string) =>
  spansOn(hoursWithHolidays(site(changes), '2026-09-01', 61), day).map(
    ({ opens, closes }) => `${opens}-${closes}`,
  );

describe('the public calendar', () => {
  it('knows holidays and make-up workdays by name', () => {
    expect(publicDay('2026-10-01')).toEqual({ kind: 'holiday', zh: '国庆节', en: 'National Day' });
    expect(publicDay('2026-10-10')).toEqual({ kind: 'make_up_workday', zh: '国庆节', en: 'National Day' });
    expect(publicDay('2026-10-11')).toBeUndefined();
  });

  it('ends with the last year whose notice is out', () => {
    expect(calendarEnd() >= '2027-01-01').toBe(true);
    expect(publicDay(`${calendarEnd().slice(0, 4)}-10-01`)).toBeUndefined();
  });
});

describe('a site that keeps holidays', () => {
  it('is closed on them, and open on make-up workdays like on a Monday', () => {
    expect(spans({}, '2026-10-01')).toEqual([]);
    expect(spans({}, '2026-10-04')).toEqual([]);
    expect(spans({}, '2026-10-10')).toEqual(['08:00-18:00']);
    expect(spans({}, '2026-09-20')).toEqual(['08:00-18:00']);
    expect(spans({}, '2026-10-08')).toEqual(['08:00-18:00']);
  });

  it("may have a Sunday's hours on them, or keep its own", () => {
    expect(spans({ onHoliday: 'as_sunday' }, '2026-10-01')).toEqual(['10:00-16:00']);
    expect(spans({ onHoliday: 'as_usual' }, '2026-10-01')).toEqual(['08:00-18:00']);
    expect(spans({ onMakeUpWorkday: 'as_usual' }, '2026-10-10')).toEqual([]);
  });

  it('can say otherwise for a single day, not by a longer period', () => {
    const own = { spans: [{ opens: '09:00', closes: '12:00' }], source: 'site' as const };
    const oneDay = [{ ...own, from: '2026-10-01', to: '2026-10-02' }];
    const season = [{ ...own, from: '2026-09-01', to: '2026-12-01' }];
    expect(spans({ openingOverrides: oneDay }, '2026-10-01')).toEqual(['09:00-12:00']);
    expect(spans({ openingOverrides: season }, '2026-10-01')).toEqual([]);
    expect(spans({ openingOverrides: season }, '2026-10-08')).toEqual(['09:00-12:00']);
  });

  it('is open or not at an instant accordingly', () => {
    const hours = hoursWithHolidays(site(), '2026-09-30', 3);
    expect(isOpenAt(hours, new Date('2026-09-30T02:00:00Z'))).toBe(true);
    expect(isOpenAt(hours, new Date('2026-10-01T02:00:00Z'))).toBe(false);
  });
});
