import { Module } from '@nestjs/common';
import { MilestonesService } from './milestones.service';
import { SitesController } from './sites.controller';
import { SitesService } from './sites.service';

@Module({ controllers: [SitesController], providers: [SitesService, MilestonesService] })
export class SitesModule {}
