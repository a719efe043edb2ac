import { Module } from '@nestjs/common';
import { Clock } from '@doorstep/platform';
import { FacilitiesConfig } from '../config';
import { NearbyController } from './nearby.controller';
import { NearbyService } from './nearby.service';
import { OsrmRouter } from './osrm.router';
import { SteadyRouter } from './steady.router';
import { StraightLineRouter, WALKING_ROUTER, type WalkingRouter } from './walking-router';

@Module({
  controllers: [NearbyController],
  providers: [
    NearbyService,
    { provide: StraightLineRouter, inject: [FacilitiesConfig], useFactory: circleOf },
    { provide: WALKING_ROUTER, inject: [FacilitiesConfig, StraightLineRouter, Clock], useFactory: routerOf },
  ],
  exports: [StraightLineRouter],
})
export class NearbyModule {}

function circleOf(config: FacilitiesConfig): StraightLineRouter {
  return new StraightLineRouter({
    metresPerMinute: config.walkingMetresPerMinute,
    detourPercent: config.walkingDetourPercent,
  });
}

function routerOf(config: FacilitiesConfig, circle: StraightLineRouter, clock: Clock): WalkingRouter {
  if (config.walkingRouterUrl === '') return circle;
  const engine = new OsrmRouter({
    url: config.walkingRouterUrl,
    timeoutMs: config.walkingRouterTimeoutMs,
    pointsMax: config.walkingRouterPointsMax,
  });
  return new SteadyRouter(engine, circle, clock);
}
