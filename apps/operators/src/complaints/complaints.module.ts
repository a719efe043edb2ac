import { Module } from '@nestjs/common';
import { ComplaintCalendar } from './complaint-calendar.service';
import { ComplaintsController } from './complaints.controller';
import { ComplaintsService } from './complaints.service';
import { SatisfactionController } from './satisfaction.controller';
import { SatisfactionService } from './satisfaction.service';

@Module({
  controllers: [ComplaintsController, SatisfactionController],
  providers: [ComplaintsService, ComplaintCalendar, SatisfactionService],
})
export class ComplaintsModule {}
