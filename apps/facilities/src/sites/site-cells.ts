import { parseDays, type StageDays, STAGES } from './course';
import { parseExceptions, parseWeeklyHours } from './hours-cells';
import { NOTES_COLUMN } from './milestone-notes';
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
    ...['nameEn', 'timeZone', 'onHoliday', 'onMakeUpWorkday', 'openingExceptions', 'status'],
    ...[...STAGES, NOTES_COLUMN, ...PROJECT_COLUMNS],
  ],
};

/** What one file may hold. */
export const ROWS_MAX = 5_000;

/** What may be cleared: an empty cell sets what is written here, a column that is left out leaves what is known. */
export const CLEARED = {
  nameEn: null,
  timeZone: 'Asia/Shanghai',
  onHoliday: 'as_usual',
  onMakeUpWorkday: 'as_usual',
  openingExceptions: '',
} as const;
export type ClearedColumn = keyof typeof CLEARED;
export const CLEARED_COLUMNS = Object.keys(CLEARED) as ClearedColumn[];

/** A row of a file as the body of POST /v1/sites; what can't be read stays text, for the check to find. */
export function siteOfCells(cells: Record<string, string | undefined>): Record<string, unknown> {
  const text = (column: string) => cells[column] || undefined;
  const { lng, lat, areaM2 } = cells;
  return {
    code: text('code'),
    name: { zh: text('nameZh'), ...(text('nameEn') && { en: text('nameEn') }) },
    regionCode: text('regionCode'),
    form: text('form'),
    tier: text('tier'),
    spaceSource: text('spaceSource'),
    location: { lng: numberOf(lng), lat: numberOf(lat), crs: text('crs') },
    timeZone: text('timeZone') ?? CLEARED.timeZone,
    areaM2: numberOf(areaM2),
    openingHours: parseWeeklyHours(cells.openingHours ?? '') ?? text('openingHours'),
    openingExceptions: parseExceptions(cells.openingExceptions ?? '') ?? text('openingExceptions'),
    holidays: {
      onHoliday: text('onHoliday') ?? CLEARED.onHoliday,
      onMakeUpWorkday: text('onMakeUpWorkday') ?? CLEARED.onMakeUpWorkday,
    },
  };
}

/** Days of stages; an empty cell says nothing, for what has happened is not taken back. */
export function daysOfCells(cells: Record<string, string | undefined>): StageDays {
  return Object.fromEntries(STAGES.map((stage) => [stage, parseDays(cells[stage] ?? '')]));
}

/** Fields of the body and the columns that they come from, where the two differ. */
export function columnOf(field: string): string {
  const list = ['openingHours', 'openingExceptions', 'funding'].find((name) => field.startsWith(name));
  if (list) return list;
  const columns: Record<string, string> = {
    'name.zh': 'nameZh',
    'name.en': 'nameEn',
    name: 'nameZh',
    location: 'lng',
    costFen: 'costYuan',
  };
  return columns[field] ?? field.replace(/^(location|holidays)\./, '');
}

function numberOf(text: string | undefined): number | string | undefined {
  if (text === undefined || text === '') return undefined;
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}
