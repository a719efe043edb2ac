import { type Day, DomainError } from '@doorstep/kernel';
import { DateTime } from 'luxon';

export const PURPOSES = ['site', 'visits'] as const;
/** At the site, or on visits from it. */
export type Purpose = (typeof PURPOSES)[number];

/** Shifts that come again every week. */
export interface Pattern {
  id: string;
  operatorId: string;
  staffId: string;
  siteId: string;
  purpose: Purpose;
  /** 1 is Monday. */
  weekdays: number[];
  starts: string;
  /** Not after the start: on the next day. */
  ends: string;
  from: Day;
  /** First day that is out; null: without end. */
  to: Day | null;
}

/** Half-open span in which somebody works. */
export interface Span {
  start: Date;
  end: Date;
}

export interface Working extends Span {
  siteId: string;
  purpose: Purpose;
}

const DAY_MINUTES = 1440;
const WEEK_MINUTES = 7 * DAY_MINUTES;

/** The minutes of a week that a pattern takes, half-open, from Monday 00:00; what passes Sunday's midnight begins anew. */
export function weekOf({
  weekdays,
  starts,
  ends,
}: Pick<Pattern, 'weekdays' | 'starts' | 'ends'>): [number, number][] {
  const length = lengthOf(starts, ends);
  return weekdays.flatMap((weekday): [number, number][] => {
    const from = (weekday - 1) * DAY_MINUTES + minutesOf(starts);
    const to = from + length;
    return to <= WEEK_MINUTES
      ? [[from, to]]
      : [
          [from, WEEK_MINUTES],
          [0, to - WEEK_MINUTES],
        ];
  });
}

/** Weekdays in order and once each, days in order. A shift lasts a day at most, so a pattern never runs into itself. */
export function checkedPattern<P extends Pick<Pattern, 'weekdays' | 'from' | 'to'>>(pattern: P): P {
  if (pattern.to === null || pattern.to > pattern.from) {
    return { ...pattern, weekdays: [...new Set(pattern.weekdays)].sort() };
  }
  throw new DomainError('invalid', 'period_empty', `It ends (${pattern.to}) before it begins.`, {
    field: 'to',
    mend: `Give a day after ${pattern.from}, or none.`,
  });
}

/** The shifts of a pattern that begin on days from one to another, half-open, on the clock of the site. */
export function shiftsOf(pattern: Pattern, from: Day, until: Day, zone: string): (Span & { day: Day })[] {
  const first = pattern.from > from ? pattern.from : from;
  const last = pattern.to !== null && pattern.to < until ? pattern.to : until;
  const shifts: (Span & { day: Day })[] = [];
  for (
    let at = DateTime.fromISO(first, { zone });
    at.toFormat('yyyy-MM-dd') < last;
    at = at.plus({ days: 1 })
  ) {
    if (!pattern.weekdays.includes(at.weekday)) continue;
    const day = at.toFormat('yyyy-MM-dd');
    const start = DateTime.fromISO(`${day}T${pattern.starts}`, { zone });
    const endDay = pattern.ends <= pattern.starts ? at.plus({ days: 1 }).toFormat('yyyy-MM-dd') : day;
    shifts.push({
      day,
      start: start.toJSDate(),
      end: DateTime.fromISO(`${endDay}T${pattern.ends}`, { zone }).toJSDate(),
    });
  }
  return shifts;
}

/** When somebody really works: shifts without the absences, those that meet at one place joined, by their start. */
export function workingTimes(shifts: readonly Working[], absences: readonly Span[]): Working[] {
  const present = absences.reduce<Working[]>(
    (left, absence) => left.flatMap((shift) => without(shift, absence)),
    [...shifts],
  );
  return present
    .sort((a, b) => a.start.getTime() - b.start.getTime())
    .reduce<Working[]>((joined, shift) => {
      const last = joined.at(-1);
      const meets = last && last.end.getTime() === shift.start.getTime();
      if (meets && last.siteId === shift.siteId && last.purpose === shift.purpose) {
        joined[joined.length - 1] = { ...last, end: shift.end };
      } else joined.push(shift);
      return joined;
    }, []);
}

function without(shift: Working, absence: Span): Working[] {
  if (absence.end <= shift.start || shift.end <= absence.start) return [shift];
  const before = { ...shift, end: absence.start };
  const after = { ...shift, start: absence.end };
  return [before, after].filter(({ start, end }) => start < end);
}

function minutesOf(clock: string): number {
  return Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));
}

function lengthOf(starts: string, ends: string): number {
  const length = minutesOf(ends) - minutesOf(starts);
  return length > 0 ? length : length + DAY_MINUTES;
}
