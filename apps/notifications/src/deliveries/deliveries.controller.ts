import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access, ApiPage, type Page, UuidParam } from '@doorstep/platform';
import { Delivery, DeliveryQuery } from './deliveries.dto';
import { DeliveriesService } from './deliveries.service';

@ApiTags('deliveries')
@Controller('v1/deliveries')
export class DeliveriesController {
  constructor(private readonly deliveries: DeliveriesService) {}

  @Get()
  @Access('deliveries:read')
  @ApiOperation({ summary: 'List deliveries: what was sent, to whom by pseudonym, never what it said' })
  @ApiPage(Delivery, 'Deliveries, newest first.')
  list(@Query() query: DeliveryQuery): Promise<Page<Delivery>> {
    return this.deliveries.list(query);
  }

  @Get(':id')
  @Access('deliveries:read')
  @ApiOperation({ summary: 'See a delivery' })
  @ApiOkResponse({ type: Delivery, description: 'The delivery.' })
  find(@Param('id', UuidParam) id: string): Promise<Delivery> {
    return this.deliveries.find(id);
  }
}
