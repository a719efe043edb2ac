import { Module } from '@nestjs/common';
import { LedgerReader } from './ledger-reader.service';
import { LedgerController } from './ledger.controller';
import { LedgerService } from './ledger.service';

@Module({
  controllers: [LedgerController],
  providers: [LedgerService, LedgerReader],
  exports: [LedgerService],
})
export class LedgerModule {}
