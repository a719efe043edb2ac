import { ageYears, type Day, DomainError, plannedWeekday } from '@doorstep/kernel';
import { type AgeClass, outgrownOn, type Outgrows, type Standard } from '../standards/standard';
import { daysBetween } from './workdays';

export const CARE_MODES = ['full_day', 'half_day', 'timed', 'temporary'] as const;
export type CareMode = (typeof CARE_MODES)[number];
export const DAY_PARTS = ['day', 'morning', 'afternoon'] as const;
export type DayPart = (typeof DAY_PARTS)[number];

export const PLACEMENT_STATUSES = ['offered', 'standing', 'ended', 'declined', 'expired'] as const;
export type PlacementStatus = (typeof PLACEMENT_STATUSES)[number];

/** A weekday on which the child comes. */
export interface PlannedWeekday {
  /** ISO weekday, 1 = Monday. */
  weekday: number;
  part: DayPart;
}

/** On what terms a child has its place. */
export interface Terms {
  mode: CareMode;
  pattern: readonly PlannedWeekday[];
  /** Timed care by the hour: minutes a month. */
  contingentMinutes: number | null;
  /** Timed care by the day: days a month. */
  contingentDays: number | null;
}

/** When a group's day begins, is halved and ends; wall clock, HH:MM. */
export interface GroupHours {
  opensAt: string;
  noonAt: string;
  closesAt: string;
}

/** One day on which a child is to come. */
export interface PlannedDay {
  day: Day;
  /** Postgres range of halves: the morning is [0,1), the afternoon [1,2). */
  halves: string;
  fromAt: string;
  toAt: string;
}

/** Weekdays as the database keeps them: Monday first, 0 none, 1 morning, 2 afternoon, 3 both. */
export function patternOf(weekdays: readonly PlannedWeekday[]): number[] {
  const pattern = [0, 0, 0, 0, 0, 0, 0];
  for (const { weekday, part } of weekdays) pattern[weekday - 1] = PART_BITS[part];
  return pattern;
}
const PART_BITS: Record<DayPart, number> = { day: 3, morning: 1, afternoon: 2 };

export function weekdaysOf(pattern: readonly number[]): PlannedWeekday[] {
  return pattern.flatMap((bits, n) => (bits === 0 ? [] : [{ weekday: n + 1, part: PARTS[bits] as DayPart }]));
}
const PARTS: Record<number, DayPart> = { 1: 'morning', 2: 'afternoon', 3: 'day' };

/** Checks that terms are of one piece: a pattern for days that recur, one contingent for timed care. */
export function checkTerms(terms: Terms): Terms {
  const { mode, pattern, contingentMinutes, contingentDays } = terms;
  const contingents = [contingentMinutes, contingentDays].filter((each) => each !== null).length;
  if (mode === 'timed') {
    if (contingents !== 1)
      throw wrong('contingentDays', 'Timed care has hours or days a month, one of both.');
    if (pattern.length > 0) throw wrong('pattern', 'Timed care is reserved day by day.');
    return terms;
  }
  if (contingents > 0) throw wrong('contingentDays', 'Only timed care has a contingent.');
  if (mode === 'temporary') return terms;
  if (pattern.length === 0) throw wrong('pattern', 'Give the weekdays on which the child comes.');
  if (new Set(pattern.map(({ weekday }) => weekday)).size < pattern.length)
    throw wrong('pattern', 'A weekday stands there twice.');
  const whole = pattern.some(({ part }) => part === 'day');
  if (mode === 'half_day' && whole) throw wrong('pattern', 'Half-day care has mornings and afternoons.');
  if (mode === 'full_day' && !whole) throw wrong('pattern', 'Full-day care has at least one whole day.');
  return terms;
}

