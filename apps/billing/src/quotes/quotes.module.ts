import { Module } from '@nestjs/common';
import { KnownModule } from '../known/known.module';
import { QuotesController } from './quotes.controller';
import { QuotesService } from './quotes.service';

@Module({ imports: [KnownModule], controllers: [QuotesController], providers: [QuotesService] })
export class QuotesModule {}
