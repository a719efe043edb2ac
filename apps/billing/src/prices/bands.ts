import { DomainError, type Day, type Fen } from '@doorstep/kernel';
import { getDayDetail } from 'chinese-days';
import { DateTime } from 'luxon';
import { addDays } from '../shared/days';

/**
 * workday: what China works on, make-up days (调休) among them. holiday: a public holiday of the State Council's yearly
 * notice. weekend: the Saturdays and Sundays that are neither.
 */
export const DAY_TYPES = ['workday', 'weekend', 'holiday'] as const;
export type DayType = (typeof DAY_TYPES)[number];

/** Hours of a day, by the site's own clock, at which another amount holds than the price's own. */
export interface Band {
  days: DayType[];
  /** 'HH:MM' */
  from: string;
  /** 'HH:MM', first minute that is out; '24:00' is the end of the day. */
  to: string;
  amountFen: Fen;
}

/** From this minute of a stay on, one unit costs so much. */
export interface Span {
  fromMinute: number;
  amountFen: Fen;
}

export const BANDS_MAX = 24;
/** Longest stay that is laid out along the clock. */
export const BANDED_DAYS_MAX = 31;

const DAY_MINUTES = 1440;
const MINUTE_MS = 60_000;

const dayTypes = new Map<Day, DayType>();

/** By package chinese-days, which follows the notices; a year whose notice isn't out has weekends only. */
export function dayTypeOf(day: Day): DayType {
  const known = dayTypes.get(day);
  if (known) return known;
  const { work, name } = getDayDetail(day);
  // Ordinary days bear the name of their weekday alone.
  const type = work ? 'workday' : name.includes(',') ? 'holiday' : 'weekend';
  if (dayTypes.size > DAYS_REMEMBERED_MAX) dayTypes.clear();
  dayTypes.set(day, type);
  return type;
}
const DAYS_REMEMBERED_MAX = 4_000;

/** Refuses bands that are empty, that meet on one sort of day, or whose price is by the month. */
export function assertBandsSound(bands: readonly Band[], unit: string): void {
  if (bands.length > 0 && unit === 'month') {
    throw wrong('bands_of_a_month', 'A fee by the month has no hours of the day.', {
      field: 'bands',
      mend: 'Leave the bands out, or take another unit.',
    });
  }
  bands.forEach((band, index) => {
    const field = `bands[${index}]`;
    if (minuteOf(band.from) >= minuteOf(band.to)) {
      throw wrong('band_empty', `The band ends at ${band.to}, before it has begun.`, {
        field,
        mend: 'A band lies within one day; make two of one that goes past midnight: to 24:00, and from 00:00.',
      });
    }
    const rival = bands.slice(0, index).find((other) => meet(other, band));
    if (!rival) return;
    throw wrong('bands_overlap', `It meets the band from ${rival.from} to ${rival.to}.`, {
      field,
      mend: 'Let one begin where the other ends, or for other days.',
    });
  });
}

function meet(a: Band, b: Band): boolean {
  return (
    a.days.some((day) => b.days.includes(day)) &&
    minuteOf(a.from) < minuteOf(b.to) &&
    minuteOf(b.from) < minuteOf(a.to)
  );
}

export interface Stay {
  /** Instant. */
  start: string;
  timeZone: string;
}

/**
 * Lays a stay of so many minutes along the clock of its site: the first span begins with it, each further one where the
 * amount changes. Neighbours of one amount are one span.
 */
export function spansOf(
  price: { amountFen: Fen; bands: readonly Band[] },
  { start, timeZone }: Stay,
  minutes: number,
): Span[] {
  const begin = Date.parse(start);
  const end = begin + Math.max(1, minutes) * MINUTE_MS;
  const spans: Span[] = [];
  const add = (from: number, amountFen: Fen): void => {
    // A border within a minute leaves that minute to the band before.
    if (spans.at(-1)?.amountFen !== amountFen)
      spans.push({ fromMinute: Math.ceil((from - begin) / MINUTE_MS), amountFen });
  };
  let cursor = begin;
  for (const band of bandsBetween(price.bands, begin, end, timeZone)) {
    const from = Math.max(band.from, cursor);
    const to = Math.min(band.to, end);
    if (from >= to) continue;
    if (from > cursor) add(cursor, price.amountFen);
    add(from, band.amountFen);
    cursor = to;
  }
  if (cursor < end) add(cursor, price.amountFen);
  return spans;
}

/** Bands of the days from one instant to another, in their order. */
function bandsBetween(bands: readonly Band[], begin: number, end: number, timeZone: string) {
  const first = DateTime.fromMillis(begin, { zone: timeZone }).toISODate() as Day;
  const days = Array.from({ length: BANDED_DAYS_MAX + 2 }, (_, index) => addDays(first, index));
  const found: { from: number; to: number; amountFen: Fen }[] = [];
  for (const day of days) {
    if (instantOf(day, 0, timeZone) >= end) break;
    const type = dayTypeOf(day);
    for (const { days: on, from, to, amountFen } of bands) {
      if (!on.includes(type)) continue;
      const span = {
        from: instantOf(day, minuteOf(from), timeZone),
        to: instantOf(day, minuteOf(to), timeZone),
      };
      found.push({ ...span, amountFen });
    }
  }
  return found.sort((a, b) => a.from - b.from);
}

/** The instant at which the clocks of a zone show so many minutes of a day. */
function instantOf(day: Day, minute: number, zone: string): number {
  const [on, at] = minute === DAY_MINUTES ? [addDays(day, 1), 0] : [day, minute];
  const [year, month, date] = on.split('-').map(Number);
  const clock = { hour: Math.floor(at / 60), minute: at % 60 };
  return DateTime.fromObject({ year, month, day: date, ...clock }, { zone }).toMillis();
}

function minuteOf(clock: string): number {
  return Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));
}

function wrong(code: string, reason: string, details: { field: string; mend: string }): DomainError {
  return new DomainError('invalid', code, reason, details);
}
