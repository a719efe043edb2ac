import { DomainError } from '@doorstep/kernel';
import fc from 'fast-check';
import { DateTime } from 'luxon';
import { linesOf, OCCURRENCES_MAX, type Recurrence, startsOf } from './recurrence';

const weekly = (changes: Partial<Recurrence> = {}): Recurrence => ({
  start: '2026-11-09T11:00',
  timeZone: 'Asia/Shanghai',
  rule: 'FREQ=WEEKLY;BYDAY=MO,WE;COUNT=4',
  except: [],
  besides: [],
  ...changes,
});
const local = (recurrence: Recurrence): string[] =>
  startsOf(recurrence).map((at) =>
    DateTime.fromJSDate(at, { zone: recurrence.timeZone }).toFormat("yyyy-MM-dd'T'HH:mm"),
  );
const code = (changes: Partial<Recurrence>): string => {
  try {
    startsOf(weekly(changes));
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
  return 'accepted';
};

describe('a recurrence', () => {
  it('makes starts at the same wall-clock time', () => {
    expect(local(weekly())).toEqual([
      '2026-11-09T11:00',
      '2026-11-11T11:00',
      '2026-11-16T11:00',
      '2026-11-18T11:00',
    ]);
  });

  it('leaves out and adds what it is told', () => {
    const changed = weekly({
      except: ['2026-11-11T11:00'],
      besides: ['2026-11-14T10:00', '2026-11-16T11:00'],
    });
    expect(local(changed)).toEqual([
      '2026-11-09T11:00',
      '2026-11-14T10:00',
      '2026-11-16T11:00',
      '2026-11-18T11:00',
    ]);
  });

  it('keeps the wall-clock time over a clock change', () => {
    const berlin = weekly({
      timeZone: 'Europe/Berlin',
      start: '2026-03-27T10:00',
      rule: 'FREQ=DAILY;COUNT=4',
    });
    expect(startsOf(berlin).map((at) => at.toISOString().slice(8, 16))).toEqual([
      '27T09:00',
      '28T09:00',
      '29T08:00',
      '30T08:00',
    ]);
  });

  it('ends with UNTIL, and knows the last Friday of a month', () => {
    const last = weekly({
      start: '2026-11-27T11:00',
      rule: 'RRULE:freq=monthly;byday=-1FR;until=20270131T000000Z',
    });
    expect(local(last)).toEqual(['2026-11-27T11:00', '2026-12-25T11:00', '2027-01-29T11:00']);
  });

  it('is written out as a calendar object has it', () => {
    const changed = weekly({ except: ['2026-11-11T11:00'], besides: ['2026-11-14T10:00'] });
    expect(linesOf(changed)).toEqual([
      'DTSTART;TZID=Asia/Shanghai:20261109T110000',
      'RRULE:FREQ=WEEKLY;BYDAY=MO,WE;COUNT=4',
      'RDATE;TZID=Asia/Shanghai:20261114T100000',
      'EXDATE;TZID=Asia/Shanghai:20261111T110000',
    ]);
  });
});

describe('what is refused', () => {
  it.each([
    ['FREQ=WEEKLY', 'rrule_unbounded'],
    ['FREQ=SECONDLY;COUNT=5', 'rrule_frequency'],
    ['FREQ=HOURLY;COUNT=5', 'rrule_frequency'],
    ['COUNT=5', 'rrule_frequency'],
    ['', 'rrule_frequency'],
    ['FREQ=DAILY;COUNT=5;BYHOUR=1,2,3', 'rrule_time_of_day'],
    ['FREQ=WEEKLY;BYDAY=XX;COUNT=5', 'rrule_malformed'],
    ['FREQ=DAILY;COUNT=5;UNTIL=20270101T000000Z', 'rrule_malformed'],
    ['FREQ=DAILY;UNTIL=20260230T000000Z', 'rrule_malformed'],
    ['FREQ=DAILY;COUNT=367', 'series_too_long'],
    ['FREQ=DAILY;COUNT=1000000000', 'series_too_long'],
    ['FREQ=DAILY;UNTIL=99991231T000000Z', 'series_too_long'],
    ['FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=5', 'series_too_long'],
    ['FREQ=YEARLY;COUNT=5', 'series_too_long'],
    ['FREQ=DAILY;UNTIL=20261101T000000Z', 'series_empty'],
  ])('%s: %s', (rule, expected) => {
    expect(code({ rule })).toBe(expected);
  });

  it.each([
    [{ start: '2026-02-30T11:00' }, 'start_malformed'],
    [{ start: '2026-11-09T11:00:00Z' }, 'start_malformed'],
    [{ except: ['tomorrow'] }, 'start_malformed'],
  ])('%j: %s', (changes, expected) => {
    expect(code(changes)).toBe(expected);
  });

  it('is what is far too long to be meant', () => {
    expect(code({ rule: `FREQ=DAILY;COUNT=5;BYDAY=${'MO,'.repeat(400)}MO` })).toBe('series_too_long');
    expect(code({ except: Array<string>(400).fill('2026-11-09T11:00') })).toBe('series_too_long');
  });
});

describe('any rule that is taken', () => {
  const aRule = fc
    .record({
      freq: fc.constantFrom('DAILY', 'WEEKLY', 'MONTHLY'),
      interval: fc.integer({ min: 1, max: 5 }),
      count: fc.integer({ min: 1, max: 60 }),
      days: fc.subarray(['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU']),
    })
    .map(({ freq, interval, count, days }) =>
      [
        `FREQ=${freq}`,
        `INTERVAL=${interval}`,
        `COUNT=${count}`,
        ...(days.length ? [`BYDAY=${days.join()}`] : []),
      ].join(';'),
    );

  it('makes its starts in order, at one time of day, within the bounds', () => {
    fc.assert(
      fc.property(aRule, fc.constantFrom('Asia/Shanghai', 'America/New_York'), (rule, timeZone) => {
        if (code({ rule, timeZone }) !== 'accepted') return;
        const starts = startsOf(weekly({ rule, timeZone }));
        expect(starts.length).toBeLessThanOrEqual(OCCURRENCES_MAX);
        const times = starts.map((at) => at.getTime());
        expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
        for (const text of local(weekly({ rule, timeZone }))) expect(text.slice(11)).toBe('11:00');
      }),
      { numRuns: 60 },
    );
  });
});
