import { Module } from '@nestjs/common';
import { BookingsConsumer } from './bookings.consumer';
import { PlacementsConsumer } from './placements.consumer';

/** What this service knows of bookings. */
@Module({ controllers: [BookingsConsumer, PlacementsConsumer] })
export class BookingsModule {}
