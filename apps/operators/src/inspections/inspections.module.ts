import { Module } from '@nestjs/common';
import { ChecklistsController } from './checklists.controller';
import { ChecklistsService } from './checklists.service';
import { FindingsController, SuspensionsController } from './findings.controller';
import { FindingsService } from './findings.service';
import { InspectionCalendar } from './inspection-calendar.service';
import { InspectionStandings } from './inspection-standings.service';
import { InspectionsController } from './inspections.controller';
import { InspectionsService } from './inspections.service';
import { RatingRulesService } from './rating-rules.service';
import { RatingRulesController, SiteRatingsController } from './site-ratings.controller';
import { SiteRatings } from './site-ratings.service';

@Module({
  controllers: [
    ChecklistsController,
    InspectionsController,
    FindingsController,
    SuspensionsController,
    SiteRatingsController,
    RatingRulesController,
  ],
  providers: [
    ChecklistsService,
    InspectionsService,
    FindingsService,
    InspectionStandings,
    InspectionCalendar,
    SiteRatings,
    RatingRulesService,
  ],
})
export class InspectionsModule {}
