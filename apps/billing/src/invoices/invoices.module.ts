import { Module } from '@nestjs/common';
import { CorrectionsModule } from '../corrections/corrections.module';
import { KnownModule } from '../known/known.module';
import { LedgerModule } from '../ledger/ledger.module';
import { PaymentsModule } from '../payments/payments.module';
import { CreditNotesService } from './credit-notes.service';
import { DocumentsController } from './documents.controller';
import { InvoicePaymentsService } from './invoice-payments.service';
import { InvoicesController } from './invoices.controller';
import { InvoicesService } from './invoices.service';
import { ReceiptsService } from './receipts.service';
import { StatementsService } from './statements.service';

@Module({
  imports: [KnownModule, LedgerModule, CorrectionsModule, PaymentsModule],
  controllers: [InvoicesController, DocumentsController],
  providers: [
    InvoicesService,
    CreditNotesService,
    InvoicePaymentsService,
    ReceiptsService,
    StatementsService,
  ],
  exports: [InvoicesService, CreditNotesService, ReceiptsService, StatementsService],
})
export class InvoicesModule {}
