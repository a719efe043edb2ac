import { Module } from '@nestjs/common';
import { BookingsModule } from '../bookings/bookings.module';
import { ResidentsModule } from '../residents/residents.module';
import { Duplicates } from './duplicates.service';
import { MergesController } from './merges.controller';
import { Merges } from './merges.service';

/** Apart from residents, because what moves with them is everybody's. */
@Module({
  imports: [BookingsModule, ResidentsModule],
  controllers: [MergesController],
  providers: [Duplicates, Merges],
})
export class MergesModule {}