/** The days that a weekly pattern plans in a half-open span, with the public calendar in mind. */
export function plannedDays(pattern: readonly number[], hours: GroupHours, from: Day, to: Day): PlannedDay[] {
  const weekdays = new Set(pattern.flatMap((bits, n) => (bits > 0 ? [n + 1] : [])));
  return daysBetween(from, to).flatMap((day) => {
    const weekday = plannedWeekday(day, weekdays);
    return weekday !== undefined && weekdays.has(weekday)
      ? [plannedDay(day, pattern[weekday - 1] as number, hours)]
      : [];
  });
}

export function plannedDay(day: Day, bits: number, { opensAt, noonAt, closesAt }: GroupHours): PlannedDay {
  const fromAt = bits === 2 ? noonAt : opensAt;
  const toAt = bits === 1 ? noonAt : closesAt;
  return { day, halves: `[${bits === 2 ? 1 : 0},${bits === 1 ? 1 : 2})`, fromAt, toAt };
}

export function dayOfPart(day: Day, part: DayPart, hours: GroupHours): PlannedDay {
  return plannedDay(day, PART_BITS[part], hours);
}

/** A stay of some hours takes the halves of the day that it touches. */
export function dayOfHours(day: Day, fromAt: string, toAt: string, hours: GroupHours): PlannedDay {
  if (toAt <= fromAt) throw wrong('to', 'The end lies after the beginning.');
  if (fromAt < hours.opensAt || toAt > hours.closesAt)
    throw wrong('from', `The group is open from ${hours.opensAt} to ${hours.closesAt}.`);
  const bits = (fromAt < hours.noonAt ? 1 : 0) + (toAt > hours.noonAt ? 2 : 0);
  return { ...plannedDay(day, bits, hours), fromAt, toAt };
}

/** Minutes between two wall-clock times of one day. */
export function minutesBetweenTimes(fromAt: string, toAt: string): number {
  const minutes = (at: string): number => Number(at.slice(0, 2)) * 60 + Number(at.slice(3));
  return minutes(toAt) - minutes(fromAt);
}

export type EndsBecause = 'term_over' | Outgrows;

/** The term of a placement: as asked, and never beyond the day on which the child is too old for the group. */
export function termOf(
  standards: readonly Standard[],
  ageClass: AgeClass,
  birthDate: Day,
  from: Day,
  to: Day | null,
): { from: Day; to: Day; because: EndsBecause } {
  if (to !== null && to <= from)
    throw wrong('to', 'The end is the first day that is out: after the beginning.');
  const outgrown = outgrownOn(standards, ageClass, birthDate, from);
  if (to !== null && to < outgrown.day) return { from, to, because: 'term_over' };
  if (outgrown.day === from)
    throw new DomainError('invalid', 'not_eligible_age', `The child is too old for the group on ${from}.`, {
      mend: 'Choose the group of its age.',
      because: outgrown.because,
      day: from,
    });
  return { from, to: outgrown.day, because: outgrown.because };
}

export interface ConsentFacts {
  birthDate: Day;
  erased: boolean;
  /** Who gave the standing consent to booking; null: nobody. */
  consentBy: string | null;
}

const GUARDIAN_NEEDED_BELOW_YEARS = 14;

/** A place needs the consent of a guardian (PIPL § 31). */
export function assertConsent({ birthDate, erased, consentBy }: ConsentFacts, today: Day): void {
  if (erased) {
    throw new DomainError('conflict', 'resident_erased', 'What was known of this child has been erased.', {
      mend: 'Register the child anew.',
    });
  }
  const needsGuardian = ageYears(birthDate, today) < GUARDIAN_NEEDED_BELOW_YEARS;
  if (consentBy !== null && !(needsGuardian && consentBy === 'self')) return;
  throw new DomainError('conflict', 'no_consent', 'No guardian has consented to bookings for the child.', {
    mend: 'Record the consent with POST /v1/residents/{id}/consents.',
  });
}

function wrong(field: string, reason: string): DomainError {
  return new DomainError('invalid', 'terms_invalid', reason, {
    field,
    mend: 'Correct the field and try again.',
  });
}
