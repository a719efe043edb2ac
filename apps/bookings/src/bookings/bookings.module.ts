import { Module } from '@nestjs/common';
import { AvailabilityController } from '../availability/availability.controller';
import { Availability } from '../availability/availability.service';
import { FirstFree } from '../availability/first-free.service';
import { CalendarsController } from '../calendars/calendars.controller';
import { Calendars } from '../calendars/calendars.service';
import { CancellationRules } from '../cancellations/cancellation-rules.service';
import { CancellationsController } from '../cancellations/cancellations.controller';
import { Fees } from '../cancellations/fees.service';
import { ClosuresController } from '../closures/closures.controller';
import { Closures } from '../closures/closures.service';
import { ResidentsModule } from '../residents/residents.module';
import { SeriesController } from '../series/series.controller';
import { SeriesMoves } from '../series/series.moves.service';
import { SeriesPlanner } from '../series/series.planner.service';
import { Series } from '../series/series.service';
import { SessionsModule } from '../sessions/sessions.module';
import { OffersController } from '../waiting/offers.controller';
import { Offers } from '../waiting/offers.service';
import { WaitingController } from '../waiting/waiting.controller';
import { Waiting } from '../waiting/waiting.service';
import { BookingAnswers } from './booking.answers';
import { BookingsConsumer } from './bookings.consumer';
import { BookingsController } from './bookings.controller';
import { Bookings } from './bookings.service';
import { HoldOwners } from './hold-owners.service';
import { Holds } from './holds.service';
import { Outcomes } from './outcomes.service';
import { Reschedules } from './reschedules.service';

@Module({
  imports: [ResidentsModule, SessionsModule],
  controllers: [
    AvailabilityController,
    BookingsController,
    CalendarsController,
    CancellationsController,
    ClosuresController,
    OffersController,
    SeriesController,
    WaitingController,
    BookingsConsumer,
  ],
  providers: [
    Availability,
    BookingAnswers,
    Bookings,
    Calendars,
    CancellationRules,
    Closures,
    Fees,
    FirstFree,
    HoldOwners,
    Holds,
    Offers,
    Outcomes,
    Reschedules,
    Series,
    SeriesMoves,
    SeriesPlanner,
    Waiting,
  ],
  exports: [BookingAnswers, Bookings, Closures, HoldOwners, Holds, Series],
})
export class BookingsModule {}
