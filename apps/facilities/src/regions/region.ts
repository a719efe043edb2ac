import {
  ancestor,
  CRS,
  type Crs,
  degreesFault,
  levelOf,
  type RegionCode,
  type RegionLevel,
  type SourcePoint,
  toWgs84,
} from '@doorstep/kernel';

/** One region as an import brings it, checked and converted. Null is "not said", never "none". */
export interface RegionRow {
  /** Row of the import, from 1, or line of the file. */
  row: number;
  code: RegionCode;
  name: string;
  level: RegionLevel;
  /** As the row says it; null leaves it to be derived from the code. */
  parentCode: RegionCode | null;
  /** Centroid in WGS-84. */
  lng: number | null;
  lat: number | null;
  /** The centroid as it was measured. */
  source: SourcePoint | null;
  households: number | null;
  population0to3: number | null;
  population60plus: number | null;
  population80plus: number | null;
}

/** What is wrong with one field of one row. */
export interface RowFault {
  row: number;
  field: string;
  reason: string;
  mend: string;
}

/** Whole people or homes; more than any street has, so a slipped column is seen. */
const COUNT_MAX = 10_000_000;
const NAME_CHARACTERS_MAX = 100;
const COUNTS = ['households', 'population0to3', 'population60plus', 'population80plus'] as const;

const FIELDS = new Set(['code', 'name', 'level', 'parentCode', 'lng', 'lat', 'crs', ...COUNTS]);

/** Reads one row of an import; faults are collected, so a file is mended in one go. */
export function readRegionRow(raw: unknown, row: number): { region?: RegionRow; faults: RowFault[] } {
  const faults: RowFault[] = [];
  const fault = (field: string, reason: string, mend: string) =>
    void faults.push({ row, field, reason, mend });
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
    fault('', 'is not an object', 'Give each row as {code, name, level, …}.');
    return { faults };
  }
  const input = raw as Record<string, unknown>;
  for (const unknown of Object.keys(input).filter((name) => !FIELDS.has(name))) {
    fault(unknown, 'is not a field of a region', `Leave it out; a row knows ${[...FIELDS].join(', ')}.`);
  }
  const level = readCode(input, fault);
  if (typeof input.name !== 'string' || !isName(input.name)) {
    fault('name', 'is no name', `Give a name of 1 to ${NAME_CHARACTERS_MAX} printable characters.`);
  }
  const parentCode = readParent(input, fault);
  const counts = Object.fromEntries(COUNTS.map((name) => [name, readCount(input, name, fault)]));
  if ((counts.population80plus ?? 0) > (counts.population60plus ?? COUNT_MAX)) {
    fault(
      'population80plus',
      'is more than population60plus',
      'Those over eighty are among those over sixty.',
    );
  }
  const source = readPoint(input, fault);
  if (faults.length > 0) return { faults };
  const point = source && toWgs84(source);
  const region = {
    row,
    code: input.code as string,
    name: (input.name as string).trim(),
    level: level as RegionLevel,
    parentCode,
    lng: point?.lng ?? null,
    lat: point?.lat ?? null,
    source,
    ...(counts as Pick<RegionRow, (typeof COUNTS)[number]>),
  };
  return { region, faults };
}

type Fault = (field: string, reason: string, mend: string) => void;

function readCode({ code, level }: Record<string, unknown>, fault: Fault): RegionLevel | undefined {
  const written = typeof code === 'string' ? levelOf(code) : undefined;
  if (!written) {
    fault('code', `${shown(code)} is no region code`, 'Give 2, 4, 6, 9 or 12 digits as text.');
  } else if (level !== undefined && level !== written) {
    fault(
      'level',
      `${shown(level)} doesn't fit the code`,
      `A code of ${String(code).length} digits is a ${written}.`,
    );
  }
  return written;
}

