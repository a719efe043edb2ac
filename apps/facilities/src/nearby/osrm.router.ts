import type { LngLat } from '@doorstep/kernel';
import type { Walk, WalkingRouter } from './walking-router';

export interface Engine {
  /** Of the table service, with version and profile: http://osrm:5000/table/v1/foot */
  url: string;
  /** For all the questions of one walk together. */
  timeoutMs: number;
  /** Points of one question, the start included; OSRM's own --max-table-size is 100 unless it is set. */
  pointsMax: number;
}

/** Nobody walks faster than 6 km/h; a straight line that takes longer need not be asked about. */
const METRES_PER_MINUTE_MAX = 100;
/** Questions of one walk; a circle with more sites in it is for the straight line. */
const QUESTIONS_MAX = 20;

/**
 * Ways on foot from a routing engine that speaks OSRM's table service (project-osrm.org, HTTP API v1): one row of the
 * matrix from the start to all others. Its street map and walking speed are the engine's own. Throws when it doesn't
 * answer in time, or not with a row of the right length.
 */
export class OsrmRouter implements WalkingRouter {
  constructor(private readonly engine: Engine) {}

  /** How many ways `walk` can be asked for at once. */
  get placesMax(): number {
    return QUESTIONS_MAX * (this.engine.pointsMax - 1);
  }

  reachM(minutes: number): number {
    return minutes * METRES_PER_MINUTE_MAX;
  }

  async walk(from: LngLat, to: readonly LngLat[]): Promise<(Walk | null)[]> {
    const signal = AbortSignal.timeout(this.engine.timeoutMs);
    const places = this.engine.pointsMax - 1;
    const parts: Promise<(Walk | null)[]>[] = [];
    for (let i = 0; i < to.length; i += places) parts.push(this.ask(from, to.slice(i, i + places), signal));
    return (await Promise.all(parts)).flat();
  }

  private async ask(from: LngLat, to: readonly LngLat[], signal: AbortSignal): Promise<(Walk | null)[]> {
    const points = [from, ...to].map(({ lng, lat }) => `${lng.toFixed(6)},${lat.toFixed(6)}`).join(';');
    const destinations = to.map((_, i) => i + 1).join(';');
    const query = `sources=0&destinations=${destinations}&annotations=duration,distance`;
    const response = await fetch(`${this.engine.url}/${points}?${query}`, { signal });
    const body: unknown = await response.json();
    return rowOf(body, response.status, to.length);
  }
}

function rowOf(body: unknown, status: number, length: number): (Walk | null)[] {
  const { code, durations, distances } = (body ?? {}) as Record<string, unknown>;
  if (code !== 'Ok') throw new Error(`the routing engine answered ${status} ${String(code).slice(0, 60)}`);
  const seconds = firstRow(durations, length);
  const metres = firstRow(distances, length);
  return seconds.map((duration, i) => {
    const distanceM = metres[i];
    return duration === null || distanceM === null
      ? null
      : { distanceM, seconds: duration, estimated: false };
  });
}

function firstRow(matrix: unknown, length: number): (number | null)[] {
  const row: unknown = Array.isArray(matrix) ? matrix[0] : undefined;
  const isWay = (value: unknown) => value === null || (typeof value === 'number' && value >= 0);
  if (Array.isArray(row) && row.length === length && row.every(isWay)) return row as (number | null)[];
  throw new Error(`the routing engine did not answer with a row of ${length} ways`);
}
