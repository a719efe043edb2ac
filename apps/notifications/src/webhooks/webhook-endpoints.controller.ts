import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { Access, ApiPage, type Page, PageQuery, UuidParam } from '@doorstep/platform';
import { NewWebhookEndpoint, WebhookEndpoint, WebhookEndpointWithSecret } from './webhook-endpoints.dto';
import { WebhookEndpointsService } from './webhook-endpoints.service';

@ApiTags('webhook endpoints')
@Controller('v1/webhook-endpoints')
export class WebhookEndpointsController {
  constructor(private readonly endpoints: WebhookEndpointsService) {}

  @Post()
  @Access('webhooks:write')
  @ApiOperation({
    summary: 'Register a webhook endpoint',
    description:
      'Events are POSTed as {id, type, timestamp, data}, signed by Standard Webhooks. Delivery is at least once and may be out of order: know a repeat by the header webhook-id and the newest by data.version. Answer 2xx within 15 seconds; anything else is tried again for about two days.',
  })
  @ApiCreatedResponse({ type: WebhookEndpointWithSecret, description: 'The endpoint with its secret.' })
  register(@Body() body: NewWebhookEndpoint): Promise<WebhookEndpointWithSecret> {
    return this.endpoints.register(body);
  }

  @Get()
  @Access('webhooks:read')
  @ApiOperation({ summary: 'List webhook endpoints' })
  @ApiPage(WebhookEndpoint, 'Endpoints, oldest first; an API client sees its own.')
  list(@Query() query: PageQuery): Promise<Page<WebhookEndpoint>> {
    return this.endpoints.list(query);
  }

  @Get(':id')
  @Access('webhooks:read')
  @ApiOperation({ summary: 'See a webhook endpoint' })
  @ApiOkResponse({ type: WebhookEndpoint, description: 'The endpoint.' })
  find(@Param('id', UuidParam) id: string): Promise<WebhookEndpoint> {
    return this.endpoints.find(id);
  }

  @Post(':id/enable')
  @HttpCode(200)
  @Access('webhooks:write')
  @ApiOperation({ summary: 'Enable a webhook endpoint again after it was disabled' })
  @ApiOkResponse({ type: WebhookEndpoint, description: 'The endpoint, with its failures forgotten.' })
  enable(@Param('id', UuidParam) id: string): Promise<WebhookEndpoint> {
    return this.endpoints.enable(id);
  }

  @Delete(':id')
  @HttpCode(204)
  @Access('webhooks:write')
  @ApiOperation({ summary: 'Remove a webhook endpoint; what is queued for it is not sent' })
  @ApiNoContentResponse({ description: 'Removed.' })
  remove(@Param('id', UuidParam) id: string): Promise<void> {
    return this.endpoints.remove(id);
  }
}
