import { Controller, Get, Query } from '@nestjs/common';
import { Access, ApiPage, type Page } from '@doorstep/platform';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { AvailabilityDto, AvailabilityQuery } from './availability.dto';
import { Availability } from './availability.service';
import { FirstFreeDto, FirstFreeQuery } from './first-free.dto';
import { FirstFree } from './first-free.service';

@ApiTags('availability')
@Controller('v1/availability')
export class AvailabilityController {
  constructor(
    private readonly availability: Availability,
    private readonly first: FirstFree,
  ) {}

  @Get()
  @Access('availability:read')
  @ApiOperation({ summary: 'See what can be booked, and why the rest cannot' })
  @ApiPage(AvailabilityDto, 'Sessions in the order of their start.')
  list(@Query() query: AvailabilityQuery): Promise<Page<AvailabilityDto>> {
    return this.availability.list(query);
  }

  @Get('first-free')
  @Access('availability:read')
  @ApiOperation({
    summary: 'See the first session that can be booked at each site within a walk, nearest first',
  })
  @ApiPage(FirstFreeDto, 'Sites within the walk that have one, nearest first.')
  firstFree(@Query() query: FirstFreeQuery): Promise<Page<FirstFreeDto>> {
    return this.first.find(query);
  }
}
