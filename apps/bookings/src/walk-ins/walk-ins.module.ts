import { Module } from '@nestjs/common';
import { BookingsModule } from '../bookings/bookings.module';
import { WalkInsController } from './walk-ins.controller';

@Module({ imports: [BookingsModule], controllers: [WalkInsController] })
export class WalkInsModule {}
