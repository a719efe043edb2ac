import { proportion, shareOf, type Fen } from '@doorstep/kernel';

/** A child's month in numbers, as its attendance sheet was closed or corrected. */
export interface MonthFacts {
  /** `YYYY-MM`. */
  month: string;
  revision: number;
  /** The country's workdays in the month. */
  workdays: number;
  /** Days that the child's pattern would have in the whole month. */
  patternDays: number;
  /** Of them: days that the place covers. = attended + all days of absence. */
  daysPlanned: number;
  daysAttended: number;
  daysSick: number;
  /** Told in time. */
  daysAbsentPlanned: number;
  daysAbsentUnplanned: number;
  daysClosed: number;
  daysForceMajeure: number;
}

/**
 * What a monthly fee becomes when a child was not there; basis points of the fee (10 000: all of it). The cases are
 * evaka's (https://github.com/espoon-voltti/evaka): sick for the whole month, sick for many days, away for the whole month
 * as told before, closed, force majeure. Figures are the operator's or the city's own, with dates.
 */
export interface AbsenceRule {
  /** Sick on every day. */
  sickMonthBp: number;
  /** Sick on at least so many days; null: no such case. */
  sickDaysMin: number | null;
  sickDaysBp: number;
  /** Not there on any day, and told before for each that was not sick. */
  absentMonthBp: number;
  /** What of a day's part of the fee is given back for each day on which the site was closed, or kept away by force. */
  closedDayBackBp: number;
  forceMajeureDayBackBp: number;
}

/** Nothing is reduced. */
export const WHOLE_FEE: AbsenceRule = {
  ...{ sickMonthBp: 10_000, sickDaysMin: null, sickDaysBp: 10_000, absentMonthBp: 10_000 },
  ...{ closedDayBackBp: 0, forceMajeureDayBackBp: 0 },
};

/**
 * The fee of one child for one month: the part of the month that the place covers, less closed days, then by the one case
 * of absence that helps the family most. Each step rounds half up to the fen.
 */
export function monthlyFee(amountFen: Fen, month: MonthFacts, rule: AbsenceRule): Fen {
  const { daysPlanned, patternDays } = month;
  if (daysPlanned === 0) return 0;
  const coveredFen = daysPlanned < patternDays ? proportion(amountFen, daysPlanned, patternDays) : amountFen;
  const backWeight =
    month.daysClosed * rule.closedDayBackBp + month.daysForceMajeure * rule.forceMajeureDayBackBp;
  const leftFen = coveredFen - proportion(coveredFen, backWeight, daysPlanned * 10_000);
  return shareOf(leftFen, Math.min(...casesOf(month, rule)));
}

/** What each case that applies leaves of the fee; the whole of it is always one. */
function casesOf(month: MonthFacts, rule: AbsenceRule): number[] {
  const { daysSick, daysAbsentPlanned, daysClosed, daysForceMajeure } = month;
  // Days on which the child could have come.
  const openDays = month.daysPlanned - daysClosed - daysForceMajeure;
  if (openDays === 0) return [10_000];
  return [
    10_000,
    ...(daysSick === openDays ? [rule.sickMonthBp] : []),
    ...(rule.sickDaysMin !== null && daysSick >= rule.sickDaysMin ? [rule.sickDaysBp] : []),
    ...(daysSick + daysAbsentPlanned === openDays ? [rule.absentMonthBp] : []),
  ];
}

/** What a month's charge is rated by. */
export interface RatedMonth {
  facts: MonthFacts;
  rule: AbsenceRule;
}
