import fc from 'fast-check';
import { DateTime } from 'luxon';
import { addDays, localDay, occurrencesOf, startOfDay, type SiteHours, type Window } from './calendar';

const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];
const hours = (changes: Partial<SiteHours> = {}): SiteHours => ({
  timeZone: 'Asia/Shanghai',
  openingHours: EVERY_DAY.map((weekday) => ({ weekday, opens: '08:00', closes: '20:00' })),
  openingExceptions: [],
  ...changes,
});
const daily = (starts: string, ends: string, slotMinutes?: number): Window[] =>
  EVERY_DAY.map((weekday) => ({ weekday, starts, ends, slotMinutes }));
const spans = (schedule: Window[], site: SiteHours, from: string, to: string): string[] =>
  occurrencesOf(schedule, site, from, to).map(
    ({ start, end }) => `${start.toISOString().slice(0, 16)}/${end.toISOString().slice(0, 16)}`,
  );

describe('a schedule of one window', () => {
  it('makes one session a day, in UTC', () => {
    expect(spans(daily('11:00', '12:30'), hours(), '2026-11-02', '2026-11-04')).toEqual([
      '2026-11-02T03:00/2026-11-02T04:30',
      '2026-11-03T03:00/2026-11-03T04:30',
    ]);
  });

  it('runs on its weekday alone', () => {
    const saturday = [{ weekday: 6, starts: '11:00', ends: '12:30' }];
    expect(occurrencesOf(saturday, hours(), '2026-11-02', '2026-11-09').map(({ day }) => day)).toEqual([
      '2026-11-07',
    ]);
  });

  it('makes nothing where the site is not open for the whole of it', () => {
    expect(spans(daily('07:30', '09:00'), hours(), '2026-11-02', '2026-11-03')).toEqual([]);
    expect(spans(daily('19:30', '20:30'), hours(), '2026-11-02', '2026-11-03')).toEqual([]);
  });

  it('cuts slots and drops the rest that is too short', () => {
    expect(spans(daily('14:00', '16:30', 60), hours(), '2026-11-02', '2026-11-03')).toEqual([
      '2026-11-02T06:00/2026-11-02T07:00',
      '2026-11-02T07:00/2026-11-02T08:00',
    ]);
  });
});

describe('a day that is an exception', () => {
  it('has no session when it is closed', () => {
    const site = hours({ openingExceptions: [{ day: '2026-11-03', spans: [] }] });
    expect(occurrencesOf(daily('11:00', '12:30'), site, '2026-11-02', '2026-11-05')).toHaveLength(2);
  });

  it('keeps the slots that its shorter hours hold', () => {
    const site = hours({
      openingExceptions: [{ day: '2026-11-02', spans: [{ opens: '15:00', closes: '17:00' }] }],
    });
    expect(spans(daily('14:00', '18:00', 60), site, '2026-11-02', '2026-11-03')).toEqual([
      '2026-11-02T07:00/2026-11-02T08:00',
      '2026-11-02T08:00/2026-11-02T09:00',
    ]);
  });
});

describe('a night', () => {
  const allDay = hours({
    openingHours: EVERY_DAY.map((weekday) => ({ weekday, opens: '00:00', closes: '24:00' })),
  });

  it('lets a session cross midnight where the spans touch', () => {
    expect(spans(daily('22:00', '06:00'), allDay, '2026-11-02', '2026-11-03')).toEqual([
      '2026-11-02T14:00/2026-11-02T22:00',
    ]);
  });

  it('belongs to the day on which it starts', () => {
    expect(occurrencesOf(daily('22:00', '06:00'), allDay, '2026-11-02', '2026-11-03')[0]?.day).toBe(
      '2026-11-02',
    );
  });

  it('gives a slot after midnight to its own day', () => {
    const slots = occurrencesOf(daily('23:00', '01:00', 60), allDay, '2026-11-02', '2026-11-03');
    expect(slots.map(({ day }) => day)).toEqual(['2026-11-02', '2026-11-03']);
  });

  it('reaches into the first day from hours that begin on the evening before', () => {
    const late = hours({
      openingHours: EVERY_DAY.map((weekday) => ({ weekday, opens: '18:00', closes: '02:00' })),
    });
    expect(spans(daily('00:30', '01:30'), late, '2026-11-02', '2026-11-03')).toEqual([
      '2026-11-01T16:30/2026-11-01T17:30',
    ]);
  });
});

