import { Module } from '@nestjs/common';
import { MilestonesService } from './milestones.service';
import { ProjectsService } from './projects.service';
import { SiteHoursSweeper } from './site-hours.sweeper';
import { SiteExportService } from './site-export.service';
import { SiteImportController } from './site-import.controller';
import { SiteImportService } from './site-import.service';
import { SitesController } from './sites.controller';
import { SitesService } from './sites.service';

@Module({
  controllers: [SiteImportController, SitesController],
  providers: [
    SitesService,
    MilestonesService,
    ProjectsService,
    SiteHoursSweeper,
    SiteImportService,
    SiteExportService,
  ],
})
export class SitesModule {}
