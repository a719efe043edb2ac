import type { Day } from '@doorstep/kernel';
import { getDayDetail } from 'chinese-days';

/**
 * What the State Council's yearly notice makes of a day; undefined: an ordinary day. Years whose notice isn't out yet have
 * ordinary days alone: what turns out to be a holiday then is entered as a closure.
 */
export function namedDay(day: Day): 'holiday' | 'make_up_workday' | undefined {
  const { work, name } = getDayDetail(day);
  // Ordinary days bear the name of their weekday alone.
  if (!name.includes(',')) return undefined;
  return work ? 'make_up_workday' : 'holiday';
}

export function isWorkday(day: Day): boolean {
  return getDayDetail(day).work;
}

/** ISO weekday, 1 = Monday. */
export function weekdayOf(day: Day): number {
  return new Date(`${day}T00:00:00Z`).getUTCDay() || 7;
}

/** The days of a half-open span, in order. */
export function daysBetween(from: Day, to: Day): Day[] {
  const days: Day[] = [];
  for (let at = Date.parse(from); at < Date.parse(to); at += 86_400_000)
    days.push(new Date(at).toISOString().slice(0, 10));
  return days;
}

/** The days of a half-open span that a notice has named. */
export function namedDays(from: Day, to: Day): { day: Day; named: 'holiday' | 'make_up_workday' }[] {
  return daysBetween(from, to).flatMap((day) => {
    const named = namedDay(day);
    return named ? [{ day, named }] : [];
  });
}

/** First day of the month, and first day of the next. @param month `YYYY-MM` */
export function spanOfMonth(month: string): { from: Day; to: Day } {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return { from: `${month}-01`, to: new Date(Date.UTC(year, number, 1)).toISOString().slice(0, 10) };
}

export function workdaysOf(month: string): number {
  const { from, to } = spanOfMonth(month);
  return daysBetween(from, to).filter(isWorkday).length;
}
