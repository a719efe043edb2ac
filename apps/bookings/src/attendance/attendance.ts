import { DomainError } from '@doorstep/kernel';
import type { AbsenceKind } from '../absences/absence';

export const SYMPTOMS = [
  'cough',
  'runny_nose',
  'sore_throat',
  'rash',
  'vomiting',
  'diarrhoea',
  'conjunctivitis',
  'mouth_sores',
  'injury',
] as const;
export type Symptom = (typeof SYMPTOMS)[number];

export const OUTCOMES = ['checked_in', 'attended', 'refused', 'absent'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** What is found at the door. */
export interface HealthCheck {
  /** Tenths of a degree Celsius. */
  temperatureTenths: number;
  symptoms: readonly Symptom[];
}

export interface DoorRule {
  feverFromTenths: number;
  refusedSymptoms: readonly string[];
}

/** Why a child isn't let in today; empty: it comes in. */
export function findings(check: HealthCheck, rule: DoorRule): string[] {
  const refused = check.symptoms.filter((symptom) => rule.refusedSymptoms.includes(symptom));
  return check.temperatureTenths >= rule.feverFromTenths ? ['fever', ...refused] : [...refused];
}

/** What is known of a child's day; null: nothing was recorded. */
export interface DayFacts {
  outcome: Outcome | null;
  absent: boolean;
}

export function assertMayCheckIn({ outcome, absent }: DayFacts): void {
  if (absent) {
    throw new DomainError('conflict', 'day_absent', 'The child was told to be absent.', {
      mend: 'Reserve the day first: that replaces the absence.',
    });
  }
  if (outcome === null) return;
  throw new DomainError('conflict', `attendance_${outcome}`, `The child's day is ${outcome} already.`, {
    mend: 'Use POST …/correction to change what was recorded.',
  });
}

export function assertMayCheckOut({ outcome }: DayFacts): void {
  if (outcome === 'checked_in') return;
  throw new DomainError('conflict', `attendance_${outcome ?? 'none'}`, 'The child has not been checked in.', {
    mend: outcome === null ? 'Check it in first.' : 'Use POST …/correction to change what was recorded.',
  });
}

const MINUTE_MS = 60_000;

/** Minutes of a stay, and how late the pick-up was: nothing within the grace, all of it beyond. */
export function stayOf(
  checkedInAt: Date,
  checkedOutAt: Date,
  plannedEnd: Date,
  graceMinutes: number,
): { minutes: number; lateMinutes: number } {
  const minutes = Math.floor((checkedOutAt.getTime() - checkedInAt.getTime()) / MINUTE_MS);
  if (minutes < 0 || minutes > 1440) {
    throw new DomainError(
      'invalid',
      'stay_invalid',
      'The child left before it came, or after more than a day.',
      {
        field: 'checkedOutAt',
        mend: 'Correct the times.',
      },
    );
  }
  const late = Math.max(0, Math.floor((checkedOutAt.getTime() - plannedEnd.getTime()) / MINUTE_MS));
  return { minutes, lateMinutes: late > graceMinutes ? late : 0 };
}

/** A day as the month counts it: what was recorded goes before what was told. */
export interface CountedDay {
  outcome: Outcome | null;
  /** Of the record where it is an absence, else of the plan. */
  absenceKind: AbsenceKind | null;
  minutes: number;
  lateMinutes: number;
  spentMinutes: number | null;
}

/** A month of a placement in numbers; the fields of AttendanceTotals in libs/contracts. */
export interface Totals {
  daysPlanned: number;
  daysAttended: number;
  daysSick: number;
  daysAbsentPlanned: number;
  daysAbsentUnplanned: number;
  daysClosed: number;
  daysForceMajeure: number;
  minutesAttended: number;
  latePickups: number;
  latePickupMinutes: number;
  minutesReserved: number;
  daysReserved: number;
}

const FIELD_OF: Record<AbsenceKind, keyof Totals> = {
  sick: 'daysSick',
  planned: 'daysAbsentPlanned',
  unplanned: 'daysAbsentUnplanned',
  closure: 'daysClosed',
  force_majeure: 'daysForceMajeure',
};

export function totalsOf(days: readonly CountedDay[]): Totals {
  const totals = noDays();
  for (const day of days) {
    totals.daysPlanned += 1;
    totals[fieldOf(day)] += 1;
    totals.minutesAttended += day.minutes;
    totals.latePickups += day.lateMinutes > 0 ? 1 : 0;
    totals.latePickupMinutes += day.lateMinutes;
    totals.minutesReserved += day.spentMinutes ?? 0;
    totals.daysReserved += day.spentMinutes === null ? 0 : 1;
  }
  return totals;
}

/** A child that nobody recorded and nobody excused was absent without a word. */
function fieldOf({ outcome, absenceKind }: CountedDay): keyof Totals {
  if (outcome === 'attended' || outcome === 'checked_in') return 'daysAttended';
  if (outcome === 'refused') return 'daysSick';
  return FIELD_OF[absenceKind ?? 'unplanned'];
}

export function noDays(): Totals {
  return {
    daysPlanned: 0,
    daysAttended: 0,
    daysSick: 0,
    daysAbsentPlanned: 0,
    daysAbsentUnplanned: 0,
    daysClosed: 0,
    daysForceMajeure: 0,
    minutesAttended: 0,
    latePickups: 0,
    latePickupMinutes: 0,
    minutesReserved: 0,
    daysReserved: 0,
  };
}

/** What one revision of a month differs by from the one before. */
export function deltaOf(before: Totals, after: Totals): Totals {
  const delta = noDays();
  for (const field of Object.keys(delta) as (keyof Totals)[]) delta[field] = after[field] - before[field];
  return delta;
}

export function isNothing(delta: Totals): boolean {
  return Object.values(delta).every((value) => value === 0);
}
