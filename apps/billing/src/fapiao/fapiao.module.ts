import { Module } from '@nestjs/common';
import { FapiaoPlatform } from './fapiao-platform';
import { FapiaoController } from './fapiao.controller';
import { FapiaoRunner } from './fapiao.runner';
import { FapiaoService } from './fapiao.service';
import { FileDropPlatform } from './file-drop.platform';

@Module({
  controllers: [FapiaoController],
  providers: [FapiaoService, FapiaoRunner, { provide: FapiaoPlatform, useClass: FileDropPlatform }],
})
export class FapiaoModule {}
