import { Module } from '@nestjs/common';
import { OfferingsModule } from '../offerings/offerings.module';
import { SpacesController } from './spaces.controller';
import { SpacesService } from './spaces.service';

@Module({ imports: [OfferingsModule], controllers: [SpacesController], providers: [SpacesService] })
export class SpacesModule {}
