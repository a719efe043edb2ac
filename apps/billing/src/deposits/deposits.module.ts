import { Module } from '@nestjs/common';
import { KnownModule } from '../known/known.module';
import { PaymentsModule } from '../payments/payments.module';
import { DepositsController } from './deposits.controller';
import { DepositsService } from './deposits.service';

@Module({
  imports: [KnownModule, PaymentsModule],
  controllers: [DepositsController],
  providers: [DepositsService],
})
export class DepositsModule {}
