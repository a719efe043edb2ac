import { Module } from '@nestjs/common';
import { LedgerModule } from '../ledger/ledger.module';
import { SettlementFilesModule } from '../settlement-files/settlement-files.module';
import { MatchDecisionsService } from './decisions.service';
import { MatchesController } from './matches.controller';
import { MatchesService } from './matches.service';
import { TermsService } from './terms.service';

/** Ties statements to what was expected: channels' payouts, claims, transfers. */
@Module({
  imports: [LedgerModule, SettlementFilesModule],
  controllers: [MatchesController],
  providers: [MatchesService, MatchDecisionsService, TermsService],
  exports: [MatchesService],
})
export class MatchesModule {}
