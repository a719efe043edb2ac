import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { Access, ApiPage, type Page, PageQuery, UuidParam } from '@doorstep/platform';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import { EndRuleDto } from '../shared/regional-rules.dto';
import { RatingRulesService } from './rating-rules.service';
import {
  RatingRuleDto,
  ReleaseRatingDto,
  SetRatingDto,
  SetRatingRuleDto,
  SiteRatingDto,
  SiteRatingsQuery,
} from './site-ratings.dto';
import { SiteRatings } from './site-ratings.service';

@ApiTags('ratings')
@Controller('v1/site-ratings')
export class SiteRatingsController {
  constructor(private readonly ratings: SiteRatings) {}

  @Post()
  @Access('ratings:write')
  @ApiOperation({ summary: "Set a site's stars from today on, until they are given back to the rule" })
  @ApiCreatedResponse({ type: SiteRatingDto, description: 'The stars that hold now.' })
  set(@Body() body: SetRatingDto): Promise<SiteRatingDto> {
    return this.ratings.set(body);
  }

  @Get()
  @Access('ratings:read')
  @ApiOperation({ summary: "List sites' stars: the history, or as of a day" })
  @ApiPage(SiteRatingDto, 'Stars in the order in which they came to be.')
  list(@Query() query: SiteRatingsQuery): Promise<Page<SiteRatingDto>> {
    return this.ratings.list(query);
  }

  @Post('release')
  @HttpCode(204)
  @Access('ratings:write')
  @ApiOperation({ summary: "Let the rule decide on a site's stars again" })
  @ApiNoContentResponse({ description: 'The rule decides; it may give no stars.' })
  release(@Body() body: ReleaseRatingDto): Promise<void> {
    return this.ratings.release(body);
  }
}

@ApiTags('ratings')
@Controller('v1/rating-rules')
export class RatingRulesController {
  constructor(private readonly rules: RatingRulesService) {}

  @Post()
  @Access('ratings:write')
  @ApiOperation({ summary: 'Say how scores become stars in a region from a day on' })
  @ApiCreatedResponse({ type: RatingRuleDto, description: 'Set; sites are looked at anew when it begins.' })
  set(@Body() body: SetRatingRuleDto): Promise<RatingRuleDto> {
    return this.rules.set(body);
  }

  @Get()
  @Access('ratings:read')
  @ApiOperation({ summary: 'List how scores become stars' })
  @ApiPage(RatingRuleDto, 'Rules in the order of their entry.')
  list(@Query() query: PageQuery): Promise<Page<RatingRuleDto>> {
    return this.rules.list(query);
  }

  @Post(':id/end')
  @HttpCode(200)
  @Access('ratings:write')
  @ApiOperation({ summary: 'Use a rule no longer from a day on' })
  @ApiParam({ name: 'id', format: 'uuid', description: "The rule's id." })
  @ApiOkResponse({ type: RatingRuleDto, description: 'The rule with its end.' })
  end(@Param('id', UuidParam) id: string, @Body() body: EndRuleDto): Promise<RatingRuleDto> {
    return this.rules.end(id, body);
  }
}
