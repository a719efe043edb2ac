import { Module } from '@nestjs/common';
import { KnownModule } from '../known/known.module';
import { PeriodsController } from './periods.controller';
import { PeriodsService } from './periods.service';

@Module({ imports: [KnownModule], controllers: [PeriodsController], providers: [PeriodsService] })
export class PeriodsModule {}
