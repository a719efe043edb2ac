import { Module } from '@nestjs/common';
import { CostsController } from './costs.controller';
import { CostsService } from './costs.service';
import { RentsController } from './rents.controller';
import { RentsService } from './rents.service';

@Module({ controllers: [CostsController, RentsController], providers: [CostsService, RentsService] })
export class CostsModule {}
