import { distanceM, type LngLat } from './geo';

/** A way on foot. */
export interface Walk {
  distanceM: number;
  seconds: number;
}

export interface WalkingPace {
  metresPerMinute: number;
  /** Length of the way in percent of the straight line, at least 100. */
  detourPercent: number;
}

/** No place farther away than this, as the crow flies, is reached in so many minutes. */
export function reachM(minutes: number, { metresPerMinute, detourPercent }: WalkingPace): number {
  return (minutes * metresPerMinute * 100) / detourPercent;
}

/** The straight line, made longer by a detour factor and walked at an even pace. */
export function walkBetween(from: LngLat, to: LngLat, { metresPerMinute, detourPercent }: WalkingPace): Walk {
  const metres = (distanceM(from, to) * detourPercent) / 100;
  return { distanceM: metres, seconds: (metres / metresPerMinute) * 60 };
}
