import { Controller } from '@nestjs/common';
import { MonthAttendanceClosed, MonthAttendanceCorrected } from '@doorstep/contracts';
import { OnEventsAlone, type Received } from '@doorstep/platform';
import { MonthsService } from './months.service';

/** Children's months, as bookings closes and corrects their sheets. */
@Controller()
export class MonthsConsumer {
  constructor(private readonly months: MonthsService) {}

  @OnEventsAlone(MonthAttendanceClosed, MonthAttendanceCorrected)
  told(batch: Received<MonthAttendanceClosed | MonthAttendanceCorrected>[]): Promise<void> {
    return this.months.told(batch);
  }
}
