import { Module } from '@nestjs/common';
import { KnownModule } from '../known/known.module';
import { PricesController } from './prices.controller';
import { PricesService } from './prices.service';

@Module({ imports: [KnownModule], controllers: [PricesController], providers: [PricesService] })
export class PricesModule {}
