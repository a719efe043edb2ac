import { Module } from '@nestjs/common';
import { RegionFilesService } from './region-files.service';
import { RegionsController } from './regions.controller';
import { RegionsService } from './regions.service';
import { SuccessionsService } from './successions.service';

@Module({
  controllers: [RegionsController],
  providers: [RegionsService, RegionFilesService, SuccessionsService],
  exports: [RegionsService],
})
export class RegionsModule {}
