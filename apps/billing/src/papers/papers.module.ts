import { Module } from '@nestjs/common';
import { InvoicesModule } from '../invoices/invoices.module';
import { PapersController } from './papers.controller';
import { PapersService } from './papers.service';

@Module({ imports: [InvoicesModule], controllers: [PapersController], providers: [PapersService] })
export class PapersModule {}
