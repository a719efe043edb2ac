import { type Day, namedDay, type NamedDay } from '@doorstep/kernel';
import { getDayDetail } from 'chinese-days';

export function isWorkday(day: Day): boolean {
  return getDayDetail(day).work;
}

/** The days of a half-open span, in order. */
export function daysBetween(from: Day, to: Day): Day[] {
  const days: Day[] = [];
  for (let at = Date.parse(from); at < Date.parse(to); at += 86_400_000)
    days.push(new Date(at).toISOString().slice(0, 10));
  return days;
}

/** The days of a half-open span that a notice has named. */
export function namedDays(from: Day, to: Day): { day: Day; named: NamedDay }[] {
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
