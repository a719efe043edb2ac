import { Module } from '@nestjs/common';
import { LedgerModule } from '../ledger/ledger.module';
import { MatchesModule } from '../matches/matches.module';
import { ExceptionMoney } from './exception-money.service';
import { ExceptionPairsService } from './exception-pairs.service';
import { ExceptionRulesService } from './exception-rules.service';
import { ExceptionsController } from './exceptions.controller';
import { ExceptionsService } from './exceptions.service';
import { LateService } from './late.service';

@Module({
  imports: [LedgerModule, MatchesModule],
  controllers: [ExceptionsController],
  providers: [ExceptionsService, ExceptionMoney, ExceptionPairsService, ExceptionRulesService, LateService],
  exports: [LateService],
})
export class ExceptionsModule {}
