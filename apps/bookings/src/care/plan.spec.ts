import fc from 'fast-check';
import { firstStart, type Grant, proposePlan, ruleOf, spread, type WeeklySlot } from './plan';

const WEEK = [1, 2, 3, 4, 5, 6, 7];
const grant = (changes: Partial<Grant> = {}): Grant => ({
  service: 'bathing',
  skill: 'bathing',
  minutes: 60,
  timesPerWeek: 3,
  ...changes,
});
const offered = (
  offeringId: string,
  skills: string[],
  times: string[],
  minutes = 60,
  days = WEEK,
): WeeklySlot[] =>
  times.flatMap((time) => days.map((weekday) => ({ offeringId, skills, weekday, time, minutes })));

describe('a care plan', () => {
  it('spreads visits over the week at the time nearest to the preferred one', () => {
    const { lines, missing } = proposePlan(
      [grant()],
      offered('a', ['bathing'], ['08:00', '09:00', '14:00']),
      '09:30',
    );
    expect(missing).toEqual([]);
    expect(lines).toEqual([
      { ...grant(), offeringId: 'a', time: '09:00', visitMinutes: 60, weekdays: [1, 3, 5] },
    ]);
    expect(ruleOf(lines[0], 4)).toBe('FREQ=WEEKLY;BYDAY=MO,WE,FR;COUNT=12');
  });

  it('takes the shortest visits that are long enough', () => {
    const slots = [
      ...offered('long', ['bathing'], ['09:00'], 120),
      ...offered('fit', ['bathing'], ['15:00']),
    ];
    expect(proposePlan([grant()], slots, '09:00').lines[0]).toMatchObject({ offeringId: 'fit' });
  });

  it('says what can’t be given, and why', () => {
    const slots = offered('a', ['bathing'], ['09:00'], 60, [1, 2]);
    expect(proposePlan([grant(), grant({ service: 'x', skill: 'x' })], slots, '09:00').missing).toEqual([
      { ...grant(), reason: 'no_time' },
      { ...grant({ service: 'x', skill: 'x' }), reason: 'not_offered' },
    ]);
  });

  it('begins on the first of its days', () => {
    const line = { weekdays: [1, 3], time: '09:00' };
    // A Tuesday, a Wednesday, a Thursday.
    expect(['2026-11-03', '2026-11-04', '2026-11-05'].map((day) => firstStart(line, day))).toEqual([
      '2026-11-04T09:00',
      '2026-11-04T09:00',
      '2026-11-09T09:00',
    ]);
  });

  it('never has two visits at once, and gives each grant its times or says it is missing', () => {
    const anyGrants = fc.uniqueArray(
      fc.record({
        service: fc.constantFrom('a', 'b', 'c', 'd'),
        skill: fc.constantFrom('x', 'y'),
        minutes: fc.constantFrom(30, 60, 90),
        timesPerWeek: fc.integer({ min: 1, max: 7 }),
      }),
      { selector: ({ service }) => service },
    );
    const anySlots = fc.array(
      fc.record({
        offeringId: fc.constantFrom('o', 'p'),
        skills: fc.subarray(['x', 'y']),
        weekday: fc.integer({ min: 1, max: 7 }),
        time: fc.constantFrom('08:00', '08:30', '09:00', '10:00', '14:00'),
        minutes: fc.constantFrom(30, 60, 90),
      }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(anyGrants, anySlots, (grants, slots) => {
        const { lines, missing } = proposePlan(grants, slots, '09:00');
        expect(lines.length + missing.length).toBe(grants.length);
        const visits = lines.flatMap(({ weekdays, time, visitMinutes, timesPerWeek, skill, minutes }) => {
          expect(new Set(weekdays).size).toBe(timesPerWeek);
          const start = Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
          return weekdays.map((weekday) => {
            expect(slots).toContainEqual(expect.objectContaining({ weekday, time, minutes: visitMinutes }));
            expect(visitMinutes).toBeGreaterThanOrEqual(minutes);
            expect(slots.some((slot) => slot.time === time && slot.skills.includes(skill))).toBe(true);
            return { from: weekday * 1440 + start, to: weekday * 1440 + start + visitMinutes };
          });
        });
        visits.sort((a, b) => a.from - b.from);
        visits.slice(1).forEach(({ from }, n) => expect(from).toBeGreaterThanOrEqual(visits[n]?.to ?? 0));
      }),
      { numRuns: 100 },
    );
  });

  it('spreads any number of days', () => {
    expect([1, 2, 3, 7].map((count) => spread(WEEK, count))).toEqual([[1], [1, 4], [1, 3, 5], WEEK]);
  });
});
