import { Module } from '@nestjs/common';
import { KnownModule } from '../known/known.module';
import { LedgerModule } from '../ledger/ledger.module';
import { RemittancesController } from './remittances.controller';
import { RemittancesService } from './remittances.service';
import { TakingBackService } from './taking-back.service';

@Module({
  imports: [KnownModule, LedgerModule],
  controllers: [RemittancesController],
  providers: [RemittancesService, TakingBackService],
  exports: [RemittancesService],
})
export class RemittancesModule {}
