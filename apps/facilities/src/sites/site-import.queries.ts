import type { Tx } from '@doorstep/platform';
import type { FirstStatus } from './site';
import type { SiteEntity } from './site.entity';

/** The columns of one site as an import sets them. */
export type ImportRow = Partial<SiteEntity> & { code: string; firstStatus: FirstStatus };

export interface WrittenSite {
  id: string;
  code: string;
  /** Null for a new one. */
  former_version: number | null;
  version: number;
}

/** Columns that an import sets on known sites too; status goes by milestones. */
const CHANGED = [
  ['name_zh', 'nameZh', 'text'],
  ['name_en', 'nameEn', 'text'],
  ['region_code', 'regionCode', 'text'],
  ['form', 'form', 'text'],
  ['tier', 'tier', 'text'],
  ['space_source', 'spaceSource', 'text'],
  ['lng', 'lng', 'float8'],
  ['lat', 'lat', 'float8'],
  ['source_lng', 'sourceLng', 'float8'],
  ['source_lat', 'sourceLat', 'float8'],
  ['source_crs', 'sourceCrs', 'text'],
  ['time_zone', 'timeZone', 'text'],
  ['area_m2', 'areaM2', 'float8'],
  ['opening_hours', 'openingHours', 'jsonb'],
  ['on_holiday', 'onHoliday', 'text'],
  ['on_make_up_workday', 'onMakeUpWorkday', 'text'],
  ['opening_overrides', 'openingOverrides', 'jsonb'],
] as const;

const ALWAYS = [
  ['code', 'code', 'text'],
  ['status', 'status', 'text'],
  ['hours_told_until', 'hoursToldUntil', 'date'],
  ['calendar_told_until', 'calendarToldUntil', 'date'],
] as const;

const COLUMNS = [...ALWAYS, ...CHANGED];
const names = COLUMNS.map(([column]) => column).join(', ');
const list = (columns: readonly (readonly [string, ...unknown[]])[], show: (column: string) => string) =>
  columns.map(([column]) => show(column)).join(', ');

/** `$1` the rows as JSON, `$2` operator, `$3` now, `$4` who does it. */
const UPSERT = `
  WITH input AS (
    SELECT * FROM jsonb_to_recordset($1::jsonb)
      AS input (${COLUMNS.map(([column, , type]) => `${column} ${type}`).join(', ')}, first_status text)
  ), written AS (
    INSERT INTO site AS s (operator_id, ${names}, version, created_at, updated_at)
    SELECT $2::uuid, ${list(COLUMNS, (column) => `input.${column}`)}, 1, $3::timestamptz, $3::timestamptz
    FROM input ORDER BY input.code
    ON CONFLICT (operator_id, code) DO UPDATE SET
      ${list(CHANGED, (column) => `${column} = excluded.${column}`)},
      hours_told_until = excluded.hours_told_until, calendar_told_until = excluded.calendar_told_until,
      version = s.version + 1, updated_at = excluded.updated_at
    WHERE (${list(CHANGED, (column) => `s.${column}`)}) IS DISTINCT FROM (${list(CHANGED, (column) => `excluded.${column}`)})
    RETURNING old.version AS former_version, new.id, new.version, new.code, new.region_code, new.time_zone
  ), entered AS (
    INSERT INTO site_milestone (operator_id, region_code, site_id, command, status, day, recorded_by, recorded_at)
    SELECT $2::uuid, w.region_code, w.id, 'enter', input.first_status,
           ($3::timestamptz AT TIME ZONE w.time_zone)::date, $4::uuid, $3
    FROM written w JOIN input ON input.code = w.code WHERE former_version IS NULL
  )
  SELECT id, code, former_version, version FROM written`;

/** Enters new sites and changes those about which something is new, in one statement. */
export function upsertSites(
  tx: Tx,
  operatorId: string,
  rows: ImportRow[],
  { now, actorId }: { now: Date; actorId: string },
): Promise<WrittenSite[]> {
  const records = rows.map((row) => ({
    ...Object.fromEntries(COLUMNS.map(([column, property]) => [column, row[property] ?? null])),
    first_status: row.firstStatus,
  }));
  return tx.sql<WrittenSite>(UPSERT, [JSON.stringify(records), operatorId, now, actorId]);
}
