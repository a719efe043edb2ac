import { Module } from '@nestjs/common';
import { ReportsController } from './reports.controller';
import { ReportsService } from './reports.service';
import { TablesController } from './tables.controller';
import { TablesService } from './tables.service';

@Module({ controllers: [ReportsController, TablesController], providers: [ReportsService, TablesService] })
export class ReportsModule {}
