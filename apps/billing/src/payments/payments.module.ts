import { Module } from '@nestjs/common';
import { LedgerModule } from '../ledger/ledger.module';
import { HeldMoneyService } from './held-money.service';
import { PayingService } from './paying.service';
import { PaymentsController } from './payments.controller';
import { PaymentsService } from './payments.service';

@Module({
  imports: [LedgerModule],
  controllers: [PaymentsController],
  providers: [PaymentsService, HeldMoneyService, PayingService],
  exports: [PaymentsService, HeldMoneyService, PayingService],
})
export class PaymentsModule {}
