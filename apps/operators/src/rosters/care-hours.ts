import type { DayPart, PlannedWeekday } from '@doorstep/contracts';
import { type Day, plannedWeekday } from '@doorstep/kernel';
import { DateTime } from 'luxon';
import type { Span } from './roster';

/** A child with a place in a group, and what is known of one of its days. */
export interface Placed {
  pattern: PlannedWeekday[];
  /** The group's, wall clock; null: not told. */
  opensAt: string | null;
  noonAt: string | null;
  closesAt: string | null;
  /** Hours that were reserved for this very day; null: none. */
  fromAt: string | null;
  toAt: string | null;
}

/** Where a group's hours were never told. */
const USUAL_NOON = '12:00';

/**
 * When a child with a place is there on a day: at the hours that were reserved for it, else for its part of the group's
 * hours.
 *
 * @param open what the offering runs on that day, for groups whose own hours were never told
 */
export function hoursOf(placed: Placed, day: Day, zone: string, open: readonly Span[]): Span[] {
  const at = (clock: string): Date => DateTime.fromISO(`${day}T${clock}`, { zone }).toJSDate();
  const { fromAt, toAt, opensAt, closesAt } = placed;
  if (fromAt !== null && toAt !== null) return [{ start: at(fromAt), end: at(toAt) }];
  const part = partOn(placed.pattern, day);
  if (part === undefined) return [];
  const whole = opensAt === null || closesAt === null ? open : [{ start: at(opensAt), end: at(closesAt) }];
  const noon = at(placed.noonAt ?? USUAL_NOON);
  return whole
    .map(({ start, end }) => ({
      start: part === 'afternoon' && noon > start ? noon : start,
      end: part === 'morning' && noon < end ? noon : end,
    }))
    .filter(({ start, end }) => start < end);
}

function partOn(pattern: readonly PlannedWeekday[], day: Day): DayPart | undefined {
  const weekday = plannedWeekday(day, new Set(pattern.map((planned) => planned.weekday)));
  return pattern.find((planned) => planned.weekday === weekday)?.part;
}
