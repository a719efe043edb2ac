import { Module } from '@nestjs/common';
import { KindsController } from './kinds.controller';
import { KindsService } from './kinds.service';

@Module({ controllers: [KindsController], providers: [KindsService] })
export class KindsModule {}
