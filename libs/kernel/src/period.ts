import { DomainError } from './errors';

/** A calendar day, `YYYY-MM-DD`, in the site's own time zone. Compares correctly as text. */
export type Day = string;

/** Half-open span of days: `from` is in, `to` is out; `to: null` has no end. */
export interface Period {
  from: Day;
  to: Day | null;
}

/** True for a real day of the calendar: 2026-02-30 is not one. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().slice(0, 10) === text;
}

export function period(from: Day, to: Day | null = null): Period {
  if (!isDay(from))
    throw new DomainError('invalid', 'not_a_day', `${from} is not a day of the calendar.`, {
      field: 'from',
      mend: 'Write days as YYYY-MM-DD.',
    });
  if (to !== null && !isDay(to))
    throw new DomainError('invalid', 'not_a_day', `${to} is not a day of the calendar.`, {
      field: 'to',
      mend: 'Write days as YYYY-MM-DD.',
    });
  if (to !== null && to <= from) {
    throw new DomainError('invalid', 'period_empty', `The period ends (${to}) before it begins (${from}).`, {
      field: 'to',
      mend: 'The end is the first day that is out, so it lies after the beginning.',
    });
  }
  return { from, to };
}

export function contains(span: Period, day: Day): boolean {
  return span.from <= day && (span.to === null || day < span.to);
}

export function overlaps(a: Period, b: Period): boolean {
  return (b.to === null || a.from < b.to) && (a.to === null || b.from < a.to);
}

/** Whole years from a birth date to a day, as the law counts: a birthday on 29 February falls on 1 March in common years. */
export function ageYears(birthDate: Day, on: Day): number {
  return Number(on.slice(0, 4)) - Number(birthDate.slice(0, 4)) - (on.slice(5) < birthDate.slice(5) ? 1 : 0);
}

/** Whole months of age on a day. */
export function ageMonths(birthDate: Day, on: Day): number {
  const years = Number(on.slice(0, 4)) - Number(birthDate.slice(0, 4));
  const months = Number(on.slice(5, 7)) - Number(birthDate.slice(5, 7));
  return years * 12 + months - (on.slice(8) < birthDate.slice(8) ? 1 : 0);
}
