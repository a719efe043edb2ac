import { Module } from '@nestjs/common';
import { FacilitiesConfig } from '../config';
import { NearbyController } from './nearby.controller';
import { NearbyService } from './nearby.service';
import { StraightLineRouter, WALKING_ROUTER } from './walking-router';

@Module({
  controllers: [NearbyController],
  providers: [
    NearbyService,
    {
      provide: WALKING_ROUTER,
      inject: [FacilitiesConfig],
      useFactory: (config: FacilitiesConfig) =>
        new StraightLineRouter({
          metresPerMinute: config.walkingMetresPerMinute,
          detourPercent: config.walkingDetourPercent,
        }),
    },
  ],
  exports: [WALKING_ROUTER],
})
export class NearbyModule {}
