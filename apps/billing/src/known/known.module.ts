import { Module } from '@nestjs/common';
import { KnownService } from './known.service';

@Module({ providers: [KnownService], exports: [KnownService] })
export class KnownModule {}
