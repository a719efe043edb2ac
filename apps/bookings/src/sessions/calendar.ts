import { DomainError, type Day } from '@doorstep/kernel';
import { DateTime } from 'luxon';

/** A span of opening on one weekday, site-local; `closes` at or before `opens` lies on the next day. */
export interface WeeklySpan {
  /** ISO weekday, 1 = Monday. */
  weekday: number;
  opens: string;
  closes: string;
}

/** What holds on one day instead of the weekly hours; no spans: closed. */
export interface DayException {
  day: Day;
  spans: { opens: string; closes: string }[];
}

export interface SiteHours {
  /** IANA zone. */
  timeZone: string;
  openingHours: readonly WeeklySpan[];
  openingExceptions: readonly DayException[];
}

/** When an offering runs; with `slotMinutes` the window is cut into slots of that length, without it is one session. */
export interface Window {
  weekday: number;
  starts: string;
  ends: string;
  slotMinutes?: number;
}

/** One session of the calendar: instants in UTC, and the site-local day on which it starts. */
export interface Occurrence {
  start: Date;
  end: Date;
  day: Day;
}

interface Span {
  from: number;
  to: number;
}

const MINUTE_MS = 60_000;

/**
 * The sessions of the windows that begin on the site-local days `from` (in) to `to` (out). Each lies wholly inside an open
 * span, where spans that touch (20:00–24:00 and 00:00–06:00) count as one. Slots are cut in elapsed time, so on the day
 * of a clock change none is longer, shorter or doubled. Where windows overlap so that two sessions would start at the
 * same instant, the first window wins. A slot after midnight belongs to the day on which it starts itself.
 */
export function occurrencesOf(
  schedule: readonly Window[],
  hours: SiteHours,
  from: Day,
  to: Day,
): Occurrence[] {
  const open = openSpans(hours, from, to);
  const found = new Map<number, Occurrence>();
  for (let day = from; day < to; day = dayAfter(day)) {
    const weekday = weekdayOf(day);
    for (const window of schedule) {
      if (window.weekday !== weekday) continue;
      const span = spanOf(day, window.starts, window.ends, hours.timeZone);
      for (const slot of slotsOf(span, window.slotMinutes)) {
        if (found.has(slot.from) || !open.some((o) => o.from <= slot.from && slot.to <= o.to)) continue;
        const start = new Date(slot.from);
        found.set(slot.from, { start, end: new Date(slot.to), day: localDay(start, hours.timeZone) });
      }
    }
  }
  return [...found.values()].sort((a, b) => a.start.getTime() - b.start.getTime());
}

/** The site-local day of an instant. */
export function localDay(instant: Date, timeZone: string): Day {
  return assertZone(DateTime.fromJSDate(instant, { zone: timeZone }), timeZone).toISODate();
}

/** The instant at which a site-local day begins. */
export function startOfDay(day: Day, timeZone: string): Date {
  return new Date(instantOf(day, '00:00', timeZone));
}

export function addDays(day: Day, days: number): Day {
  return DateTime.fromISO(day, { zone: 'utc' }).plus({ days }).toISODate() as Day;
}

/** Open spans that can touch the days `from` to `to`, in order, with neighbours that touch or overlap made one. */
function openSpans(hours: SiteHours, from: Day, to: Day): Span[] {
  const exceptions = new Map(hours.openingExceptions.map((exception) => [exception.day, exception.spans]));
  const spans: Span[] = [];
  // The night before reaches into the first day, and a window of the last day may reach into the next one.
  for (let day = addDays(from, -1); day <= to; day = dayAfter(day)) {
    const weekday = weekdayOf(day);
    const ofDay = exceptions.get(day) ?? hours.openingHours.filter((span) => span.weekday === weekday);
    for (const { opens, closes } of ofDay) spans.push(spanOf(day, opens, closes, hours.timeZone));
  }
  return joined(spans);
}

function joined(spans: Span[]): Span[] {
  const result: Span[] = [];
  for (const span of spans.sort((a, b) => a.from - b.from)) {
    const last = result.at(-1);
    if (last && span.from <= last.to) last.to = Math.max(last.to, span.to);
    else result.push({ ...span });
  }
  return result;
}

function spanOf(day: Day, starts: string, ends: string, timeZone: string): Span {
  const endDay = ends <= starts ? dayAfter(day) : day;
  return { from: instantOf(day, starts, timeZone), to: instantOf(endDay, ends, timeZone) };
}

function slotsOf(span: Span, slotMinutes: number | undefined): Span[] {
  // A clock change can swallow a short window whole.
  if (span.to <= span.from) return [];
  if (slotMinutes === undefined) return [span];
  const length = slotMinutes * MINUTE_MS;
  const slots: Span[] = [];
  for (let at = span.from; at + length <= span.to; at += length) slots.push({ from: at, to: at + length });
  return slots;
}

/** Milliseconds since 1970 of a wall-clock time; one that a clock change skips moves forward by the skipped time. */
function instantOf(day: Day, clock: string, timeZone: string): number {
  if (clock === '24:00') return instantOf(dayAfter(day), '00:00', timeZone);
  return assertZone(DateTime.fromISO(`${day}T${clock}`, { zone: timeZone }), timeZone).toMillis();
}

function assertZone(at: DateTime, timeZone: string): DateTime<true> {
  if (at.isValid) return at as DateTime<true>;
  throw new DomainError('invalid', 'time_zone_unknown', `${timeZone} is not a time zone.`, {
    field: 'timeZone',
    mend: 'Give an IANA zone, such as Asia/Shanghai.',
  });
}

function dayAfter(day: Day): Day {
  return addDays(day, 1);
}

function weekdayOf(day: Day): number {
  return DateTime.fromISO(day, { zone: 'utc' }).weekday;
}
