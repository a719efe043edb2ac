import { Module } from '@nestjs/common';
import { ExpiriesService } from './expiries.service';

@Module({ providers: [ExpiriesService] })
export class ExpiriesModule {}
