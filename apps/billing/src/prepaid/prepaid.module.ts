import { Module } from '@nestjs/common';
import { KnownModule } from '../known/known.module';
import { PaymentsModule } from '../payments/payments.module';
import { PrepaidController } from './prepaid.controller';
import { PrepaidRulesService } from './prepaid-rules.service';
import { PrepaidService } from './prepaid.service';

@Module({
  imports: [KnownModule, PaymentsModule],
  controllers: [PrepaidController],
  providers: [PrepaidService, PrepaidRulesService],
})
export class PrepaidModule {}
