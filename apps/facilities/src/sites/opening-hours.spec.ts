import fc from 'fast-check';
import { DateTime } from 'luxon';
import {
  exceptionDays,
  isOpenAt,
  openBetween,
  type OpeningHours,
  type OpeningOverride,
  overrideFaults,
  overrideOn,
  spansOn,
  weeklyHoursCover,
  weeklyHoursFaults,
} from './opening-hours';
import { addDays, instantOf, isTimeZone, localTimeOf, minutesOf, weekdayOf } from './wall-clock';

const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];

function hours(changes: Partial<OpeningHours> = {}): OpeningHours {
  const weekly = EVERY_DAY.map((weekday) => ({ weekday, opens: '08:00', closes: '20:00' }));
  return { timeZone: 'Asia/Shanghai', weekly, overrides: [], ...changes };
}

function override(changes: Partial<OpeningOverride> = {}): OpeningOverride {
  return { from: '2026-07-01', to: '2026-09-01', spans: [], source: 'site', ...changes };
}

const at = (text: string) => new Date(text);

describe('a site open from eight to eight in Shanghai', () => {
  it('is open from the minute it opens up to the minute it closes', () => {
    expect(isOpenAt(hours(), at('2026-11-02T00:00:00Z'))).toBe(true);
    expect(isOpenAt(hours(), at('2026-11-02T11:59:59Z'))).toBe(true);
    expect(isOpenAt(hours(), at('2026-11-02T12:00:00Z'))).toBe(false);
    expect(isOpenAt(hours(), at('2026-11-01T23:59:59Z'))).toBe(false);
  });

  it('lists its openings inside a window, cut at the ends', () => {
    const found = openBetween(hours(), at('2026-11-02T06:00:00Z'), at('2026-11-03T01:00:00Z'));
    expect(found).toEqual([
      { start: at('2026-11-02T06:00:00Z'), end: at('2026-11-02T12:00:00Z') },
      { start: at('2026-11-03T00:00:00Z'), end: at('2026-11-03T01:00:00Z') },
    ]);
  });
});

describe('a span over midnight', () => {
  const late = hours({ weekly: [{ weekday: 6, opens: '22:00', closes: '02:00' }] });

  it('belongs to the day it opens', () => {
    expect(isOpenAt(late, at('2026-11-07T15:00:00Z'))).toBe(true); // Saturday 23:00
    expect(isOpenAt(late, at('2026-11-07T17:59:00Z'))).toBe(true); // Sunday 01:59
    expect(isOpenAt(late, at('2026-11-07T18:00:00Z'))).toBe(false);
    expect(isOpenAt(late, at('2026-11-08T15:00:00Z'))).toBe(false); // Sunday 23:00
  });

  it('goes on into a day that is itself closed by an exception', () => {
    const closedSunday = { ...late, overrides: [override({ from: '2026-11-08', to: '2026-11-09' })] };
    expect(isOpenAt(closedSunday, at('2026-11-07T17:00:00Z'))).toBe(true);
  });

  it('covers a window that crosses midnight, and Sunday reaches into Monday', () => {
    const sunday = [{ weekday: 7, opens: '20:00', closes: '03:00' }];
    expect(weeklyHoursCover(sunday, 7, '23:00', '02:00')).toBe(true);
    expect(weeklyHoursCover(sunday, 1, '00:00', '03:00')).toBe(true);
    expect(weeklyHoursCover(sunday, 1, '00:00', '03:30')).toBe(false);
  });
});

describe('overrides', () => {
  const summer = override({ spans: [{ opens: '07:00', closes: '22:00' }] });
  const dayOff = override({ from: '2026-08-10', to: '2026-08-11', spans: [] });

  it('the shortest one that holds on a day wins', () => {
    const site = hours({ overrides: [dayOff, summer] });
    expect(spansOn(site, '2026-08-09')).toEqual([{ opens: '07:00', closes: '22:00' }]);
    expect(spansOn(site, '2026-08-10')).toEqual([]);
    expect(spansOn(site, '2026-09-01')).toEqual([{ opens: '08:00', closes: '20:00' }]);
  });

  it("of the same length, the site's own wins over a holiday", () => {
    const holiday = { ...dayOff, source: 'holiday' as const };
    const own = { ...dayOff, spans: [{ opens: '10:00', closes: '12:00' }] };
    expect(overrideOn([own, holiday], '2026-08-10')).toBe(own);
    expect(overrideOn([holiday, own], '2026-08-10')).toBe(own);
  });

  it('are told day by day, for so many days', () => {
    const site = hours({ overrides: [{ ...dayOff, reason: '台风' }, summer] });
    expect(exceptionDays(site, '2026-08-09', 2)).toEqual([
      { day: '2026-08-09', spans: [{ opens: '07:00', closes: '22:00' }] },
      { day: '2026-08-10', reason: '台风', spans: [] },
    ]);
    expect(exceptionDays(site, '2026-09-01', 365)).toEqual([]);
  });

  it('may speak of certain weekdays only', () => {
    const site = hours({
      overrides: [override({ spans: [{ weekday: 1, opens: '09:00', closes: '10:00' }] })],
    });
    expect(spansOn(site, '2026-07-06')).toEqual([{ opens: '09:00', closes: '10:00' }]);
    expect(spansOn(site, '2026-07-07')).toEqual([]);
  });
});

