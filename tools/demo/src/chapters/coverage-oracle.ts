import type { City, RegionRow } from '../city';
import type { OpenSite } from '../setup';

export interface Question {
  kind: string;
  group: 'households' | 'population0to3' | 'population60plus' | 'population80plus';
  minutes: number;
}

export interface Counted {
  population: number;
  covered: number;
  /** Community and how many are uncovered, greatest need first. */
  gaps: [code: string, uncovered: number][];
  /** Community and how many it would gain, in the order of building. */
  proposals: [code: string, gain: number][];
}

/** As the platform is set up: 80 metres a minute, a quarter more than the straight line. */
const METRES_PER_MINUTE = 80;
const DETOUR = 1.25;
const EARTH_M = 6_371_008.8;

interface Point {
  lng: number;
  lat: number;
}

/** Counts each community against each site: no grid, no index, and angles between vectors instead of haversines. */
export function countCoverage(city: City, sites: OpenSite[], question: Question, proposals: number): Counted {
  const reachM = (question.minutes * METRES_PER_MINUTE) / DETOUR;
  const serving = sites
    .filter(({ plan }) =>
      plan.offerings.some(({ kind, body }) => kind === question.kind && body.delivery === 'on_site'),
    )
    .map(({ plan }) => plan.body.location as Point);
  const outside = city.communities.filter(
    (community) => !serving.some((site) => apartM(community, site) <= reachM),
  );
  const need = ({ [question.group]: people }: Required<RegionRow>) => people;
  const sum = (communities: Required<RegionRow>[]) => communities.reduce((all, one) => all + need(one), 0);
  const population = sum(city.communities);
  return {
    population,
    covered: population - sum(outside),
    gaps: inOrderOf(
      outside.map((one): [string, number] => [one.code, need(one)]).filter(([, people]) => people > 0),
    ),
    proposals: buildNext(city, outside, reachM, need, proposals),
  };
}

/** Tries every community each time, from scratch. */
function buildNext(
  { communities }: City,
  outside: Required<RegionRow>[],
  reachM: number,
  need: (community: Required<RegionRow>) => number,
  count: number,
): [string, number][] {
  const chosen: [string, number][] = [];
  let left = outside;
  while (chosen.length < count) {
    const [best] = inOrderOf(
      communities.map((place): [string, number] => [
        place.code,
        left.filter((one) => apartM(one, place) <= reachM).reduce((gain, one) => gain + need(one), 0),
      ]),
    );
    if (!best || best[1] === 0) break;
    chosen.push(best);
    const place = communities.find(({ code }) => code === best[0]) as Point;
    left = left.filter((one) => apartM(one, place) > reachM);
  }
  return chosen;
}

/** Most first, among equals by code. */
function inOrderOf(rows: [string, number][]): [string, number][] {
  return rows.sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
}

/** Metres between two points on the sphere, by the chord between their unit vectors. */
function apartM(a: Point, b: Point): number {
  const [p, q] = [vectorOf(a), vectorOf(b)];
  const chord = Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
  return 2 * Math.asin(chord / 2) * EARTH_M;
}

const vectors = new WeakMap<Point, [number, number, number]>();

function vectorOf(point: Point): [number, number, number] {
  const known = vectors.get(point);
  if (known) return known;
  const vector = unitVector(point);
  vectors.set(point, vector);
  return vector;
}

function unitVector({ lng, lat }: Point): [number, number, number] {
  const [east, north] = [(lng * Math.PI) / 180, (lat * Math.PI) / 180];
  return [Math.cos(north) * Math.cos(east), Math.cos(north) * Math.sin(east), Math.sin(north)];
}
