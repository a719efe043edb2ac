import { Body, Controller, Delete, Get, Param, Post, Query, Res } from '@nestjs/common';
import { Access, ApiPage, type Page, UuidParam } from '@doorstep/platform';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CloseDto, ClosureDto, ClosuresQuery } from './closures.dto';
import { Closures } from './closures.service';

@ApiTags('closures')
@Controller('v1/closures')
export class ClosuresController {
  constructor(private readonly closures: Closures) {}

  @Post()
  @Access('closures:write')
  @ApiOperation({ summary: 'Close a site for a time and cancel what was booked; preview first counts only' })
  @ApiOkResponse({ type: ClosureDto, description: 'A preview: what would happen.' })
  @ApiCreatedResponse({ type: ClosureDto, description: 'What happened.' })
  async close(@Body() body: CloseDto, @Res({ passthrough: true }) reply: FastifyReply): Promise<ClosureDto> {
    if (!body.preview) return this.closures.close(body);
    void reply.status(200);
    return this.closures.preview(body);
  }

  @Get()
  @Access('closures:read')
  @ApiOperation({ summary: 'List closures' })
  @ApiPage(ClosureDto, 'Closures in the order in which they were made.')
  list(@Query() query: ClosuresQuery): Promise<Page<ClosureDto>> {
    return this.closures.list(query);
  }

  @Delete(':id')
  @Access('closures:write')
  @ApiOperation({ summary: 'Lift a closure: the calendar holds again, cancelled bookings stay cancelled' })
  @ApiParam({ name: 'id', description: 'The closure.', format: 'uuid' })
  @ApiOkResponse({ type: ClosureDto, description: 'The lifted closure.' })
  lift(@Param('id', UuidParam) id: string): Promise<ClosureDto> {
    return this.closures.lift(id);
  }
}
