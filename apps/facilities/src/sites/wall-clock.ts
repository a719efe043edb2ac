import type { Day } from '@doorstep/kernel';
import { IANAZone } from 'luxon';

/** Wall-clock time of day, 'HH:MM', '24:00' being the end of the day. */
export const WALL_CLOCK = /^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/;

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

export function minutesOf(wallClock: string): number {
  return Number(wallClock.slice(0, 2)) * 60 + Number(wallClock.slice(3));
}

export function addDays(day: Day, days: number): Day {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

export function daysBetween(from: Day, to: Day): number {
  return (Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS;
}

/** ISO weekday, 1 = Monday. */
export function weekdayOf(day: Day): number {
  return new Date(`${day}T00:00:00Z`).getUTCDay() || 7;
}

/** True for an IANA zone that this machine knows, such as Asia/Shanghai. Offsets like +08:00 are not zones. */
export function isTimeZone(name: string): boolean {
  return /^[A-Za-z]/.test(name) && IANAZone.isValidZone(name);
}

/** The local day and minute of an instant. */
export function localTimeOf(instant: Date, timeZone: string): { day: Day; minute: number } {
  const local = instant.getTime() + offsetMs(instant.getTime(), timeZone);
  const day = new Date(local).toISOString().slice(0, 10);
  return { day, minute: Math.floor((local - Date.parse(`${day}T00:00:00Z`)) / MINUTE_MS) };
}

/**
 * The instant at which clocks show so many minutes after the day's midnight; more than 1440 is a later day. A time that
 * clocks jump over is the moment of the jump, one that they show twice is the first: so later wall-clock time never
 * means an earlier instant, and no span turns inside out.
 */
export function instantOf(day: Day, minutes: number, timeZone: string): Date {
  const wall = Date.parse(`${day}T00:00:00Z`) + minutes * MINUTE_MS;
  const before = offsetMs(wall - DAY_MS, timeZone);
  const after = offsetMs(wall + DAY_MS, timeZone);
  const first = wall - Math.max(before, after);
  const second = wall - Math.min(before, after);
  if (first + offsetMs(first, timeZone) === wall) return new Date(first);
  if (second + offsetMs(second, timeZone) === wall) return new Date(second);
  return new Date(jumpBetween(first, second, timeZone));
}

/** The minute of the transition between two instants that lie on either side of it. */
function jumpBetween(earlier: number, later: number, timeZone: string): number {
  const former = offsetMs(earlier, timeZone);
  let low = earlier;
  let high = later;
  while (high - low > MINUTE_MS) {
    const middle = low + Math.floor((high - low) / 2 / MINUTE_MS) * MINUTE_MS;
    if (offsetMs(middle, timeZone) === former) low = middle;
    else high = middle;
  }
  return high;
}

function offsetMs(instantMs: number, timeZone: string): number {
  return IANAZone.create(timeZone).offset(instantMs) * MINUTE_MS;
}
