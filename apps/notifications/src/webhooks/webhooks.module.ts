import { Module } from '@nestjs/common';
import { WebhookChannel } from './webhook.channel';
import { WebhookEndpointsController } from './webhook-endpoints.controller';
import { WebhookEndpointsService } from './webhook-endpoints.service';
import { WebhooksConsumer } from './webhooks.consumer';
import { WebhooksSender } from './webhooks.sender';

@Module({
  controllers: [WebhookEndpointsController, WebhooksConsumer],
  providers: [WebhookEndpointsService, WebhookChannel, WebhooksSender],
})
export class WebhooksModule {}
