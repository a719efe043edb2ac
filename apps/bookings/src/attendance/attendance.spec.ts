import fc from 'fast-check';
import {
  assertMayCheckIn,
  assertMayCheckOut,
  type CountedDay,
  deltaOf,
  findings,
  isNothing,
  noDays,
  stayOf,
  totalsOf,
} from './attendance';
import { marksOf } from './sheet';

const RULE = { feverFromTenths: 373, refusedSymptoms: ['rash', 'vomiting'] };
const at = (clock: string) => new Date(`2026-11-02T${clock}:00Z`);

describe('the door', () => {
  it('finds a fever from the rule’s tenth on, and what others could catch', () => {
    expect(findings({ temperatureTenths: 372, symptoms: ['cough'] }, RULE)).toEqual([]);
    expect(findings({ temperatureTenths: 373, symptoms: ['vomiting', 'cough'] }, RULE)).toEqual([
      'fever',
      'vomiting',
    ]);
  });

  it('lets in once, and out only who is in', () => {
    expect(() => assertMayCheckIn({ outcome: null, absent: false })).not.toThrow();
    expect(() => assertMayCheckIn({ outcome: null, absent: true })).toThrow('absent');
    expect(() => assertMayCheckIn({ outcome: 'refused', absent: false })).toThrow('refused');
    expect(() => assertMayCheckOut({ outcome: 'checked_in', absent: false })).not.toThrow();
    expect(() => assertMayCheckOut({ outcome: 'attended', absent: false })).toThrow();
  });

  it('forgives a late pick-up within the grace, and counts all of it beyond', () => {
    const stay = (out: string) => stayOf(at('08:00'), at(out), at('17:30'), 15);
    expect(stay('17:45')).toEqual({ minutes: 585, lateMinutes: 0 });
    expect(stay('17:46')).toEqual({ minutes: 586, lateMinutes: 16 });
    expect(stay('12:00')).toEqual({ minutes: 240, lateMinutes: 0 });
    expect(() => stay('07:59')).toThrow();
  });
});

const aDay: fc.Arbitrary<CountedDay> = fc.record({
  outcome: fc.constantFrom(null, 'checked_in', 'attended', 'refused', 'absent'),
  absenceKind: fc.constantFrom(null, 'sick', 'planned', 'unplanned', 'closure', 'force_majeure'),
  minutes: fc.nat({ max: 600 }),
  lateMinutes: fc.nat({ max: 60 }),
  spentMinutes: fc.option(fc.integer({ min: 1, max: 570 })),
});

describe('a month in numbers', () => {
  it('puts every planned day in one place', () => {
    fc.assert(
      fc.property(fc.array(aDay, { maxLength: 31 }), (days) => {
        const t = totalsOf(days);
        const absent =
          t.daysSick + t.daysAbsentPlanned + t.daysAbsentUnplanned + t.daysClosed + t.daysForceMajeure;
        expect(t.daysAttended + absent).toBe(t.daysPlanned);
        expect(t.daysPlanned).toBe(days.length);
        expect(t.minutesAttended).toBe(days.reduce((sum, { minutes }) => sum + minutes, 0));
      }),
      { numRuns: 100 },
    );
  });

  it('differs by what a correction changed', () => {
    const [before, after] = [noDays(), { ...noDays(), daysAttended: 1, daysSick: -1 }];
    expect(isNothing(deltaOf(before, before))).toBe(true);
    expect(deltaOf(before, after)).toMatchObject({ daysAttended: 1, daysSick: -1, daysPlanned: 0 });
  });

  it('is a row of marks, in which what was recorded goes before what was told', () => {
    const day = (number: string, changes: Partial<CountedDay>) => ({
      day: `2026-02-${number}`,
      outcome: null,
      absenceKind: null,
      minutes: 0,
      lateMinutes: 0,
      spentMinutes: null,
      ...changes,
    });
    const days = [
      day('02', { outcome: 'attended', absenceKind: 'sick' }),
      day('03', { absenceKind: 'planned' }),
      day('04', {}),
      day('05', { outcome: 'refused' }),
      day('06', {}),
    ];
    expect(marksOf('2026-02', days, '2026-02-06').slice(0, 7)).toEqual(['', 'A', 'P', 'U', 'S', '-', '']);
    expect(marksOf('2026-02', days, '2026-02-06')).toHaveLength(28);
  });
});
