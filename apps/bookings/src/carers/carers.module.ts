import { Module } from '@nestjs/common';
import { BookingsModule } from '../bookings/bookings.module';
import { ResidentsModule } from '../residents/residents.module';
import { CarerBookings } from './carer-bookings.service';
import { CarerGrants } from './carer-grants.service';
import { CarersController } from './carers.controller';

@Module({
  imports: [BookingsModule, ResidentsModule],
  controllers: [CarersController],
  providers: [CarerBookings, CarerGrants],
})
export class CarersModule {}
