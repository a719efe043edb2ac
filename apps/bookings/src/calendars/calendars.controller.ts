import { Body, Controller, Delete, Get, Header, Param, Post, Query } from '@nestjs/common';
import { Access, ApiPage, type Page, PageQuery, Public, UuidParam } from '@doorstep/platform';
import {
  ApiCreatedResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiProduces,
  ApiTags,
} from '@nestjs/swagger';
import { CreateFeedDto, FeedDto } from './calendars.dto';
import { Calendars } from './calendars.service';

@ApiTags('calendars')
@Controller('v1/calendars')
export class CalendarsController {
  constructor(private readonly calendars: Calendars) {}

  @Post()
  @Access('calendars:write')
  @ApiOperation({ summary: 'Give out a link to a calendar feed of a resident, a site or a caregiver' })
  @ApiCreatedResponse({ type: FeedDto, description: 'The link; its path is shown this once.' })
  create(@Body() body: CreateFeedDto): Promise<FeedDto> {
    return this.calendars.create(body);
  }

  @Get()
  @Access('calendars:write')
  @ApiOperation({ summary: 'List links that were given out' })
  @ApiPage(FeedDto, 'Links in the order in which they were given out, without their paths.')
  list(@Query() query: PageQuery): Promise<Page<FeedDto>> {
    return this.calendars.list(query);
  }

  @Delete(':id')
  @Access('calendars:write')
  @ApiOperation({ summary: 'Revoke a link' })
  @ApiParam({ name: 'id', description: 'The link.', format: 'uuid' })
  @ApiOkResponse({ type: FeedDto, description: 'The revoked link.' })
  revoke(@Param('id', UuidParam) id: string): Promise<FeedDto> {
    return this.calendars.revoke(id);
  }

  @Get(':token')
  @Public()
  @Header('content-type', 'text/calendar; charset=utf-8')
  @Header('cache-control', 'private, max-age=300')
  @ApiOperation({ summary: 'Read a calendar feed (iCalendar, RFC 5545); the link is the key' })
  @ApiParam({ name: 'token', description: 'As in the path that was given out, with .ics.', type: 'string' })
  @ApiProduces('text/calendar')
  @ApiOkResponse({
    description: 'The feed.',
    content: { 'text/calendar': { schema: { type: 'string', description: 'A VCALENDAR object.' } } },
  })
  feed(@Param('token') token: string): Promise<string> {
    return this.calendars.feed(token.replace(/\.ics$/, ''));
  }
}
