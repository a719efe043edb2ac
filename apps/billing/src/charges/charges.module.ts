import { Module } from '@nestjs/common';
import { LedgerModule } from '../ledger/ledger.module';
import { ReRatingsModule } from '../re-ratings/re-ratings.module';
import { CapturesService } from './captures.service';
import { ChargesConsumer } from './charges.consumer';
import { ChargesController } from './charges.controller';
import { ChargesService } from './charges.service';
import { DoubtsService } from './doubts.service';
import { HoldsService } from './holds.service';
import { ReleasesService } from './releases.service';

@Module({
  imports: [LedgerModule, ReRatingsModule],
  controllers: [ChargesController, ChargesConsumer],
  providers: [ChargesService, HoldsService, ReleasesService, CapturesService, DoubtsService],
  exports: [HoldsService, CapturesService],
})
export class ChargesModule {}
