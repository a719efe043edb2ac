import type { Day } from '@doorstep/kernel';
import { getDayDetail } from 'chinese-days';
import type { OpeningHours, OpeningOverride, WeeklySpan } from './opening-hours';
import { addDays, weekdayOf } from './wall-clock';

/** What a site does on a public holiday: nothing special, closed, or the hours of a Sunday. */
export const HOLIDAY_RULES = ['as_usual', 'closed', 'as_sunday'] as const;
export type HolidayRule = (typeof HOLIDAY_RULES)[number];

/** What it does on a make-up workday (调休), a weekend day on which the country works: the usual, or Monday's hours. */
export const WORKDAY_RULES = ['as_usual', 'as_monday'] as const;
export type WorkdayRule = (typeof WORKDAY_RULES)[number];

/** A day that the State Council's yearly notice names. */
export interface PublicDay {
  kind: 'holiday' | 'make_up_workday';
  zh: string;
  en: string;
}

const SUNDAY = 7;
const MONDAY = 1;

/** The public holiday or make-up workday on a day, from package chinese-days, which follows the notices since 2004. */
export function publicDay(day: Day): PublicDay | undefined {
  const { work, name } = getDayDetail(day);
  const [en, zh] = name.split(',');
  // Ordinary days bear the name of their weekday alone.
  return zh === undefined ? undefined : { kind: work ? 'make_up_workday' : 'holiday', zh, en };
}

/** First day that the calendar does not know: the notice for a year comes out in the November before. */
export function calendarEnd(): Day {
  let year = FIRST_SURE_YEAR;
  while (publicDay(`${year + 1}-10-01`)) year++;
  return `${year + 1}-01-01`;
}
const FIRST_SURE_YEAR = 2025;

export interface KeepsHolidays {
  timeZone: string;
  openingHours: WeeklySpan[];
  openingOverrides: OpeningOverride[];
  onHoliday: HolidayRule;
  onMakeUpWorkday: WorkdayRule;
}

/** A site's hours with the public holidays of a stretch of days among the overrides. */
export function hoursWithHolidays(site: KeepsHolidays, from: Day, days: number): OpeningHours {
  return {
    timeZone: site.timeZone,
    weekly: site.openingHours,
    overrides: [...site.openingOverrides, ...holidayOverrides(site, from, days)],
  };
}

function holidayOverrides(site: KeepsHolidays, from: Day, days: number): OpeningOverride[] {
  if (site.onHoliday === 'as_usual' && site.onMakeUpWorkday === 'as_usual') return [];
  const overrides: OpeningOverride[] = [];
  for (let i = 0; i < days; i++) {
    const day = addDays(from, i);
    const named = publicDay(day);
    const spans = named && spansOfRule(site, named, day);
    if (named && spans)
      overrides.push({ from: day, to: addDays(day, 1), spans, reason: named.zh, source: 'holiday' });
  }
  return overrides;
}

/** The hours that a rule sets, undefined where the day is as usual. */
function spansOfRule(site: KeepsHolidays, named: PublicDay, day: Day): OpeningOverride['spans'] | undefined {
  if (named.kind === 'make_up_workday') {
    return site.onMakeUpWorkday === 'as_monday' ? spansOfWeekday(site.openingHours, MONDAY) : undefined;
  }
  if (site.onHoliday === 'closed') return [];
  if (site.onHoliday === 'as_usual' || weekdayOf(day) === SUNDAY) return undefined;
  return spansOfWeekday(site.openingHours, SUNDAY);
}

function spansOfWeekday(weekly: readonly WeeklySpan[], weekday: number): OpeningOverride['spans'] {
  return weekly.filter((span) => span.weekday === weekday).map(({ opens, closes }) => ({ opens, closes }));
}
