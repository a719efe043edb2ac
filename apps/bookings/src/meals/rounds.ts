import { distanceM, type LngLat } from '@doorstep/kernel';

export interface Stop {
  bookingId: string;
  residentId: string;
  /** When it is to be there. */
  start: Date;
  portions: number;
  /** Coarse; null: not known, so it comes last. */
  near: LngLat | null;
}

export interface Round<S extends Stop> {
  number: number;
  start: Date;
  stops: S[];
  /** Along the stops, from the site; there and not back. */
  metres: number;
}

/**
 * Rounds of a site and day. The rule is simple, and stated so that people can better it: for each time of delivery begin
 * at the site, go on to the nearest stop that is left, and begin another round after `stopsMax`. Among equals the earlier
 * booking comes first; stops whose place is not known come last.
 */
export function roundsOf<S extends Stop>(site: LngLat, stops: readonly S[], stopsMax: number): Round<S>[] {
  const rounds: Round<S>[] = [];
  const times = [...new Set(stops.map(({ start }) => start.getTime()))].sort((a, b) => a - b);
  for (const time of times) {
    const left = stops
      .filter(({ start }) => start.getTime() === time)
      .sort((a, b) => a.bookingId.localeCompare(b.bookingId));
    while (left.length > 0) {
      const round: Round<S> = { number: rounds.length + 1, start: new Date(time), stops: [], metres: 0 };
      let at = site;
      while (left.length > 0 && round.stops.length < stopsMax) {
        const away = (stop: S): number => (stop.near ? distanceM(at, stop.near) : Number.MAX_VALUE);
        const next = left.reduce((best, stop, n) => (away(stop) < away(left[best] as S) ? n : best), 0);
        const [stop] = left.splice(next, 1) as [S];
        if (stop.near) {
          round.metres += Math.round(distanceM(at, stop.near));
          at = stop.near;
        }
        round.stops.push(stop);
      }
      rounds.push(round);
    }
  }
  return rounds;
}
