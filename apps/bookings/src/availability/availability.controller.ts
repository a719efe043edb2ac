import { Controller, Get, Query } from '@nestjs/common';
import { Access, ApiPage, type Page } from '@doorstep/platform';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { AvailabilityDto, AvailabilityQuery } from './availability.dto';
import { Availability } from './availability.service';

@ApiTags('availability')
@Controller('v1/availability')
export class AvailabilityController {
  constructor(private readonly availability: Availability) {}

  @Get()
  @Access('availability:read')
  @ApiOperation({ summary: 'See what can be booked, and why the rest cannot' })
  @ApiPage(AvailabilityDto, 'Sessions in the order of their start.')
  list(@Query() query: AvailabilityQuery): Promise<Page<AvailabilityDto>> {
    return this.availability.list(query);
  }
}
