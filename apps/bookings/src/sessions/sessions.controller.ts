import { Controller, Get, Query } from '@nestjs/common';
import { Access, ApiPage, type Page } from '@doorstep/platform';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { SessionDto, SessionsQuery } from './sessions.dto';
import { Sessions } from './sessions.service';

@ApiTags('sessions')
@Controller('v1/sessions')
export class SessionsController {
  constructor(private readonly sessions: Sessions) {}

  @Get()
  @Access('sessions:read')
  @ApiOperation({ summary: 'List sessions with their roster counts' })
  @ApiPage(SessionDto, 'Sessions in the order of their start.')
  list(@Query() query: SessionsQuery): Promise<Page<SessionDto>> {
    return this.sessions.list(query);
  }
}
