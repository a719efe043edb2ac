import { Module } from '@nestjs/common';
import { LapsesService } from './lapses.service';
import { LicencesController } from './licences.controller';
import { LicencesService } from './licences.service';
import { RequirementsController } from './requirements.controller';
import { RequirementsService } from './requirements.service';
import { LicenceStandings } from './standings.service';

@Module({
  controllers: [LicencesController, RequirementsController],
  providers: [LicencesService, LicenceStandings, RequirementsService, LapsesService],
})
export class LicencesModule {}
