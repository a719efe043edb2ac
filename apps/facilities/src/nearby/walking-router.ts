import { type LngLat, reachM, walkBetween, type WalkingPace } from '@doorstep/kernel';

/** A way on foot. */
export interface Walk {
  distanceM: number;
  seconds: number;
  /** By the straight line, not along streets. */
  estimated: boolean;
}

/**
 * Extension point: how far it is on foot, which decides what lies inside a walking circle. StraightLineRouter needs no
 * map; OsrmRouter asks a routing engine over HTTP when WALKING_ROUTER_URL names one. An adapter to another engine
 * (Valhalla's matrix, say) implements these two methods and takes OsrmRouter's place in nearby.module.ts. Coverage always
 * goes by the straight line: docs/decisions/0041.
 */
export interface WalkingRouter {
  /** No place farther away than this, as the crow flies, is reached in so many minutes: bounds what `walk` is asked. */
  reachM(minutes: number): number;
  /** The ways from one point to each of the others, in their order; null where there is none. */
  walk(from: LngLat, to: readonly LngLat[]): Promise<(Walk | null)[]>;
}

/** For the search around a point. */
export const WALKING_ROUTER = Symbol('doorstep:walking-router');

/** The straight line, made longer by a detour factor and walked at an even pace. */
export class StraightLineRouter implements WalkingRouter {
  constructor(private readonly pace: WalkingPace) {}

  reachM(minutes: number): number {
    return reachM(minutes, this.pace);
  }

  walk(from: LngLat, to: readonly LngLat[]): Promise<(Walk | null)[]> {
    return Promise.resolve(to.map((point) => ({ ...walkBetween(from, point, this.pace), estimated: true })));
  }
}
