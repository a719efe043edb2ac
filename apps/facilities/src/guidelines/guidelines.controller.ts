import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { Access, ApiPage, type Page } from '@doorstep/platform';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { RegionCodeParam } from '../regions/region-code.pipe';
import {
  EffectiveGuidelineDto,
  EffectiveQuery,
  GuidelineDto,
  GuidelinesQuery,
  SetGuidelineDto,
} from './guidelines.dto';
import { GuidelinesService } from './guidelines.service';

const CODE = { name: 'code', description: 'Statistics code of the region.', example: '3101' };

@ApiTags('guidelines')
@Controller('v1/regions/:code/guidelines')
export class GuidelinesController {
  constructor(private readonly guidelines: GuidelinesService) {}

  @Post()
  @Access('guidelines:write')
  @ApiOperation({ summary: "Set a region's own figures from a day on" })
  @ApiParam(CODE)
  @ApiCreatedResponse({
    type: GuidelineDto,
    description: 'The guideline; the one before it ends where it begins.',
  })
  set(@Param('code', RegionCodeParam) code: string, @Body() body: SetGuidelineDto): Promise<GuidelineDto> {
    return this.guidelines.set(code, body);
  }

  @Get()
  @Access('guidelines:read')
  @ApiOperation({
    summary: 'List the guidelines of a region and of those that enclose it, past and future ones too',
  })
  @ApiParam(CODE)
  @ApiPage(GuidelineDto, "The country's first.")
  list(
    @Param('code', RegionCodeParam) code: string,
    @Query() query: GuidelinesQuery,
  ): Promise<Page<GuidelineDto>> {
    return this.guidelines.list(code, query);
  }

  @Get('effective')
  @Access('guidelines:read')
  @ApiOperation({ summary: 'See the figures that hold in a region on a day' })
  @ApiParam(CODE)
  @ApiOkResponse({
    type: EffectiveGuidelineDto,
    description: 'Figure by figure, what the nearest region says.',
  })
  effective(
    @Param('code', RegionCodeParam) code: string,
    @Query() query: EffectiveQuery,
  ): Promise<EffectiveGuidelineDto> {
    return this.guidelines.effective(code, query);
  }
}
