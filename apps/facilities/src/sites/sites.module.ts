import { Module } from '@nestjs/common';
import { MilestonesService } from './milestones.service';
import { SiteHoursSweeper } from './site-hours.sweeper';
import { SitesController } from './sites.controller';
import { SitesService } from './sites.service';

@Module({ controllers: [SitesController], providers: [SitesService, MilestonesService, SiteHoursSweeper] })
export class SitesModule {}