function readParent({ code, parentCode }: Record<string, unknown>, fault: Fault): RegionCode | null {
  if (isAbsent(parentCode)) return null;
  const possible = typeof code === 'string' ? possibleParents(code) : [];
  if (typeof parentCode === 'string' && possible.includes(parentCode)) return parentCode;
  fault(
    'parentCode',
    `${shown(parentCode)} can't be the parent of ${shown(code)}`,
    possible.length > 0 ? `Give ${possible.join(' or ')}.` : 'Leave it out: a province has none.',
  );
  return null;
}

function readCount(input: Record<string, unknown>, name: string, fault: Fault): number | null {
  const value = input[name];
  if (isAbsent(value)) return null;
  if (Number.isInteger(value) && (value as number) >= 0 && (value as number) <= COUNT_MAX)
    return value as number;
  fault(name, `${shown(value)} is no count`, `Give a whole number from 0 to ${COUNT_MAX}.`);
  return null;
}

function readPoint({ lng, lat, crs }: Record<string, unknown>, fault: Fault): SourcePoint | null {
  if (isAbsent(lng) && isAbsent(lat)) return null;
  if (typeof lng !== 'number' || typeof lat !== 'number') {
    fault(
      typeof lng === 'number' ? 'lat' : 'lng',
      'is no number of degrees',
      'Give both lng and lat, or neither.',
    );
    return null;
  }
  if (!CRS.includes(crs as Crs)) {
    fault('crs', `${shown(crs)} is no coordinate system`, `Say which one the pair is in: ${CRS.join(', ')}.`);
    return null;
  }
  const wrong = degreesFault(lng, lat);
  if (wrong) fault(wrong.field, wrong.reason, wrong.mend);
  return wrong ? null : { lng, lat, crs: crs as Crs };
}

/**
 * The regions that may stand directly above one, nearest first. Some cities have no districts: their district digits are
 * 00, and a street there may hang under the city itself.
 */
export function possibleParents(code: RegionCode): RegionCode[] {
  const level = levelOf(code);
  if (!level || level === 'province') return [];
  const above = { city: 'province', district: 'city', street: 'district', community: 'street' } as const;
  const nearest = ancestor(code, above[level]) as RegionCode;
  const withoutDistrict = level === 'street' && nearest.endsWith('00');
  return withoutDistrict ? [nearest, nearest.slice(0, 4)] : [nearest];
}

/**
 * Gives every row its parent, which must be among the rows or known already, and refuses codes that come twice.
 * @param known codes of regions that exist, at least all that `possibleParents` of the rows names
 */
export function placeRegions(rows: RegionRow[], known: ReadonlySet<RegionCode>): RowFault[] {
  const faults: RowFault[] = [];
  const firstRow = new Map<RegionCode, number>();
  for (const { code, row } of rows) {
    const first = firstRow.get(code);
    if (first === undefined) firstRow.set(code, row);
    else
      faults.push({
        row,
        field: 'code',
        reason: `${code} stands in row ${first} too`,
        mend: 'Leave one out.',
      });
  }
  const exists = (code: RegionCode) => firstRow.has(code) || known.has(code);
  for (const region of rows) {
    const possible = region.parentCode ? [region.parentCode] : possibleParents(region.code);
    region.parentCode = possible.find(exists) ?? null;
    if (region.parentCode || possible.length === 0) continue;
    faults.push({
      row: region.row,
      field: 'parentCode',
      reason: `there is no region ${possible.join(' or ')} above ${region.code}`,
      mend: 'Import the regions above first, or in the same call.',
    });
  }
  return faults.sort((a, b) => a.row - b.row);
}

/** Committees of residents (urban) have 001–199 as their last digits, those of villagers 200–399 (统计用区划代码编制规则). */
export function isUrbanCommunity(code: RegionCode): boolean {
  const number = Number(code.slice(9));
  return code.length === 12 && number >= 1 && number <= 199;
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

function isName(text: string): boolean {
  const trimmed = text.trim();
  return trimmed !== '' && [...trimmed].length <= NAME_CHARACTERS_MAX && !/\p{Cc}|\uFFFD/u.test(trimmed);
}

function shown(value: unknown): string {
  if (value === undefined || value === null || value === '') return 'nothing';
  return String(typeof value === 'object' ? JSON.stringify(value) : value).slice(0, 40);
}
