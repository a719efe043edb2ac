import { Module } from '@nestjs/common';
import { HouseholdsController } from '../households/households.controller';
import { Households } from '../households/households.service';
import { Consents } from './consents.service';
import { Privacy } from './privacy.service';
import { ResidentKeys } from './resident-keys.service';
import { ResidentNames } from './resident-names.service';
import { ResidentRecords } from './resident-records.service';
import { ResidentsController } from './residents.controller';
import { Residents } from './residents.service';

@Module({
  controllers: [HouseholdsController, ResidentsController],
  providers: [Households, Residents, Consents, Privacy, ResidentKeys, ResidentNames, ResidentRecords],
  exports: [ResidentKeys, ResidentNames],
})
export class ResidentsModule {}
