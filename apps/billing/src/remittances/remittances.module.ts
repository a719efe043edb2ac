import { Module } from '@nestjs/common';
import { KnownModule } from '../known/known.module';
import { LedgerModule } from '../ledger/ledger.module';
import { RemittancesController } from './remittances.controller';
import { RemittancesService } from './remittances.service';

@Module({
  imports: [KnownModule, LedgerModule],
  controllers: [RemittancesController],
  providers: [RemittancesService],
  exports: [RemittancesService],
})
export class RemittancesModule {}
