import { Controller, Get, Query } from '@nestjs/common';
import { Access, ApiPage, type Page } from '@doorstep/platform';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { NearbyDto, NearbyQuery } from './nearby.dto';
import { NearbyService } from './nearby.service';

@ApiTags('nearby')
@Controller('v1/nearby')
export class NearbyController {
  constructor(private readonly nearby: NearbyService) {}

  @Get()
  @Access('nearby:read')
  @ApiOperation({ summary: 'Search inside a walking circle' })
  @ApiPage(NearbyDto, 'Operating sites within the walk, nearest first.')
  search(@Query() query: NearbyQuery): Promise<Page<NearbyDto>> {
    return this.nearby.search(query);
  }
}
