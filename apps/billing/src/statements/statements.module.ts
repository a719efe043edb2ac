import { Module } from '@nestjs/common';
import { KnownModule } from '../known/known.module';
import { SettlementFilesModule } from '../settlement-files/settlement-files.module';
import { StatementAccountsController } from './statement-accounts.controller';
import { StatementAccountsService } from './statement-accounts.service';
import { StatementsController } from './statements.controller';
import { StatementsService } from './statements.service';

/** What banks, channels' own accounts and funders say about money that moved. */
@Module({
  imports: [KnownModule, SettlementFilesModule],
  controllers: [StatementAccountsController, StatementsController],
  providers: [StatementAccountsService, StatementsService],
})
export class StatementsModule {}