describe('hours that cannot be', () => {
  it('name each field', () => {
    const faults = weeklyHoursFaults([{ weekday: 8, opens: '24:00', closes: '25:00' }], 'openingHours');
    expect(faults.map((fault) => fault.field)).toEqual([
      'openingHours[0].weekday',
      'openingHours[0].opens',
      'openingHours[0].closes',
    ]);
  });

  it('overlap, over midnight and around the week too', () => {
    const overMidnight = [
      { weekday: 1, opens: '20:00', closes: '02:00' },
      { weekday: 2, opens: '01:00', closes: '05:00' },
    ];
    const aroundTheWeek = [
      { weekday: 7, opens: '20:00', closes: '02:00' },
      { weekday: 1, opens: '01:00', closes: '05:00' },
    ];
    expect(weeklyHoursFaults(overMidnight, 'openingHours')).toHaveLength(1);
    expect(weeklyHoursFaults(aroundTheWeek, 'openingHours')).toHaveLength(1);
  });

  it('may touch', () => {
    const touching = [
      { weekday: 1, opens: '08:00', closes: '12:00' },
      { weekday: 1, opens: '12:00', closes: '24:00' },
      { weekday: 2, opens: '00:00', closes: '24:00' },
      { weekday: 3, opens: '00:00', closes: '00:00' },
    ];
    expect(weeklyHoursFaults(touching, 'openingHours')).toEqual([]);
  });

  it('are refused in overrides as well, with days that are none', () => {
    const faults = overrideFaults(
      [override({ from: '2026-02-30' }), override({ spans: [{ opens: '8', closes: '20:00' }] })],
      'openingExceptions',
    );
    expect(faults.map((fault) => fault.field)).toEqual([
      'openingExceptions[0]',
      'openingExceptions[1].spans[0].opens',
    ]);
  });
});

describe('time zones', () => {
  it('are IANA zones, not offsets', () => {
    expect(['Asia/Shanghai', 'Europe/Berlin', 'UTC'].every(isTimeZone)).toBe(true);
    expect(['+08:00', 'Asia/Shangri-La', '', '8'].some(isTimeZone)).toBe(false);
  });
});

const zone = fc.constantFrom(
  'Asia/Shanghai',
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Pacific/Apia',
);
const day = fc
  .integer({ min: 0, max: 1460 })
  .map((days) => new Date(Date.UTC(2024, 0, 1 + days)).toISOString().slice(0, 10));
const clock = fc
  .integer({ min: 0, max: 1439 })
  .map((m) => `${String(Math.floor(m / 60)).padStart(2, '0')}:${String(m % 60).padStart(2, '0')}`);
const weeklySpan = fc.record({ weekday: fc.integer({ min: 1, max: 7 }), opens: clock, closes: clock });
const anyOverride = fc.record({
  from: day,
  length: fc.integer({ min: 1, max: 60 }),
  spans: fc.array(fc.record({ opens: clock, closes: clock }), { maxLength: 2 }),
  source: fc.constantFrom('site' as const, 'holiday' as const),
});
const anyHours = fc
  .record({
    timeZone: zone,
    weekly: fc.array(weeklySpan, { maxLength: 10 }),
    overrides: fc.array(anyOverride, { maxLength: 4 }),
  })
  .map(({ overrides, ...rest }): OpeningHours => ({
    ...rest,
    overrides: overrides.map(({ length, ...o }) => ({ ...o, to: addDays(o.from, length) })),
  }));

