import { Module } from '@nestjs/common';
import { ChainService } from './chain.service';
import { ExportService } from './export.service';
import { JournalController } from './journal.controller';
import { LedgerReader } from './ledger-reader.service';
import { LedgerController } from './ledger.controller';
import { LedgerService } from './ledger.service';

@Module({
  controllers: [LedgerController, JournalController],
  providers: [LedgerService, LedgerReader, ChainService, ExportService],
  exports: [LedgerService],
})
export class LedgerModule {}
