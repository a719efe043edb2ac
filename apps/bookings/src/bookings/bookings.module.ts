import { Module } from '@nestjs/common';
import { AvailabilityController } from '../availability/availability.controller';
import { Availability } from '../availability/availability.service';
import { ResidentsModule } from '../residents/residents.module';
import { VisitsController } from '../visits/visits.controller';
import { Visits } from '../visits/visits.service';
import { BookingsConsumer } from './bookings.consumer';
import { BookingsController } from './bookings.controller';
import { Bookings } from './bookings.service';
import { Holds } from './holds.service';
import { Outcomes } from './outcomes.service';
import { Reschedules } from './reschedules.service';

@Module({
  imports: [ResidentsModule],
  controllers: [AvailabilityController, BookingsController, VisitsController, BookingsConsumer],
  providers: [Availability, Bookings, Holds, Outcomes, Reschedules, Visits],
})
export class BookingsModule {}
