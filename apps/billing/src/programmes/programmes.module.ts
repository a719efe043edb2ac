import { Module } from '@nestjs/common';
import { KnownModule } from '../known/known.module';
import { BudgetsService } from './budgets.service';
import { ProgrammesController } from './programmes.controller';
import { ProgrammesService } from './programmes.service';

@Module({
  imports: [KnownModule],
  controllers: [ProgrammesController],
  providers: [ProgrammesService, BudgetsService],
  exports: [ProgrammesService],
})
export class ProgrammesModule {}
