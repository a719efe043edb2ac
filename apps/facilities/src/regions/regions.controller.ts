import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { Access, ApiPage, type Page } from '@doorstep/platform';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { RegionCodeParam } from './region-code.pipe';
import { ImportedDto, ImportRegionsDto, RegionDto, RegionsQuery } from './regions.dto';
import { RegionsService } from './regions.service';

@ApiTags('regions')
@Controller('v1/regions')
export class RegionsController {
  constructor(private readonly regions: RegionsService) {}

  @Post('import')
  @HttpCode(200)
  @Access('regions:import')
  @ApiOperation({ summary: 'Add and update regions, all rows or none' })
  @ApiOkResponse({ type: ImportedDto, description: 'What was, or would be, written.' })
  import(@Body() body: ImportRegionsDto): Promise<ImportedDto> {
    return this.regions.import(body);
  }

  @Get()
  @Access('regions:read')
  @ApiOperation({ summary: 'List regions by parent, level or enclosing region' })
  @ApiPage(RegionDto, 'Regions in the order of their codes.')
  list(@Query() query: RegionsQuery): Promise<Page<RegionDto>> {
    return this.regions.list(query);
  }

  @Get(':code')
  @Access('regions:read')
  @ApiOperation({ summary: 'See one region' })
  @ApiParam({ name: 'code', description: 'Statistics code.', example: '310101013' })
  @ApiOkResponse({ type: RegionDto, description: 'The region.' })
  find(@Param('code', RegionCodeParam) code: string): Promise<RegionDto> {
    return this.regions.find(code);
  }
}
