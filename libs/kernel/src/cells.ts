import type { LngLat } from './geo';

/**
 * The world in squares of a hundredth of a degree, about 1.1 km northwards, numbered row by row from the south pole and
 * the date line. Columns named cell count the same way, so a B-tree on whole numbers answers "what is around here" —
 * also under row-level security, which keeps leaky geometric operators away from GiST indexes.
 */
const PER_DEGREE = 100;
const COLUMNS = 360 * PER_DEGREE;
const ROWS = 180 * PER_DEGREE;

/** Metres of one degree of latitude on the sphere that distances are measured on (IUGG R1). */
const DEGREE_M = (6_371_008.8 * Math.PI) / 180;

/** More than a circle of an hour's walk ever touches outside of the polar regions. */
const CELLS_MAX = 10_000;

export function cellOf({ lng, lat }: LngLat): number {
  return rowOf(lat) * COLUMNS + columnOf(lng);
}

/** Every cell that a circle around a point touches, perhaps a few more. */
export function cellsAround(centre: LngLat, radiusM: number): number[] {
  const reachLat = radiusM / DEGREE_M;
  const south = Math.max(0, rowOf(centre.lat - reachLat));
  const north = Math.min(ROWS, rowOf(centre.lat + reachLat));
  const [west, east] = columnsAround(centre, reachLat);
  const cells: number[] = [];
  for (let row = south; row <= north; row++) {
    for (let column = west; column <= east && cells.length < CELLS_MAX; column++) {
      cells.push(row * COLUMNS + ((column + COLUMNS) % COLUMNS));
    }
  }
  return cells;
}

/** First and last column; they may lie beyond the date line. Around a pole: all of them. */
function columnsAround({ lng, lat }: LngLat, reachLat: number): [number, number] {
  const radians = Math.PI / 180;
  const sine = Math.sin(reachLat * radians) / Math.cos(lat * radians);
  if (!(Math.abs(sine) < 1) || Math.abs(lat) + reachLat >= 90) return [0, COLUMNS - 1];
  const reachLng = Math.asin(sine) / radians;
  const [west, east] = [columnOf(lng - reachLng), columnOf(lng + reachLng)];
  return east - west >= COLUMNS ? [0, COLUMNS - 1] : [west, east];
}

function rowOf(lat: number): number {
  return Math.floor((lat + 90) * PER_DEGREE);
}

function columnOf(lng: number): number {
  return Math.floor((lng + 180) * PER_DEGREE);
}
