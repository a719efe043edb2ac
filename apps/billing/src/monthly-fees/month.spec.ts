import fc from 'fast-check';
import { monthlyFee, WHOLE_FEE, type AbsenceRule, type MonthFacts } from './month';

const RULE: AbsenceRule = {
  ...{ sickMonthBp: 0, sickDaysMin: 11, sickDaysBp: 5_000, absentMonthBp: 5_000 },
  ...{ closedDayBackBp: 10_000, forceMajeureDayBackBp: 10_000 },
};
const month = (changes: Partial<MonthFacts>): MonthFacts => {
  const facts = {
    ...{ month: '2026-11', revision: 1, workdays: 21, patternDays: 20, daysAttended: 0, daysSick: 0 },
    ...{ daysAbsentPlanned: 0, daysAbsentUnplanned: 0, daysClosed: 0, daysForceMajeure: 0, ...changes },
  };
  const { daysAttended, daysSick, daysAbsentPlanned, daysAbsentUnplanned, daysClosed, daysForceMajeure } =
    facts;
  const daysPlanned =
    daysAttended + daysSick + daysAbsentPlanned + daysAbsentUnplanned + daysClosed + daysForceMajeure;
  return { ...facts, daysPlanned };
};

describe('a monthly fee of 2,000 yuan', () => {
  it.each<[string, Partial<MonthFacts>, number]>([
    ['a child that came', { daysAttended: 20 }, 200_000],
    ['a child that stayed away without a word', { daysAbsentUnplanned: 20 }, 200_000],
    ['a child sick on every day', { daysSick: 20 }, 0],
    ['a child sick on eleven days', { daysSick: 11, daysAttended: 9 }, 100_000],
    ['a child sick on ten days', { daysSick: 10, daysAttended: 10 }, 200_000],
    ['a child away as told before', { daysAbsentPlanned: 20 }, 100_000],
    ['a child away as told before, and sick', { daysAbsentPlanned: 12, daysSick: 8 }, 100_000],
    ['five closed days', { daysClosed: 5, daysAttended: 15 }, 150_000],
    ['a typhoon of two days', { daysForceMajeure: 2, daysAttended: 18 }, 180_000],
    ['a month that was closed whole', { daysClosed: 20 }, 0],
    ['sick whenever it was open', { daysClosed: 5, daysSick: 15 }, 0],
    ['a place for half of the month', { daysAttended: 10 }, 100_000],
    ['no planned day at all', {}, 0],
  ])('with %s', (_name, changes, feeFen) => expect(monthlyFee(200_000, month(changes), RULE)).toBe(feeFen));

  it('is whole where no rule is set, for the part that the place covers', () => {
    expect(monthlyFee(200_000, month({ daysSick: 20 }), WHOLE_FEE)).toBe(200_000);
  });

  it('is never below zero and never above the price', () => {
    const days = fc.nat(8);
    const bp = fc.nat(10_000);
    fc.assert(
      fc.property(
        fc.record({
          ...{ daysAttended: days, daysSick: days, daysAbsentPlanned: days },
          ...{ daysAbsentUnplanned: days, daysClosed: days, daysForceMajeure: days, patternDays: fc.nat(31) },
        }),
        fc.record({
          ...{ sickMonthBp: bp, sickDaysMin: fc.option(days), sickDaysBp: bp, absentMonthBp: bp },
          ...{ closedDayBackBp: bp, forceMajeureDayBackBp: bp },
        }),
        fc.nat(1_000_000),
        (facts, rule, amountFen) => {
          const feeFen = monthlyFee(amountFen, month(facts), rule);
          expect(feeFen).toBeGreaterThanOrEqual(0);
          expect(feeFen).toBeLessThanOrEqual(amountFen);
        },
      ),
    );
  });
});
