import { Module } from '@nestjs/common';
import { KnownModule } from '../known/known.module';
import { ClaimsController } from './claims.controller';
import { ClaimsService } from './claims.service';

@Module({ imports: [KnownModule], controllers: [ClaimsController], providers: [ClaimsService] })
export class ClaimsModule {}
