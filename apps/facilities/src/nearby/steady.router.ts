import { Logger } from '@nestjs/common';
import type { LngLat } from '@doorstep/kernel';
import type { Clock } from '@doorstep/platform';
import type { OsrmRouter } from './osrm.router';
import type { StraightLineRouter, Walk, WalkingRouter } from './walking-router';

/** After a failure the engine is left alone for so long, so that searches don't wait for it one by one. */
const REST_MS = 10_000;

/** A search goes on when the routing engine doesn't: then the straight line answers, and says that it estimates. */
export class SteadyRouter implements WalkingRouter {
  private readonly logger = new Logger(SteadyRouter.name);
  private restsUntilMs = 0;

  constructor(
    private readonly engine: OsrmRouter,
    private readonly circle: StraightLineRouter,
    private readonly clock: Pick<Clock, 'now'>,
  ) {}

  reachM(minutes: number): number {
    return Math.max(this.engine.reachM(minutes), this.circle.reachM(minutes));
  }

  async walk(from: LngLat, to: readonly LngLat[]): Promise<(Walk | null)[]> {
    if (to.length > this.engine.placesMax || this.now() < this.restsUntilMs)
      return this.circle.walk(from, to);
    try {
      return await this.engine.walk(from, to);
    } catch (error) {
      this.restsUntilMs = this.now() + REST_MS;
      const { message } = error as Error;
      this.logger.warn(`${message}: ways are estimated by the straight line for ${REST_MS / 1000} s`);
      return this.circle.walk(from, to);
    }
  }

  private now(): number {
    return this.clock.now().getTime();
  }
}
