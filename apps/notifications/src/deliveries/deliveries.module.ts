import { Module } from '@nestjs/common';
import { MessageChannels } from '../channels/channels.service';
import { DeliveriesConsumer } from './deliveries.consumer';
import { DeliveriesController } from './deliveries.controller';
import { DeliveriesService } from './deliveries.service';
import { MessagesSender } from './messages.sender';

@Module({
  controllers: [DeliveriesController, DeliveriesConsumer],
  providers: [DeliveriesService, MessageChannels, MessagesSender],
})
export class DeliveriesModule {}
