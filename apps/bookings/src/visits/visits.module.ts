import { Module } from '@nestjs/common';
import { BookingsModule } from '../bookings/bookings.module';
import { ResidentsModule } from '../residents/residents.module';
import { AssignmentsController } from './assignments.controller';
import { Assignments } from './assignments.service';
import { Evidence } from './evidence.service';
import { Proofs } from './proofs.service';
import { ReviewsController } from './reviews.controller';
import { Reviews } from './reviews.service';
import { VisitRulesController } from './visit-rules.controller';
import { VisitRules } from './visit-rules.service';
import { VisitsController } from './visits.controller';
import { Visits } from './visits.service';

@Module({
  imports: [BookingsModule, ResidentsModule],
  controllers: [AssignmentsController, ReviewsController, VisitRulesController, VisitsController],
  providers: [Assignments, Evidence, Proofs, Reviews, VisitRules, Visits],
})
export class VisitsModule {}
