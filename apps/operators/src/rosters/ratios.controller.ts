import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { Access, ApiPage, type Page, PageQuery, UuidParam } from '@doorstep/platform';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { EndRuleDto } from '../shared/regional-rules.dto';
import { RatioDto, SetRatioDto, StaffGapsDto, StaffGapsQuery } from './ratios.dto';
import { RatiosService } from './ratios.service';

@ApiTags('rosters')
@Controller('v1/staff-ratios')
export class RatiosController {
  constructor(private readonly ratios: RatiosService) {}

  @Post()
  @Access('staff-ratios:write')
  @ApiOperation({ summary: 'Say how many children of an age class one member of staff may mind' })
  @ApiCreatedResponse({ type: RatioDto, description: 'Set.' })
  set(@Body() body: SetRatioDto): Promise<RatioDto> {
    return this.ratios.set(body);
  }

  @Get()
  @Access('staff-ratios:read')
  @ApiOperation({ summary: 'List how many children one member of staff may mind' })
  @ApiPage(RatioDto, 'Ratios in the order of their entry.')
  list(@Query() query: PageQuery): Promise<Page<RatioDto>> {
    return this.ratios.list(query);
  }

  @Post(':id/end')
  @HttpCode(200)
  @Access('staff-ratios:write')
  @ApiOperation({ summary: 'Use a ratio no longer from a day on' })
  @ApiParam({ name: 'id', format: 'uuid', description: "The ratio's id." })
  @ApiOkResponse({ type: RatioDto, description: 'The ratio with its end.' })
  end(@Param('id', UuidParam) id: string, @Body() body: EndRuleDto): Promise<RatioDto> {
    return this.ratios.end(id, body);
  }
}

@ApiTags('rosters')
@Controller('v1/staff-gaps')
export class StaffGapsController {
  constructor(private readonly ratios: RatiosService) {}

  @Get()
  @Access('rosters:read')
  @ApiOperation({ summary: 'See when staff are too few for the children of a site' })
  @ApiOkResponse({ type: StaffGapsDto, description: 'The gaps.' })
  gaps(@Query() query: StaffGapsQuery): Promise<StaffGapsDto> {
    return this.ratios.gaps(query);
  }
}
