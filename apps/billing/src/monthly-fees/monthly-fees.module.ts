import { Module } from '@nestjs/common';
import { ChargesModule } from '../charges/charges.module';
import { KnownModule } from '../known/known.module';
import { ReRatingsModule } from '../re-ratings/re-ratings.module';
import { AbsenceRulesService } from './absence-rules.service';
import { MonthlyFeesController } from './monthly-fees.controller';
import { MonthsConsumer } from './months.consumer';
import { MonthsService } from './months.service';

@Module({
  imports: [ChargesModule, KnownModule, ReRatingsModule],
  controllers: [MonthlyFeesController, MonthsConsumer],
  providers: [MonthsService, AbsenceRulesService],
})
export class MonthlyFeesModule {}
