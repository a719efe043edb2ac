import { Module } from '@nestjs/common';
import { ExceptionsModule } from '../exceptions/exceptions.module';
import { LedgerModule } from '../ledger/ledger.module';
import { HeldMoneyService } from './held-money.service';
import { PayingService } from './paying.service';
import { PaymentsController } from './payments.controller';
import { PaymentsService } from './payments.service';
import { ProposedVoidsController } from './proposed-voids.controller';
import { ProposedVoidsService } from './proposed-voids.service';
import { VoidsService } from './voids.service';

@Module({
  imports: [LedgerModule, ExceptionsModule],
  controllers: [PaymentsController, ProposedVoidsController],
  providers: [PaymentsService, VoidsService, ProposedVoidsService, HeldMoneyService, PayingService],
  exports: [PaymentsService, HeldMoneyService, PayingService],
})
export class PaymentsModule {}
