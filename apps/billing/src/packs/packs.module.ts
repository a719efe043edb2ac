import { Module } from '@nestjs/common';
import { ProgrammesModule } from '../programmes/programmes.module';
import { PacksController } from './packs.controller';
import { PacksService } from './packs.service';

@Module({ imports: [ProgrammesModule], controllers: [PacksController], providers: [PacksService] })
export class PacksModule {}
