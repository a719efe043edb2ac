import { isDay } from '@doorstep/kernel';
import type { OpeningOverride, WeeklySpan } from './opening-hours';
import type { OpeningExceptionDto } from './opening-hours.dto';
import { TEXT, unquoted } from './quoted';
import { addDays } from './wall-clock';

/** In place of weekly hours: none, as of a site that is not open yet. */
const NEVER = 'closed';

/**
 * Weekly hours as people write them in one cell: `1-5 08:00-20:00; 6,7 09:00-12:00 14:00-17:00`, 1 being Monday, or
 * `closed`. Undefined when it can't be read.
 */
export function parseWeeklyHours(text: string): WeeklySpan[] | undefined {
  if (text === NEVER) return [];
  const spans: WeeklySpan[] = [];
  for (const part of text.split(';').map((piece) => piece.trim())) {
    if (part === '') continue;
    const [days, ...times] = part.split(/\s+/);
    const weekdays = parseWeekdays(days);
    if (!weekdays || times.length === 0) return undefined;
    for (const time of times) {
      const match = /^(\d\d:\d\d)[-–](\d\d:\d\d)$/.exec(time);
      if (!match) return undefined;
      spans.push(...weekdays.map((weekday) => ({ weekday, opens: match[1], closes: match[2] })));
    }
  }
  return spans.length > 0 ? spans : undefined;
}

/** The same text from the spans: days of the same hours together, in the order of the week. */
export function formatWeeklyHours(spans: readonly WeeklySpan[]): string {
  const hoursOf = (weekday: number) =>
    spans
      .filter((span) => span.weekday === weekday)
      .map(({ opens, closes }) => `${opens}-${closes}`)
      .sort()
      .join(' ');
  const byHours = new Map<string, number[]>();
  for (let weekday = 1; weekday <= 7; weekday++) {
    const hours = hoursOf(weekday);
    if (hours !== '') byHours.set(hours, [...(byHours.get(hours) ?? []), weekday]);
  }
  return [...byHours].map(([hours, weekdays]) => `${weekdays.join(',')} ${hours}`).join('; ') || NEVER;
}

/** `1-5` or `6,7`. */
function parseWeekdays(text: string): number[] | undefined {
  const weekdays: number[] = [];
  for (const piece of text.split(',')) {
    const match = /^([1-7])(?:[-–]([1-7]))?$/.exec(piece);
    if (!match) return undefined;
    const [first, last] = [Number(match[1]), Number(match[2] ?? match[1])];
    if (last < first) return undefined;
    for (let weekday = first; weekday <= last; weekday++) weekdays.push(weekday);
  }
  return weekdays;
}

const DAY = String.raw`\d{4}-\d\d-\d\d`;
const TIMES = String.raw`\d\d:\d\d[-–]\d\d:\d\d`;
const PIECE = String.raw`(?:[1-7](?:[-–,][1-7])*\s+)?${TIMES}`;
/** Days, hours and, if there is one, the reason. */
const PART = new RegExp(
  String.raw`\s*(${DAY})(?:\.\.(${DAY}))?\s+(closed|${PIECE}(?:\s+${PIECE})*)(?:\s+(${TEXT}))?\s*(?:;|$)`,
  'y',
);

/**
 * Opening exceptions as people write them in one cell: `2026-10-01..2026-10-07 closed 国庆; 2026-12-24 09:00-12:00;
 * 2027-07-01..2027-08-31 1-5 08:00-21:00 6,7 09:00-12:00 14:00-18:00 暑期`. Both days are in. Undefined when it can't be read.
 */
export function parseExceptions(text: string): OpeningExceptionDto[] | undefined {
  const exceptions: OpeningExceptionDto[] = [];
  PART.lastIndex = 0;
  while (PART.lastIndex < text.length) {
    const match = PART.exec(text);
    const spans = match && parseSpans(match[3]);
    if (!match || !spans) return undefined;
    const [, first, last, , reason] = match;
    exceptions.push({
      ...(last === undefined ? { day: first } : { from: first, to: isDay(last) ? addDays(last, 1) : last }),
      spans,
      ...(reason && { reason: unquoted(reason) }),
    });
  }
  return exceptions;
}

/** The same text from what a site has. */
export function formatExceptions(overrides: readonly OpeningOverride[]): string {
  return overrides
    .map(({ from, to, spans, reason }) => {
      const last = addDays(to, -1);
      const days = last === from ? from : `${from}..${last}`;
      const quoted = reason === undefined ? '' : ` "${reason.replaceAll('"', '""')}"`;
      return `${days} ${formatSpans(spans)}${quoted}`;
    })
    .join('; ');
}

function parseSpans(text: string): OpeningOverride['spans'] | undefined {
  if (text === 'closed') return [];
  const spans: OpeningOverride['spans'] = [];
  let weekdays: number[] | undefined;
  for (const piece of text.split(/\s+/)) {
    const [opens, closes] = piece.split(/[-–]/);
    if (!piece.includes(':')) {
      weekdays = parseWeekdays(piece);
      if (!weekdays) return undefined;
    } else if (weekdays) spans.push(...weekdays.map((weekday) => ({ weekday, opens, closes })));
    else spans.push({ opens, closes });
  }
  return spans;
}

function formatSpans(spans: OpeningOverride['spans']): string {
  const daily = spans.filter(({ weekday }) => weekday === undefined);
  const weekly = spans.filter((span): span is WeeklySpan => span.weekday !== undefined);
  const texts = [
    ...daily.map(({ opens, closes }) => `${opens}-${closes}`).sort(),
    ...(weekly.length > 0 ? [formatWeeklyHours(weekly).replaceAll(';', '')] : []),
  ];
  return texts.join(' ') || 'closed';
}
