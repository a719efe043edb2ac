import { Module } from '@nestjs/common';
import { NearbyModule } from '../nearby/nearby.module';
import { CoverageController } from './coverage.controller';
import { CoverageService } from './coverage.service';

@Module({ imports: [NearbyModule], controllers: [CoverageController], providers: [CoverageService] })
export class CoverageModule {}
