import { Module } from '@nestjs/common';
import { ContractCalendar } from './contract-calendar.service';
import { ContractLifecycle } from './contract-lifecycle.service';
import { ContractNews } from './contract-news.service';
import { ContractSitesController } from './contract-sites.controller';
import { ContractSitesService } from './contract-sites.service';
import { ContractsController } from './contracts.controller';
import { ContractsService } from './contracts.service';

@Module({
  controllers: [ContractsController, ContractSitesController],
  providers: [ContractsService, ContractSitesService, ContractLifecycle, ContractCalendar, ContractNews],
})
export class ContractsModule {}
