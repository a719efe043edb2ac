import { Module } from '@nestjs/common';
import { KnownModule } from '../known/known.module';
import { OriginalStore } from './original-store.service';
import { SettlementFilesController } from './settlement-files.controller';
import { SettlementFilesService } from './settlement-files.service';
import { Staging } from './staging.service';

@Module({
  imports: [KnownModule],
  controllers: [SettlementFilesController],
  providers: [SettlementFilesService, OriginalStore, Staging],
})
export class SettlementFilesModule {}
