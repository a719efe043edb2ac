import { distanceM, type LngLat } from '@doorstep/kernel';

/** A way on foot. */
export interface Walk {
  distanceM: number;
  seconds: number;
}

/**
 * Extension point: how far it is on foot. Decides which sites lie inside a walking circle, in the search around a point
 * and in coverage. The default, StraightLineRouter, needs no map; an adapter to a routing engine (OSRM's table service,
 * Valhalla's matrix) implements these two methods over HTTP and takes its place in nearby.module.ts under WALKING_ROUTER.
 */
export interface WalkingRouter {
  /** No place farther away than this, as the crow flies, is reached in so many minutes: bounds what `walk` is asked. */
  reachM(minutes: number): number;
  /** The ways from one point to each of the others, in their order; null where there is none. */
  walk(from: LngLat, to: readonly LngLat[]): Promise<(Walk | null)[]>;
}

export const WALKING_ROUTER = Symbol('doorstep:walking-router');

export interface WalkingPace {
  metresPerMinute: number;
  /** Length of the way in percent of the straight line, at least 100. */
  detourPercent: number;
}

/** The straight line, made longer by a detour factor and walked at an even pace. */
export class StraightLineRouter implements WalkingRouter {
  constructor(private readonly pace: WalkingPace) {}

  reachM(minutes: number): number {
    return (minutes * this.pace.metresPerMinute * 100) / this.pace.detourPercent;
  }

  walk(from: LngLat, to: readonly LngLat[]): Promise<(Walk | null)[]> {
    return Promise.resolve(to.map((point) => this.way(from, point)));
  }

  private way(from: LngLat, to: LngLat): Walk {
    const metres = (distanceM(from, to) * this.pace.detourPercent) / 100;
    return { distanceM: metres, seconds: (metres / this.pace.metresPerMinute) * 60 };
  }
}
