import { Module } from '@nestjs/common';
import { KnownModule } from '../known/known.module';
import { OriginalStore } from './original-store.service';
import { Progress } from './progress.service';
import { SettlementFilesController } from './settlement-files.controller';
import { SettlementFilesService } from './settlement-files.service';
import { SideConnections } from './side-connections.service';
import { Staging } from './staging.service';

@Module({
  imports: [KnownModule],
  controllers: [SettlementFilesController],
  providers: [SettlementFilesService, OriginalStore, Progress, SideConnections, Staging],
  exports: [OriginalStore, Progress, Staging],
})
export class SettlementFilesModule {}
