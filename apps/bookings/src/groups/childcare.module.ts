import { Module } from '@nestjs/common';
import { Absences } from '../absences/absences.service';
import { AttendanceController } from '../attendance/attendance.controller';
import { AttendanceRecords } from '../attendance/attendance.service';
import { Months } from '../attendance/months.service';
import { ApplicationsController } from '../enrolment/applications.controller';
import { Applications } from '../enrolment/applications.service';
import { Enrolment } from '../enrolment/enrolment.service';
import { BookingsModule } from '../bookings/bookings.module';
import { Ageing } from '../placements/ageing.service';
import { PlacementsController } from '../placements/placements.controller';
import { Placements } from '../placements/placements.service';
import { Places } from '../placements/places.service';
import { Reservations } from '../placements/reservations.service';
import { ResidentsModule } from '../residents/residents.module';
import { StandardsController } from '../standards/standards.controller';
import { Standards } from '../standards/standards.service';
import { GroupsController } from './groups.controller';
import { Groups } from './groups.service';

/** Childcare under three: groups by age, places in them day by day, and what happened on each day. */
@Module({
  imports: [BookingsModule, ResidentsModule],
  controllers: [
    ApplicationsController,
    AttendanceController,
    GroupsController,
    PlacementsController,
    StandardsController,
  ],
  providers: [
    Absences,
    Ageing,
    Applications,
    AttendanceRecords,
    Enrolment,
    Groups,
    Months,
    Placements,
    Places,
    Reservations,
    Standards,
  ],
})
export class ChildcareModule {}
