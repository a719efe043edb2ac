import { type DynamicModule, Module } from '@nestjs/common';
import { PlatformModule } from '@doorstep/platform';
import { CeilingsModule } from './ceilings/ceilings.module';
import type { FacilitiesConfig } from './config';
import { CoverageModule } from './coverage/coverage.module';
import { entities } from './entities';
import { GuidelinesModule } from './guidelines/guidelines.module';
import { KindsModule } from './kinds/kinds.module';
import { migrations } from './migrations';
import { NearbyModule } from './nearby/nearby.module';
import { OfferingsModule } from './offerings/offerings.module';
import { RegionsModule } from './regions/regions.module';
import { SitesModule } from './sites/sites.module';
import { SpacesModule } from './spaces/spaces.module';

/** Where services are given: regions, sites, spaces, offerings, and what is near. */
@Module({})
export class AppModule {
  static with(config: FacilitiesConfig): DynamicModule {
    return {
      module: AppModule,
      imports: [
        PlatformModule.forService({ name: 'facilities', config, entities, migrations }),
        RegionsModule,
        KindsModule,
        SitesModule,
        SpacesModule,
        OfferingsModule,
        CeilingsModule,
        NearbyModule,
        CoverageModule,
        GuidelinesModule,
      ],
    };
  }
}
