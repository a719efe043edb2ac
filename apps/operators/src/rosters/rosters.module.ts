import { Module } from '@nestjs/common';
import { AbsencesService } from './absences.service';
import { CertificatesController, SkillRequirementsController } from './certificates.controller';
import { CertificatesService } from './certificates.service';
import { RatiosController, StaffGapsController } from './ratios.controller';
import { RatiosService } from './ratios.service';
import { AbsencesController, PatternsController, ShiftsController } from './rosters.controller';
import { RosterChanges } from './roster-changes.service';
import { RostersService } from './rosters.service';
import { SkillRequirementsService } from './skill-requirements.service';
import { StaffCalendar } from './staff-calendar.service';
import { StaffNews } from './staff-news.service';

@Module({
  controllers: [
    CertificatesController,
    SkillRequirementsController,
    PatternsController,
    ShiftsController,
    AbsencesController,
    RatiosController,
    StaffGapsController,
  ],
  providers: [
    CertificatesService,
    SkillRequirementsService,
    RostersService,
    AbsencesService,
    RosterChanges,
    RatiosService,
    StaffNews,
    StaffCalendar,
  ],
  exports: [StaffNews],
})
export class RostersModule {}
