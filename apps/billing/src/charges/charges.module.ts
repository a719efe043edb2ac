import { Module } from '@nestjs/common';
import { LedgerModule } from '../ledger/ledger.module';
import { CapturesService } from './captures.service';
import { ChargesConsumer } from './charges.consumer';
import { ChargesController } from './charges.controller';
import { ChargesService } from './charges.service';
import { HoldsService } from './holds.service';
import { ReleasesService } from './releases.service';

@Module({
  imports: [LedgerModule],
  controllers: [ChargesController, ChargesConsumer],
  providers: [ChargesService, HoldsService, ReleasesService, CapturesService],
  exports: [HoldsService, CapturesService],
})
export class ChargesModule {}
