import { Module } from '@nestjs/common';
import { BookingsModule } from '../bookings/bookings.module';
import { CareController } from './care.controller';
import { CareGrants } from './grants.service';
import { CarePlans } from './plans.service';

@Module({ imports: [BookingsModule], controllers: [CareController], providers: [CareGrants, CarePlans] })
export class CareModule {}
