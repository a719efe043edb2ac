import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { Access, ApiPage, type Page, PageQuery, UuidParam } from '@doorstep/platform';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { CreateHouseholdDto, HouseholdDto } from './households.dto';
import { Households } from './households.service';

@ApiTags('households')
@Controller('v1/households')
export class HouseholdsController {
  constructor(private readonly households: Households) {}

  @Post()
  @Access('households:create')
  @ApiOperation({ summary: 'Register a household' })
  @ApiCreatedResponse({ type: HouseholdDto, description: 'The household.' })
  create(@Body() body: CreateHouseholdDto): Promise<HouseholdDto> {
    return this.households.create(body.regionCode);
  }

  @Get()
  @Access('households:read')
  @ApiOperation({ summary: 'List households' })
  @ApiPage(HouseholdDto, 'Households in the order in which they were registered.')
  list(@Query() query: PageQuery): Promise<Page<HouseholdDto>> {
    return this.households.list(query);
  }

  @Get(':id')
  @Access('households:read')
  @ApiOperation({ summary: 'See one household' })
  @ApiParam({ name: 'id', description: 'The household.', format: 'uuid' })
  @ApiOkResponse({ type: HouseholdDto, description: 'The household.' })
  find(@Param('id', UuidParam) id: string): Promise<HouseholdDto> {
    return this.households.find(id);
  }
}