describe('a clock change', () => {
  const berlin = hours({
    timeZone: 'Europe/Berlin',
    openingHours: EVERY_DAY.map((weekday) => ({ weekday, opens: '00:00', closes: '24:00' })),
  });

  it('keeps wall-clock times on both sides of it', () => {
    expect(spans(daily('10:00', '11:00'), berlin, '2026-03-28', '2026-03-30')).toEqual([
      '2026-03-28T09:00/2026-03-28T10:00',
      '2026-03-29T08:00/2026-03-29T09:00',
    ]);
  });

  it('makes slots of full length on the short and on the long night', () => {
    const night = daily('00:00', '06:00', 60);
    expect(occurrencesOf(night, berlin, '2026-03-29', '2026-03-30')).toHaveLength(5);
    expect(occurrencesOf(night, berlin, '2026-10-25', '2026-10-26')).toHaveLength(7);
  });
});

describe('any calendar', () => {
  const aClock = fc.integer({ min: 0, max: 47 }).map((half) => {
    const text = String(Math.floor(half / 2)).padStart(2, '0');
    return `${text}:${half % 2 === 0 ? '00' : '30'}`;
  });
  const aWeekday = fc.integer({ min: 1, max: 7 });
  const zones = ['Asia/Shanghai', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Urumqi'];
  const aSite = fc.record({
    timeZone: fc.constantFrom(...zones),
    openingHours: fc.array(fc.record({ weekday: aWeekday, opens: aClock, closes: aClock }), { maxLength: 8 }),
    openingExceptions: fc.uniqueArray(
      fc.record({
        day: fc.integer({ min: 0, max: 9 }).map((n) => addDays('2026-03-25', n)),
        spans: fc.array(fc.record({ opens: aClock, closes: aClock }), { maxLength: 2 }),
      }),
      { selector: (exception) => exception.day, maxLength: 4 },
    ),
  });
  const aSchedule = fc.array(
    fc.record({
      weekday: aWeekday,
      starts: aClock,
      ends: aClock,
      slotMinutes: fc.constantFrom(undefined, 30, 45, 120),
    }),
    { maxLength: 6 },
  );

  /** Naive oracle: is the site open in the minute that begins at `at`? Looks at wall clocks only. */
  const isOpenAt = (site: SiteHours, at: number): boolean => {
    const local = DateTime.fromMillis(at, { zone: site.timeZone });
    const inside = (day: DateTime, wall: string, overnight: boolean): boolean => {
      const exception = site.openingExceptions.find((e) => e.day === day.toISODate());
      const ofDay = exception?.spans ?? site.openingHours.filter((s) => s.weekday === day.weekday);
      return ofDay.some(({ opens, closes }) => {
        const wraps = closes <= opens;
        return overnight ? wraps && wall < closes : opens <= wall && (wraps || wall < closes);
      });
    };
    const wall = local.toFormat('HH:mm');
    return inside(local, wall, false) || inside(local.minus({ days: 1 }), wall, true);
  };

  it('has sessions only while the site is open, in order, each start once', () => {
    fc.assert(
      fc.property(aSite, aSchedule, (site, schedule) => {
        const sessions = occurrencesOf(schedule, site, '2026-03-26', '2026-04-02');
        for (const { start, end, day } of sessions) {
          expect(end.getTime()).toBeGreaterThan(start.getTime());
          expect(localDay(start, site.timeZone)).toBe(day);
          for (let at = start.getTime(); at < end.getTime(); at += 15 * 60_000) {
            expect(isOpenAt(site, at)).toBe(true);
          }
        }
        const starts = sessions.map(({ start }) => start.getTime());
        expect(starts).toEqual([...new Set(starts)].sort((a, b) => a - b));
      }),
      { numRuns: 150 },
    );
  });

  it('is the same whether it is made in one piece or day by day', () => {
    fc.assert(
      fc.property(aSite, aSchedule, (site, schedule) => {
        const whole = occurrencesOf(schedule, site, '2026-03-27', '2026-03-31');
        const pieces = [0, 1, 2, 3].flatMap((n) => {
          const day = addDays('2026-03-27', n);
          return occurrencesOf(schedule, site, day, addDays(day, 1));
        });
        expect(new Set(pieces.map(({ start }) => start.getTime()))).toEqual(
          new Set(whole.map(({ start }) => start.getTime())),
        );
      }),
      { numRuns: 100 },
    );
  });
});

describe('a zone that does not exist', () => {
  it('is refused by name', () => {
    expect(() => startOfDay('2026-11-02', 'Asia/Nowhere')).toThrow('Asia/Nowhere is not a time zone');
  });
});
