import { Module } from '@nestjs/common';
import { CeilingsConsumer } from './ceilings.consumer';

@Module({ controllers: [CeilingsConsumer] })
export class CeilingsModule {}
