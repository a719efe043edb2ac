import { type DynamicModule, Module } from '@nestjs/common';
import { BookingsChangeRecorded } from '@doorstep/contracts';
import { PlatformModule } from '@doorstep/platform';
import { BookingsModule } from './bookings/bookings.module';
import { CareModule } from './care/care.module';
import { CarersModule } from './carers/carers.module';
import type { BookingsConfig } from './config';
import { entities } from './entities';
import { ChildcareModule } from './groups/childcare.module';
import { MealsModule } from './meals/meals.module';
import { MergesModule } from './merges/merges.module';
import { migrations } from './migrations';
import { ResidentsModule } from './residents/residents.module';
import { SessionsModule } from './sessions/sessions.module';
import { VisitsModule } from './visits/visits.module';
import { WalkInsModule } from './walk-ins/walk-ins.module';

/** Residents and their consents, sessions and their capacity, bookings and visits, places in childcare. */
@Module({})
export class AppModule {
  static with(config: BookingsConfig): DynamicModule {
    return {
      module: AppModule,
      imports: [
        PlatformModule.forService({
          name: 'bookings',
          config,
          entities,
          migrations,
          changes: BookingsChangeRecorded,
        }),
        ResidentsModule,
        SessionsModule,
        BookingsModule,
        ChildcareModule,
        VisitsModule,
        CareModule,
        CarersModule,
        MealsModule,
        MergesModule,
        WalkInsModule,
      ],
    };
  }
}
