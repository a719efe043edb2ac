import { Module } from '@nestjs/common';
import { MessageChannels } from '../channels/channels.service';
import { DeliveriesConsumer } from './deliveries.consumer';
import { DeliveriesController } from './deliveries.controller';
import { DeliveriesService } from './deliveries.service';
import { MessagesSender } from './messages.sender';
import { PapersConsumer } from './papers.consumer';

@Module({
  controllers: [DeliveriesController, DeliveriesConsumer, PapersConsumer],
  providers: [DeliveriesService, MessageChannels, MessagesSender],
})
export class DeliveriesModule {}
