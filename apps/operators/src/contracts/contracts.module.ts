import { Module } from '@nestjs/common';
import { AmendmentsController } from './amendments.controller';
import { AmendmentsService } from './amendments.service';
import { ContractCalendar } from './contract-calendar.service';
import { ContractLifecycle } from './contract-lifecycle.service';
import { ContractNews } from './contract-news.service';
import { ContractSitesController } from './contract-sites.controller';
import { ContractSitesService } from './contract-sites.service';
import { ContractsController } from './contracts.controller';
import { ContractsService } from './contracts.service';
import { HandoversService } from './handovers.service';

@Module({
  controllers: [ContractsController, ContractSitesController, AmendmentsController],
  providers: [
    ContractsService,
    ContractSitesService,
    AmendmentsService,
    HandoversService,
    ContractLifecycle,
    ContractCalendar,
    ContractNews,
  ],
})
export class ContractsModule {}
