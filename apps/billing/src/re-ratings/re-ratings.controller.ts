import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access, ApiPage, UuidParam, type Page } from '@doorstep/platform';
import {
  AffectedResidentDto,
  AskReRatingDto,
  ReRatingDto,
  ReRatingLineDto,
  ReRatingLinesQuery,
  ReRatingResidentsQuery,
  ReRatingsQuery,
} from './re-ratings.dto';
import { ReRatingsService } from './re-ratings.service';

@ApiTags('re-ratings')
@Controller('v1/re-ratings')
export class ReRatingsController {
  constructor(private readonly reRatings: ReRatingsService) {}

  @Post()
  @Access('re-ratings:write')
  @ApiOperation({
    summary: 'See what past charges should have been',
    description:
      'After a price, a programme, eligibility or attendance has changed. Nothing is entered before it is applied; a long one goes on by itself, and its progress is in the answer.',
  })
  @ApiCreatedResponse({ type: ReRatingDto, description: 'The preview, or how far it is.' })
  preview(@Body() body: AskReRatingDto): Promise<ReRatingDto> {
    return this.reRatings.preview(body);
  }

  @Get()
  @Access('re-ratings:read')
  @ApiOperation({ summary: 'List re-ratings', description: 'The latest first.' })
  @ApiPage(ReRatingDto)
  list(@Query() query: ReRatingsQuery): Promise<Page<ReRatingDto>> {
    return this.reRatings.list(query);
  }

  @Get(':id')
  @Access('re-ratings:read')
  @ApiOperation({ summary: 'See a re-rating and how far it is' })
  @ApiOkResponse({ type: ReRatingDto, description: 'The re-rating.' })
  find(@Param('id', UuidParam) id: string): Promise<ReRatingDto> {
    return this.reRatings.find(id);
  }

  @Get(':id/residents')
  @Access('re-ratings:read')
  @ApiOperation({ summary: 'List everybody whom it concerns, and what each owes before and after' })
  @ApiPage(AffectedResidentDto)
  residents(
    @Param('id', UuidParam) id: string,
    @Query() query: ReRatingResidentsQuery,
  ): Promise<Page<AffectedResidentDto>> {
    return this.reRatings.residents(id, query);
  }

  @Get(':id/lines')
  @Access('re-ratings:read')
  @ApiOperation({ summary: 'List its charges with their differences', description: 'Below zero is less.' })
  @ApiPage(ReRatingLineDto)
  lines(
    @Param('id', UuidParam) id: string,
    @Query() query: ReRatingLinesQuery,
  ): Promise<Page<ReRatingLineDto>> {
    return this.reRatings.lines(id, query);
  }

  @Post(':id/apply')
  @HttpCode(200)
  @Access('re-ratings:write')
  @ApiOperation({
    summary: 'Enter the differences of a preview',
    description:
      'Exactly what it showed; where something has changed since, it stops as outdated. A closed month is corrected in the next open one, and by another person than asked.',
  })
  @ApiOkResponse({ type: ReRatingDto, description: 'What is entered, or how far it is.' })
  apply(@Param('id', UuidParam) id: string): Promise<ReRatingDto> {
    return this.reRatings.apply(id);
  }

  @Post(':id/discard')
  @HttpCode(200)
  @Access('re-ratings:write')
  @ApiOperation({ summary: 'Throw a preview away' })
  @ApiOkResponse({ type: ReRatingDto, description: 'The discarded one.' })
  discard(@Param('id', UuidParam) id: string): Promise<ReRatingDto> {
    return this.reRatings.discard(id);
  }
}
