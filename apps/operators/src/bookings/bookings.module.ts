import { Module } from '@nestjs/common';
import { BookingsConsumer } from './bookings.consumer';

/** What this service knows of bookings. */
@Module({ controllers: [BookingsConsumer] })
export class BookingsModule {}
