import { Module } from '@nestjs/common';
import { KnownModule } from '../known/known.module';
import { LedgerModule } from '../ledger/ledger.module';
import { AnswersController } from './answers.controller';
import { AnswersService } from './answers.service';
import { ClaimRulesController } from './claim-rules.controller';
import { ClaimRulesService } from './claim-rules.service';
import { ClaimsController } from './claims.controller';
import { ClaimsService } from './claims.service';
import { CutsService } from './cuts.service';
import { PackController } from './pack.controller';
import { PackService } from './pack.service';

@Module({
  imports: [KnownModule, LedgerModule],
  controllers: [ClaimsController, AnswersController, ClaimRulesController, PackController],
  providers: [ClaimsService, AnswersService, CutsService, ClaimRulesService, PackService],
  exports: [ClaimsService],
})
export class ClaimsModule {}
