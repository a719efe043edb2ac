import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access, ApiPage, PageQuery, UuidParam, type Page } from '@doorstep/platform';
import { ExceptionPairsService } from './exception-pairs.service';
import { ExceptionRulesService } from './exception-rules.service';
import {
  ApproveExceptionDto,
  AssignExceptionDto,
  BulkExceptionsDto,
  BulkOutcomeDto,
  CommentExceptionDto,
  ExceptionDto,
  ExceptionEventDto,
  ExceptionsQuery,
  MatchExceptionDto,
  ResolveExceptionDto,
  SplitExceptionDto,
  WriteOffExceptionDto,
} from './exceptions.dto';
import { ExceptionsService } from './exceptions.service';

@ApiTags('exceptions')
@Controller('v1/exceptions')
export class ExceptionsController {
  constructor(
    private readonly exceptions: ExceptionsService,
    private readonly pairs: ExceptionPairsService,
    private readonly rules: ExceptionRulesService,
  ) {}

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
    description:
      'Says how; nothing is ever removed from the queue. Within the limit at once; above it a second person has to approve. Parts of a split count together.',
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
  reopen(@Param('id', UuidParam) id: string, @Body() body: CommentExceptionDto): Promise<ExceptionDto> {
    return this.exceptions.reopen(id, body);
  }

  @Post(':id/dispute')
  @HttpCode(200)
  @Access('exceptions:resolve')
  @ApiOperation({ summary: 'Dispute a difference with the channel, the bank or the funder' })
  @ApiOkResponse({ type: ExceptionDto, description: 'The exception.' })
  dispute(@Param('id', UuidParam) id: string, @Body() body: CommentExceptionDto): Promise<ExceptionDto> {
    return this.exceptions.dispute(id, body);
  }

  @Post(':id/split')
  @HttpCode(200)
  @Access('exceptions:resolve')
  @ApiOperation({ summary: 'Split what is missing into parts that are followed up by themselves' })
  @ApiOkResponse({ type: ExceptionDto, description: 'The exception.' })
  split(@Param('id', UuidParam) id: string, @Body() body: SplitExceptionDto): Promise<ExceptionDto> {
    return this.exceptions.split(id, body);
  }

  @Post(':id/match')
  @HttpCode(200)
  @Access('exceptions:resolve')
  @ApiOperation({ summary: 'Match an unknown line of a bill with something that the bill lacks' })
  @ApiOkResponse({ type: ExceptionDto, description: 'The exception.' })
  match(@Param('id', UuidParam) id: string, @Body() body: MatchExceptionDto): Promise<ExceptionDto> {
    return this.pairs.match(id, body);
  }

  @Post(':id/unmatch')
  @HttpCode(200)
  @Access('exceptions:resolve')
  @ApiOperation({ summary: 'Undo such a match' })
  @ApiOkResponse({ type: ExceptionDto, description: 'The exception.' })
  unmatch(@Param('id', UuidParam) id: string, @Body() body: CommentExceptionDto): Promise<ExceptionDto> {
    return this.pairs.unmatch(id, body);
  }

  @Post(':id/write-off')
  @HttpCode(200)
  @Access('exceptions:resolve')
  @ApiOperation({
    summary: 'Write a difference off',
    description:
      'Within the limit at once; above it a second person has to approve. Parts of a split count together.',
  })
  @ApiOkResponse({ type: ExceptionDto, description: 'The exception.' })
  writeOff(@Param('id', UuidParam) id: string, @Body() body: WriteOffExceptionDto): Promise<ExceptionDto> {
    return this.exceptions.writeOff(id, body);
  }

  @Post(':id/approve')
  @HttpCode(200)
  @Access('exceptions:approve')
  @ApiOperation({
    summary: 'Approve how a colleague means to close a difference',
    description: 'Not by whoever proposed it. What is approved is named, a write-off when nothing is.',
  })
  @ApiOkResponse({ type: ExceptionDto, description: 'The exception.' })
  approve(@Param('id', UuidParam) id: string, @Body() body: ApproveExceptionDto): Promise<ExceptionDto> {
    return this.exceptions.approve(id, body);
  }

  @Post(':id/reject')
  @HttpCode(200)
  @Access('exceptions:approve')
  @ApiOperation({ summary: 'Reject what is proposed, or take it back' })
  @ApiOkResponse({ type: ExceptionDto, description: 'The exception.' })
  reject(@Param('id', UuidParam) id: string, @Body() body: CommentExceptionDto): Promise<ExceptionDto> {
    return this.exceptions.reject(id, body);
  }

  @Get(':id/history')
  @Access('exceptions:read')
  @ApiOperation({ summary: 'See every word about a difference, oldest first' })
  @ApiPage(ExceptionEventDto)
  history(@Param('id', UuidParam) id: string, @Query() query: PageQuery): Promise<Page<ExceptionEventDto>> {
    return this.exceptions.history(id, query);
  }

  @Post('bulk')
  @HttpCode(200)
  @Access('exceptions:resolve')
  @ApiOperation({
    summary: 'Do the same with all differences of a rule',
    description: 'All or none of one call.',
  })
  @ApiOkResponse({ type: BulkOutcomeDto, description: 'How many were changed.' })
  bulk(@Body() body: BulkExceptionsDto): Promise<BulkOutcomeDto> {
    return this.rules.apply(body);
  }
}
