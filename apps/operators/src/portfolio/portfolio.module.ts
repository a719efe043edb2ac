import { Module } from '@nestjs/common';
import { FiguresMaker } from './figures.maker';
import { MarginsService } from './margins.service';
import { PortfolioConsumer } from './portfolio.consumer';
import { PortfolioController } from './portfolio.controller';
import { PortfolioService } from './portfolio.service';
import { StreetReportsService } from './street-reports.service';

/** Figures of contracts, regions, sites and kinds, made from events alone. */
@Module({
  controllers: [PortfolioController, PortfolioConsumer],
  providers: [PortfolioService, MarginsService, StreetReportsService, FiguresMaker],
})
export class PortfolioModule {}
