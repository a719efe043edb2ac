import type {
  AbsenceRecorded,
  AbsenceReplaced,
  CareDayGivenBack,
  CareDayReserved,
  PlacementChanged,
  PlacementStarted,
} from '@doorstep/contracts';
import type { Day } from '@doorstep/kernel';

export type DayFact =
  | PlacementStarted
  | PlacementChanged
  | CareDayReserved
  | CareDayGivenBack
  | AbsenceRecorded
  | AbsenceReplaced;

/** What a fact says of one day of a placement. */
export interface DaySaid {
  day: Day;
  comes: boolean;
  /** Wall clock; null: as the weekday is planned. */
  fromAt: string | null;
  toAt: string | null;
}

const AS_PLANNED = { fromAt: null, toAt: null };

/** The days that a fact names one by one; most placements begin without any. */
export function daysSaid(fact: DayFact): DaySaid[] {
  if ('reserved' in fact) return [{ ...fact.reserved, comes: true }];
  if ('day' in fact) return [{ day: fact.day, comes: false, ...AS_PLANNED }];
  if ('absenceId' in fact) return fact.days.map(({ day }) => ({ day, comes: false, ...AS_PLANNED }));
  if ('pattern' in fact) return (fact.days ?? []).map((day) => ({ ...day, comes: true }));
  return fact.days.map((day) => ({ day, comes: true, ...AS_PLANNED }));
}
