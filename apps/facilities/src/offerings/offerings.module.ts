import { Module } from '@nestjs/common';
import { OfferingTeller } from './offering-teller.service';
import { OfferingsController } from './offerings.controller';
import { OfferingsService } from './offerings.service';

@Module({
  controllers: [OfferingsController],
  providers: [OfferingsService, OfferingTeller],
  exports: [OfferingTeller],
})
export class OfferingsModule {}
