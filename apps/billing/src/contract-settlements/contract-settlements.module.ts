import { Module } from '@nestjs/common';
import { KnownModule } from '../known/known.module';
import { LedgerModule } from '../ledger/ledger.module';
import { ContractSettlementsController } from './contract-settlements.controller';
import { ContractSettlementsService } from './contract-settlements.service';
import { SettlementFigures } from './settlement-figures.service';
import { SettlementPapers } from './settlement-papers.service';

@Module({
  imports: [KnownModule, LedgerModule],
  controllers: [ContractSettlementsController],
  providers: [ContractSettlementsService, SettlementFigures, SettlementPapers],
})
export class ContractSettlementsModule {}
