import { Module } from '@nestjs/common';
import { LedgerModule } from '../ledger/ledger.module';
import { CorrectionsService } from './corrections.service';

@Module({ imports: [LedgerModule], providers: [CorrectionsService], exports: [CorrectionsService] })
export class CorrectionsModule {}
