import { getDayDetail } from 'chinese-days';

const counted = new Map<string, number>();

/** Workdays of a month in China, with public holidays and make-up days as the yearly notices set them (chinese-days). */
export function workdaysOf(month: string): number {
  const known = counted.get(month);
  if (known !== undefined) return known;
  const [year, number] = month.split('-').map(Number);
  const days = new Date(Date.UTC(year, number, 0)).getUTCDate();
  const workdays = Array.from(
    { length: days },
    (_, index) => getDayDetail(`${month}-${String(index + 1).padStart(2, '0')}`).work,
  ).filter(Boolean).length;
  counted.set(month, workdays);
  return workdays;
}
