import { Module } from '@nestjs/common';
import { HouseholdsController } from '../households/households.controller';
import { Households } from '../households/households.service';
import { ResidentBelongings } from './belongings.service';
import { Diets } from './diets.service';
import { HomesController } from './homes.controller';
import { Homes } from './homes.service';
import { Consents } from './consents.service';
import { Privacy } from './privacy.service';
import { ResidentKeys } from './resident-keys.service';
import { ResidentNames } from './resident-names.service';
import { ResidentRecords } from './resident-records.service';
import { ResidentsController } from './residents.controller';
import { Residents } from './residents.service';

@Module({
  controllers: [HomesController, HouseholdsController, ResidentsController],
  providers: [
    Consents,
    Diets,
    Homes,
    Households,
    Privacy,
    ResidentBelongings,
    ResidentKeys,
    ResidentNames,
    ResidentRecords,
    Residents,
  ],
  exports: [Consents, Diets, Homes, ResidentKeys, ResidentNames, ResidentRecords, Residents],
})
export class ResidentsModule {}
