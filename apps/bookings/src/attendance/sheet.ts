import type { Day } from '@doorstep/kernel';
import { daysBetween, spanOfMonth } from '../placements/workdays';
import type { CountedDay } from './attendance';

/** A day of the sheet; '-': planned and not over yet. */
export type Mark = 'A' | 'S' | 'P' | 'U' | 'C' | 'F' | '-' | '';

const ABSENT: Record<NonNullable<CountedDay['absenceKind']>, Mark> = {
  sick: 'S',
  planned: 'P',
  unplanned: 'U',
  closure: 'C',
  force_majeure: 'F',
};

export interface SheetDay extends CountedDay {
  day: Day;
}

/** Whether a day counts yet: it is over, or something is known of it. */
export function counts({ day, outcome, absenceKind }: SheetDay, today: Day): boolean {
  return day < today || outcome !== null || (absenceKind !== null && day === today);
}

/** One mark for each day of the month. */
export function marksOf(month: string, days: readonly SheetDay[], today: Day): Mark[] {
  const { from, to } = spanOfMonth(month);
  const byDay = new Map(days.map((one) => [one.day, one]));
  return daysBetween(from, to).map((day) => {
    const known = byDay.get(day);
    return known ? markOf(known, today) : '';
  });
}

function markOf(day: SheetDay, today: Day): Mark {
  if (!counts(day, today)) return '-';
  if (day.outcome === 'attended' || day.outcome === 'checked_in') return 'A';
  return day.outcome === 'refused' ? 'S' : ABSENT[day.absenceKind ?? 'unplanned'];
}
