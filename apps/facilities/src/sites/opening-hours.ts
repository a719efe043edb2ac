import { type Day, isDay } from '@doorstep/kernel';
import type { Fault } from '../faults';
import { addDays, daysBetween, instantOf, localTimeOf, minutesOf, WALL_CLOCK, weekdayOf } from './wall-clock';

/** Open from–to in site-local time. `closes` at or before `opens` lies after midnight; a span belongs to the day it opens. */
export interface Span {
  opens: string;
  closes: string;
}

export interface WeeklySpan extends Span {
  /** ISO weekday, 1 = Monday. */
  weekday: number;
}

/** What holds from a day to another (half-open) instead of the weekly hours; no spans: closed. */
export interface OpeningOverride {
  from: Day;
  to: Day;
  /** With a weekday: on that day of the week only. */
  spans: (Span & { weekday?: number })[];
  reason?: string;
  /** National holidays and make-up workdays yield to the site's own override of the same length. */
  source: 'site' | 'holiday';
}

export interface OpeningHours {
  /** IANA zone. */
  timeZone: string;
  weekly: WeeklySpan[];
  overrides: OpeningOverride[];
}

/** Half-open span of instants. */
export interface Interval {
  start: Date;
  end: Date;
}

const DAY_MINUTES = 1440;
const WEEK_MINUTES = 7 * DAY_MINUTES;
const SPANS_MAX = 50;
const OVERRIDES_MAX = 400;
/** Widest window that is asked about at once. */
const WINDOW_DAYS_MAX = 400;

/** The override that holds on a day: the shortest, then the site's own, then the one that begins later. */
export function overrideOn(overrides: readonly OpeningOverride[], day: Day): OpeningOverride | undefined {
  let best: OpeningOverride | undefined;
  for (const override of overrides) {
    if (override.from <= day && day < override.to && (!best || yields(best, override))) best = override;
  }
  return best;
}

function yields(held: OpeningOverride, other: OpeningOverride): boolean {
  const longer = daysBetween(held.from, held.to) - daysBetween(other.from, other.to);
  if (longer !== 0) return longer > 0;
  if (held.source !== other.source) return other.source === 'site';
  return other.from >= held.from;
}

/** The spans that open on a day, earliest first. */
export function spansOn(hours: OpeningHours, day: Day): Span[] {
  const weekday = weekdayOf(day);
  const override = overrideOn(hours.overrides, day);
  const spans = override
    ? override.spans.filter((span) => span.weekday === undefined || span.weekday === weekday)
    : hours.weekly.filter((span) => span.weekday === weekday);
  return spans
    .map(({ opens, closes }) => ({ opens, closes }))
    .sort((a, b) => (a.opens < b.opens ? -1 : a.opens > b.opens ? 1 : 0));
}

/** Each day from `from` on, for so many days, on which an override holds, with what holds then. */
export function exceptionDays(
  hours: OpeningHours,
  from: Day,
  days: number,
): { day: Day; reason?: string; spans: Span[] }[] {
  const end = addDays(from, days);
  const touched = new Set<Day>();
  for (const override of hours.overrides) {
    const last = override.to < end ? override.to : end;
    for (let day = override.from < from ? from : override.from; day < last; day = addDays(day, 1))
      touched.add(day);
  }
  return [...touched].sort().map((day) => {
    const reason = overrideOn(hours.overrides, day)?.reason;
    return { day, ...(reason !== undefined && { reason }), spans: spansOn(hours, day) };
  });
}

export function isOpenAt(hours: OpeningHours, at: Date): boolean {
  const { day } = localTimeOf(at, hours.timeZone);
  return [addDays(day, -1), day].some((candidate) =>
    openingsOf(hours, candidate).some(({ start, end }) => start <= at && at < end),
  );
}

/** When the site is open between two instants: disjoint, in order, cut at the window's ends. */
export function openBetween(hours: OpeningHours, from: Date, to: Date): Interval[] {
  const first = addDays(localTimeOf(from, hours.timeZone).day, -1);
  const last = localTimeOf(to, hours.timeZone).day;
  const days = Math.min(daysBetween(first, last), WINDOW_DAYS_MAX);
  const openings: Interval[] = [];
  for (let i = 0; i <= days; i++) openings.push(...openingsOf(hours, addDays(first, i)));
  const clipped = openings
    .map(({ start, end }) => ({ start: start < from ? from : start, end: end > to ? to : end }))
    .filter(({ start, end }) => start < end);
  return merged(clipped);
}

function openingsOf(hours: OpeningHours, day: Day): Interval[] {
  return spansOn(hours, day)
    .map(({ opens, closes }) => {
      const start = minutesOf(opens);
      return {
        start: instantOf(day, start, hours.timeZone),
        end: instantOf(day, start + lengthOf({ opens, closes }), hours.timeZone),
      };
    })
    .filter(({ start, end }) => start < end);
}

function merged(intervals: Interval[]): Interval[] {
  const result: Interval[] = [];
  for (const next of intervals.sort((a, b) => a.start.getTime() - b.start.getTime())) {
    const last = result.at(-1);
    if (!last || last.end < next.start) result.push({ ...next });
    else if (last.end < next.end) last.end = next.end;
  }
  return result;
}