/** The clock on the wall, read by luxon, against the spans of the day and of the day before. */
function naiveIsOpen(site: OpeningHours, instant: Date): boolean {
  const local = DateTime.fromJSDate(instant, { zone: site.timeZone });
  const minute = local.hour * 60 + local.minute;
  const today = local.toISODate() as string;
  const within = (on: string, wanted: number) =>
    spansOn(site, on).some((span) => {
      const start = minutesOf(span.opens);
      const end = minutesOf(span.closes);
      return start <= wanted && wanted < (end > start ? end : end + 1440);
    });
  return within(today, minute) || within(addDays(today, -1), minute + 1440);
}

/** Whether clocks change within some hours of an instant: there a wall-clock reading is ambiguous. */
function nearTransition(instant: Date, timeZone: string): boolean {
  const offset = (ms: number) => DateTime.fromMillis(ms, { zone: timeZone }).offset;
  const reach = 27 * 3_600_000;
  return offset(instant.getTime() - reach) !== offset(instant.getTime() + reach);
}

describe('for any hours in any zone, through changes of the clock', () => {
  it('open at an instant means what the clock on the wall and the spans say', () => {
    fc.assert(
      fc.property(anyHours, day, fc.integer({ min: 0, max: 1439 }), (site, on, minute) => {
        const instant = new Date(Date.parse(`${on}T00:00:00Z`) + minute * 60_000);
        fc.pre(!nearTransition(instant, site.timeZone));
        expect(isOpenAt(site, instant)).toBe(naiveIsOpen(site, instant));
      }),
      { numRuns: 500 },
    );
  });

  it('the openings of a window are disjoint, in order, and exactly the instants at which it is open', () => {
    fc.assert(
      fc.property(anyHours, day, fc.integer({ min: 1, max: 5 }), (site, on, days) => {
        const from = new Date(`${on}T00:00:00Z`);
        const to = new Date(from.getTime() + days * 86_400_000);
        const openings = openBetween(site, from, to);
        openings.forEach(({ start, end }, i) => {
          expect(start.getTime()).toBeLessThan(end.getTime());
          if (i > 0) expect(openings[i - 1].end.getTime()).toBeLessThan(start.getTime());
        });
        for (let probe = from.getTime(); probe < to.getTime(); probe += 37 * 60_000) {
          const listed = openings.some(({ start, end }) => start.getTime() <= probe && probe < end.getTime());
          expect(listed).toBe(isOpenAt(site, new Date(probe)));
        }
      }),
      { numRuns: 100 },
    );
  });

  it('later on the clock is never earlier in time, and most times are found again', () => {
    fc.assert(
      fc.property(
        zone,
        day,
        fc.integer({ min: 0, max: 1439 }),
        fc.integer({ min: 1, max: 300 }),
        (tz, on, minute, more) => {
          const instant = instantOf(on, minute, tz);
          expect(instantOf(on, minute + more, tz).getTime()).toBeGreaterThanOrEqual(instant.getTime());
          fc.pre(!nearTransition(instant, tz));
          expect(localTimeOf(instant, tz)).toEqual({ day: on, minute });
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('when clocks change', () => {
  it('a time that is jumped over is the moment of the jump', () => {
    expect(instantOf('2026-03-29', minutesOf('02:30'), 'Europe/Berlin')).toEqual(at('2026-03-29T01:00:00Z'));
  });

  it('a time that comes twice is the first', () => {
    expect(instantOf('2026-10-25', minutesOf('02:30'), 'Europe/Berlin')).toEqual(at('2026-10-25T00:30:00Z'));
  });

  it('a night span is an hour shorter in spring and an hour longer in autumn', () => {
    const night = hours({
      timeZone: 'Europe/Berlin',
      weekly: EVERY_DAY.map((weekday) => ({ weekday, opens: '22:00', closes: '06:00' })),
    });
    const lengthHours = (from: string, to: string) =>
      openBetween(night, at(from), at(to)).map(
        ({ start, end }) => (end.getTime() - start.getTime()) / 3_600_000,
      );
    expect(lengthHours('2026-03-28T12:00:00Z', '2026-03-29T12:00:00Z')).toEqual([7]);
    expect(lengthHours('2026-10-24T12:00:00Z', '2026-10-25T12:00:00Z')).toEqual([9]);
  });

  it('weekdays are read from the calendar', () => {
    expect(['2026-11-02', '2026-11-08'].map(weekdayOf)).toEqual([1, 7]);
  });
});
