import { Module } from '@nestjs/common';
import { OfferingsModule } from '../offerings/offerings.module';
import { ClosuresController } from './closures.controller';
import { ClosuresService } from './closures.service';
import { SpacesController } from './spaces.controller';
import { SpacesService } from './spaces.service';

@Module({
  imports: [OfferingsModule],
  controllers: [SpacesController, ClosuresController],
  providers: [SpacesService, ClosuresService],
})
export class SpacesModule {}