/** Minutes on the clock from opening to closing; the same time twice is the whole day round. */
export function lengthOf({ opens, closes }: Span): number {
  const length = minutesOf(closes) - minutesOf(opens);
  return length > 0 ? length : length + DAY_MINUTES;
}

/** Whether a wall-clock window of a weekday lies inside the weekly hours, which may touch at midnight. */
export function weeklyHoursCover(
  weekly: readonly WeeklySpan[],
  weekday: number,
  starts: string,
  ends: string,
): boolean {
  const start = (weekday - 1) * DAY_MINUTES + minutesOf(starts);
  const end = start + lengthOf({ opens: starts, closes: ends });
  let covered = start;
  // Sunday's late spans reach into Monday, so the week is laid out twice.
  const spans = weekSpans(weekly).flatMap((span) =>
    [-WEEK_MINUTES, 0, WEEK_MINUTES].map((shift) => shifted(span, shift)),
  );
  for (const span of spans.sort((a, b) => a.start - b.start)) {
    if (span.start <= covered && span.end > covered) covered = span.end;
  }
  return covered >= end;
}

/** What is wrong with weekly hours: each field, and spans that overlap, over midnight too. */
export function weeklyHoursFaults(weekly: readonly WeeklySpan[], field: string): Fault[] {
  const faults = weekly.flatMap((span, i) => spanFaults(span, `${field}[${i}]`));
  if (weekly.length > SPANS_MAX) {
    faults.push({ field, reason: `has ${weekly.length} spans`, mend: `Give at most ${SPANS_MAX}.` });
  }
  return faults.length > 0 ? faults : overlapFaults(weekSpans(weekly), field, WEEK_MINUTES);
}

/** What is wrong with overrides. */
export function overrideFaults(overrides: readonly OpeningOverride[], field: string): Fault[] {
  const faults = overrides.flatMap((override, i) => {
    const at = `${field}[${i}]`;
    const days = [override.from, override.to].every(isDay) && override.from < override.to;
    if (!days) {
      return [
        {
          field: at,
          reason: 'has no period of days',
          mend: 'Give real days as YYYY-MM-DD, the end after the beginning.',
        },
      ];
    }
    const spans = override.spans.flatMap((span, s) => spanFaults(span, `${at}.spans[${s}]`));
    return spans.length > 0 ? spans : overlapOnOneDay(override, at);
  });
  if (overrides.length <= OVERRIDES_MAX) return faults;
  return [
    ...faults,
    { field, reason: `has ${overrides.length} entries`, mend: `Give at most ${OVERRIDES_MAX}.` },
  ];
}

function overlapOnOneDay(override: OpeningOverride, at: string): Fault[] {
  return [1, 2, 3, 4, 5, 6, 7]
    .flatMap((weekday) => {
      const spans = override.spans
        .map((span, index) => ({ span, index }))
        .filter(({ span }) => span.weekday === undefined || span.weekday === weekday)
        .map(({ span, index }) => ({
          index,
          start: minutesOf(span.opens),
          end: minutesOf(span.opens) + lengthOf(span),
        }));
      return overlapFaults(spans, `${at}.spans`).slice(0, 1);
    })
    .slice(0, 1);
}

interface LaidOut {
  index: number;
  start: number;
  end: number;
}

function weekSpans(weekly: readonly WeeklySpan[]): LaidOut[] {
  return weekly.map((span, index) => {
    const start = (span.weekday - 1) * DAY_MINUTES + minutesOf(span.opens);
    return { index, start, end: start + lengthOf(span) };
  });
}

function shifted({ index, start, end }: LaidOut, by: number): LaidOut {
  return { index, start: start + by, end: end + by };
}

function spanFaults(span: Span & { weekday?: number }, field: string): Fault[] {
  const faults: Fault[] = [];
  const { weekday, opens, closes } = span;
  if (weekday !== undefined && !(Number.isInteger(weekday) && weekday >= 1 && weekday <= 7)) {
    faults.push({
      field: `${field}.weekday`,
      reason: 'is no weekday',
      mend: 'Give 1 (Monday) to 7 (Sunday).',
    });
  }
  if (!WALL_CLOCK.test(opens) || opens === '24:00') {
    faults.push({ field: `${field}.opens`, reason: 'is no opening time', mend: 'Give 00:00 to 23:59.' });
  }
  if (!WALL_CLOCK.test(closes)) {
    faults.push({ field: `${field}.closes`, reason: 'is no closing time', mend: 'Give 00:00 to 24:00.' });
  }
  return faults;
}

/** Neighbours in time that overlap; around the clock of `cycle` minutes when there is one. */
function overlapFaults(spans: LaidOut[], field: string, cycle?: number): Fault[] {
  const sorted = [...spans].sort((a, b) => a.start - b.start);
  const ring = cycle && sorted.length > 0 ? [...sorted, shifted(sorted[0], cycle)] : sorted;
  return ring.slice(1).flatMap((next, i) => {
    const former = ring[i];
    if (next.start >= former.end) return [];
    const reason = former.index === next.index ? 'overlaps itself' : `overlaps ${field}[${former.index}]`;
    return [
      {
        field: `${field}[${next.index}]`,
        reason,
        mend: 'Join the spans, or let one end where the next begins.',
      },
    ];
  });
}
