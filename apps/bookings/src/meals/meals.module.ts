import { Module } from '@nestjs/common';
import { BookingsModule } from '../bookings/bookings.module';
import { ResidentsModule } from '../residents/residents.module';
import { KitchensController } from './kitchens.controller';
import { Kitchens } from './kitchens.service';
import { MealsController } from './meals.controller';
import { Meals } from './meals.service';
import { Menus } from './menus.service';
import { Sheets } from './sheets.service';
import { StandingController } from './standing.controller';
import { StandingRunner } from './standing.runner.service';
import { StandingOrders } from './standing.service';

@Module({
  imports: [BookingsModule, ResidentsModule],
  controllers: [KitchensController, MealsController, StandingController],
  providers: [Kitchens, Meals, Menus, Sheets, StandingOrders, StandingRunner],
})
export class MealsModule {}
