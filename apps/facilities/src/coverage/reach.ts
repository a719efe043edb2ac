import type { LngLat, RegionCode } from '@doorstep/kernel';
import { cellOf, cellsAround } from '../nearby/cells';
import type { WalkingRouter } from '../nearby/walking-router';
import { type Community, hasPoint, type Reach } from './coverage';

/** Of latitude. */
const METRES_PER_DEGREE = 111_195;

/** A site as far as coverage needs it. */
export interface ServingSite extends LngLat {
  kinds: string[];
}

export interface Box {
  west: number;
  east: number;
  south: number;
  north: number;
}

/** Points by the cell they lie in, so that only neighbours are asked about. */
class Cells<T extends LngLat> {
  private readonly byCell = new Map<number, T[]>();

  constructor(points: readonly T[]) {
    for (const point of points) {
      const cell = cellOf(point);
      const here = this.byCell.get(cell);
      if (here) here.push(point);
      else this.byCell.set(cell, [point]);
    }
  }

  around(centre: LngLat, radiusM: number): T[] {
    return cellsAround(centre, radiusM).flatMap((cell) => this.byCell.get(cell) ?? []);
  }
}

/** Every place that is reached from one of these points lies in it. */
export function boxAround(points: readonly LngLat[], reachM: number): Box {
  const [lngs, lats] = [points.map(({ lng }) => lng), points.map(({ lat }) => lat)];
  const [south, north] = [Math.min, Math.max].map((pick) => lats.reduce((a, b) => pick(a, b), lats[0]));
  // A little more than the reach, and as wide as it is where degrees are narrowest.
  const margin = (reachM * 1.01) / METRES_PER_DEGREE;
  const widest =
    margin /
    Math.max(0.01, Math.cos(((Math.max(Math.abs(south), Math.abs(north)) + margin) * Math.PI) / 180));
  return {
    west: lngs.reduce((a, b) => Math.min(a, b), lngs[0]) - widest,
    east: lngs.reduce((a, b) => Math.max(a, b), lngs[0]) + widest,
    south: south - margin,
    north: north + margin,
  };
}

/** For each community the nearest site of each kind, as far as it is reached in so many minutes. */
export async function reachOf(
  communities: readonly Community[],
  sites: readonly ServingSite[],
  router: WalkingRouter,
  minutesMax: number,
): Promise<Reach> {
  const cells = new Cells(sites);
  const reach = new Map<RegionCode, ReadonlyMap<string, number>>();
  for (const community of communities.filter(hasPoint)) {
    const near = cells.around(community, router.reachM(minutesMax));
    const walks = await router.walk(community, near);
    const nearest = new Map<string, number>();
    near.forEach((site, i) => {
      const seconds = walks[i]?.seconds;
      if (seconds === undefined || seconds > minutesMax * 60) return;
      for (const kind of site.kinds) nearest.set(kind, Math.min(seconds, nearest.get(kind) ?? Infinity));
    });
    reach.set(community.code, nearest);
  }
  return reach;
}

/** The communities within the circle around each community, itself included. */
export async function circlesOf(
  communities: readonly Community[],
  router: WalkingRouter,
  minutes: number,
): Promise<Map<RegionCode, RegionCode[]>> {
  const placed = communities.filter(hasPoint);
  const cells = new Cells(placed);
  const circles = new Map<RegionCode, RegionCode[]>();
  for (const centre of placed) {
    const near = cells.around(centre, router.reachM(minutes));
    const walks = await router.walk(centre, near);
    circles.set(
      centre.code,
      near.filter((_, i) => (walks[i]?.seconds ?? Infinity) <= minutes * 60).map(({ code }) => code),
    );
  }
  return circles;
}
