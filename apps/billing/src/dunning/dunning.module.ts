import { Module } from '@nestjs/common';
import { KnownModule } from '../known/known.module';
import { DunningController } from './dunning.controller';
import { DunningService } from './dunning.service';

@Module({ imports: [KnownModule], controllers: [DunningController], providers: [DunningService] })
export class DunningModule {}
