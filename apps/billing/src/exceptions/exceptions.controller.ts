import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access, ApiPage, UuidParam, type Page } from '@doorstep/platform';
import {
  AssignExceptionDto,
  ExceptionDto,
  ExceptionsQuery,
  ReopenExceptionDto,
  ResolveExceptionDto,
} from './exceptions.dto';
import { ExceptionsService } from './exceptions.service';

@ApiTags('exceptions')
@Controller('v1/exceptions')
export class ExceptionsController {
  constructor(private readonly exceptions: ExceptionsService) {}

  @Get()
  @Access('exceptions:read')
  @ApiOperation({ summary: 'List the differences that reconciliations found' })
  @ApiPage(ExceptionDto)
  list(@Query() query: ExceptionsQuery): Promise<Page<ExceptionDto>> {
    return this.exceptions.list(query);
  }

  @Get(':id')
  @Access('exceptions:read')
  @ApiOperation({ summary: 'See a difference' })
  @ApiOkResponse({ type: ExceptionDto, description: 'The exception.' })
  find(@Param('id', UuidParam) id: string): Promise<ExceptionDto> {
    return this.exceptions.find(id);
  }

  @Post(':id/assign')
  @HttpCode(200)
  @Access('exceptions:resolve')
  @ApiOperation({ summary: 'Give a difference to somebody' })
  @ApiOkResponse({ type: ExceptionDto, description: 'The exception.' })
  assign(@Param('id', UuidParam) id: string, @Body() body: AssignExceptionDto): Promise<ExceptionDto> {
    return this.exceptions.assign(id, body);
  }

  @Post(':id/resolve')
  @HttpCode(200)
  @Access('exceptions:resolve')
  @ApiOperation({
    summary: 'Settle a difference',
    description: 'Says how; nothing is ever removed from the queue.',
  })
  @ApiOkResponse({ type: ExceptionDto, description: 'The exception.' })
  resolve(@Param('id', UuidParam) id: string, @Body() body: ResolveExceptionDto): Promise<ExceptionDto> {
    return this.exceptions.resolve(id, body);
  }

  @Post(':id/reopen')
  @HttpCode(200)
  @Access('exceptions:resolve')
  @ApiOperation({ summary: 'Look at a settled difference again' })
  @ApiOkResponse({ type: ExceptionDto, description: 'The exception.' })
  reopen(@Param('id', UuidParam) id: string, @Body() body: ReopenExceptionDto): Promise<ExceptionDto> {
    return this.exceptions.reopen(id, body);
  }
}
