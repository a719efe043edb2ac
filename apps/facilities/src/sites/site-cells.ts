import { STAGES } from './course';
import type { WeeklySpan } from './opening-hours';
import { PROJECT_COLUMNS } from './project-cells';

/** Columns of a file of sites. */
export const SITE_COLUMNS = {
  required: [
    'code',
    'nameZh',
    'regionCode',
    'form',
    'tier',
    'spaceSource',
    'lng',
    'lat',
    'crs',
    'areaM2',
    'openingHours',
  ],
  optional: [
    ...['nameEn', 'timeZone', 'status', 'onHoliday', 'onMakeUpWorkday'],
    ...[...STAGES, ...PROJECT_COLUMNS],
  ],
};

/** What one file may hold. */
export const ROWS_MAX = 5_000;

const TIME_ZONE_DEFAULT = 'Asia/Shanghai';

/** A row of a file as the body of POST /v1/sites; what can't be read stays text, for the check to find. */
export function siteOfCells(cells: Record<string, string | undefined>): Record<string, unknown> {
  const text = (column: string) => cells[column] || undefined;
  const { lng, lat, areaM2 } = cells;
  const holidays = text('onHoliday') || text('onMakeUpWorkday');
  return {
    code: text('code'),
    name: { zh: text('nameZh'), ...(text('nameEn') && { en: text('nameEn') }) },
    regionCode: text('regionCode'),
    form: text('form'),
    tier: text('tier'),
    spaceSource: text('spaceSource'),
    location: { lng: numberOf(lng), lat: numberOf(lat), crs: text('crs') },
    timeZone: text('timeZone') ?? TIME_ZONE_DEFAULT,
    areaM2: numberOf(areaM2),
    openingHours: parseWeeklyHours(cells.openingHours ?? '') ?? text('openingHours'),
    ...(holidays && {
      holidays: {
        onHoliday: text('onHoliday') ?? 'as_usual',
        onMakeUpWorkday: text('onMakeUpWorkday') ?? 'as_usual',
      },
    }),
  };
}

/** Fields of the body and the columns that they come from, where the two differ. */
export function columnOf(field: string): string {
  if (field.startsWith('openingHours')) return 'openingHours';
  if (field.startsWith('funding')) return 'funding';
  const columns: Record<string, string> = {
    'name.zh': 'nameZh',
    'name.en': 'nameEn',
    name: 'nameZh',
    location: 'lng',
    costFen: 'costYuan',
  };
  return columns[field] ?? field.replace(/^(location|holidays)\./, '');
}

/**
 * Weekly hours as people write them in one cell: `1-5 08:00-20:00; 6,7 09:00-12:00 14:00-17:00`, 1 being Monday.
 * Undefined when it can't be read.
 */
export function parseWeeklyHours(text: string): WeeklySpan[] | undefined {
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
  return [...byHours].map(([hours, weekdays]) => `${weekdays.join(',')} ${hours}`).join('; ');
}

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

function numberOf(text: string | undefined): number | string | undefined {
  if (text === undefined || text === '') return undefined;
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}
