import { Body, Controller, Get, Headers, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { Access, ApiPage, type Page, UuidParam } from '@doorstep/platform';
import {
  ApiConflictResponse,
  ApiCreatedResponse,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { HOLD_TOKEN } from '../bookings/hold-owners.service';
import { BookSeriesDto, CancelSeriesDto, MoveSeriesDto, SeriesDto, SeriesQuery } from './series.dto';
import { SeriesMoves } from './series.moves.service';
import { Series } from './series.service';

const ID = { name: 'id', description: 'The series.', format: 'uuid' };

@ApiTags('series')
@Controller('v1/series')
export class SeriesController {
  constructor(
    private readonly series: Series,
    private readonly moves: SeriesMoves,
  ) {}

  @Post()
  @Access('bookings:create')
  @ApiOperation({
    summary: 'Book a series',
    description:
      'What has a session is held now, like any booking; what lies beyond the horizon is planned and booked when its ' +
      'session comes up. preview shows what would become of each occurrence.',
  })
  @ApiOkResponse({ type: SeriesDto, description: 'A preview: what would happen.' })
  @ApiCreatedResponse({ type: SeriesDto, description: 'The series with its occurrences.' })
  @ApiConflictResponse({
    description: 'Occurrences that are not possible, each with its reasons; nothing was booked.',
  })
  async book(
    @Body() body: BookSeriesDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SeriesDto> {
    if (body.preview) {
      void reply.status(200);
      return this.series.preview(body);
    }
    const booked = await this.series.book(body);
    void reply.header('location', `/v1/series/${booked.id}`);
    return booked;
  }

  @Get()
  @Access('bookings:read')
  @ApiOperation({ summary: 'List series' })
  @ApiPage(SeriesDto, 'Series in the order in which they were booked.')
  list(@Query() query: SeriesQuery): Promise<Page<SeriesDto>> {
    return this.series.list(query);
  }

  @Get(':id')
  @Access('bookings:read')
  @ApiOperation({ summary: 'See one series with its occurrences' })
  @ApiParam(ID)
  @ApiOkResponse({ type: SeriesDto, description: 'The series as it is now.' })
  find(@Param('id', UuidParam) id: string): Promise<SeriesDto> {
    return this.series.find(id);
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @Access('bookings:cancel')
  @ApiOperation({ summary: 'Cancel an occurrence and all that follow, or all to come' })
  @ApiParam(ID)
  @ApiHeader(HOLD_TOKEN)
  @ApiOkResponse({ type: SeriesDto, description: 'The series as it is now.' })
  cancel(
    @Param('id', UuidParam) id: string,
    @Body() body: CancelSeriesDto,
    @Headers('hold-token') token?: string,
  ): Promise<SeriesDto> {
    return this.series.cancel(id, body, token);
  }

  @Post(':id/move')
  @HttpCode(200)
  @Access('bookings:create')
  @ApiOperation({ summary: 'Move an occurrence and all that follow to another time or day' })
  @ApiParam(ID)
  @ApiOkResponse({
    type: SeriesDto,
    description: 'The series; bookings change places once billing has confirmed the new ones.',
  })
  @ApiConflictResponse({
    description: 'Occurrences that can not be moved, each with its reasons; nothing was moved.',
  })
  move(@Param('id', UuidParam) id: string, @Body() body: MoveSeriesDto): Promise<SeriesDto> {
    return this.moves.move(id, body);
  }
}
