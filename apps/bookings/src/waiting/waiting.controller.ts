import { Body, Controller, Delete, Get, Headers, Param, Post, Query } from '@nestjs/common';
import { Access, ApiPage, type Page, PageQuery, UuidParam } from '@doorstep/platform';
import {
  ApiCreatedResponse,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import { HOLD_TOKEN } from '../bookings/hold-owners.service';
import { JoinWaitingDto, WaitingEntryDto } from './waiting.dto';
import { Waiting } from './waiting.service';

const SESSION = { name: 'id', description: 'The session.', format: 'uuid' };

@ApiTags('waiting lists')
@Controller('v1/sessions/:id/waiting')
export class WaitingController {
  constructor(private readonly waiting: Waiting) {}

  @Post()
  @Access('bookings:create')
  @ApiOperation({ summary: 'Wait for a place in a full session' })
  @ApiParam(SESSION)
  @ApiCreatedResponse({ type: WaitingEntryDto, description: 'The entry, with its place in the queue.' })
  join(@Param('id', UuidParam) id: string, @Body() body: JoinWaitingDto): Promise<WaitingEntryDto> {
    return this.waiting.join(id, body);
  }

  @Get()
  @Access('bookings:read')
  @ApiOperation({ summary: 'List who waits, and who waited, for a session' })
  @ApiParam(SESSION)
  @ApiPage(WaitingEntryDto, 'Entries in the order in which they joined.')
  list(@Param('id', UuidParam) id: string, @Query() query: PageQuery): Promise<Page<WaitingEntryDto>> {
    return this.waiting.list(id, query);
  }

  @Delete(':entryId')
  @Access('bookings:cancel')
  @ApiOperation({ summary: 'Wait no more; an offer that stands goes to the next' })
  @ApiParam(SESSION)
  @ApiParam({ name: 'entryId', description: 'The entry.', format: 'uuid' })
  @ApiHeader(HOLD_TOKEN)
  @ApiOkResponse({ type: WaitingEntryDto, description: 'The entry as it ended.' })
  leave(
    @Param('id', UuidParam) id: string,
    @Param('entryId', UuidParam) entryId: string,
    @Headers('hold-token') token?: string,
  ): Promise<WaitingEntryDto> {
    return this.waiting.leave(id, entryId, token);
  }
}
