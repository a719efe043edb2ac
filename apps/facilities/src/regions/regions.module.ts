import { Module } from '@nestjs/common';
import { ImportConnections } from './import-connections.service';
import { RegionFilesService } from './region-files.service';
import { RegionProgress } from './region-progress.service';
import { RegionsController } from './regions.controller';
import { RegionsService } from './regions.service';
import { SuccessionsService } from './successions.service';

@Module({
  controllers: [RegionsController],
  providers: [RegionsService, RegionFilesService, RegionProgress, ImportConnections, SuccessionsService],
  exports: [RegionsService],
})
export class RegionsModule {}
