import { getDayDetail } from 'chinese-days';
import type { Day } from './period';

export type NamedDay = 'holiday' | 'make_up_workday';

/**
 * What the State Council's yearly notice makes of a day (package chinese-days, which follows the notices); undefined: an
 * ordinary day. Years whose notice isn't out yet have ordinary days alone.
 */
export function namedDay(day: Day): NamedDay | undefined {
  const { work, name } = getDayDetail(day);
  // Ordinary days bear the name of their weekday alone.
  if (!name.includes(',')) return undefined;
  return work ? 'make_up_workday' : 'holiday';
}

/** ISO weekday, 1 = Monday. */
export function weekdayOf(day: Day): number {
  return new Date(`${day}T00:00:00Z`).getUTCDay() || 7;
}

const MONDAY = 1;

/**
 * The weekday whose plan holds on a day for who comes by weekdays. On a public holiday nobody comes: undefined. On a make-up
 * workday those come, as on a Monday, who come from Monday to Friday.
 */
export function plannedWeekday(day: Day, weekdays: ReadonlySet<number>): number | undefined {
  const named = namedDay(day);
  if (named === 'holiday') return undefined;
  const wholeWeek = [1, 2, 3, 4, 5].every((weekday) => weekdays.has(weekday));
  return named === 'make_up_workday' && wholeWeek ? MONDAY : weekdayOf(day);
}
