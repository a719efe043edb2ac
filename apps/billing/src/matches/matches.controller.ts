import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access, ApiPage, PageQuery, UuidParam, type Page } from '@doorstep/platform';
import { LineIdPipe } from './line-id.pipe';
import { MatchDecisionsService } from './decisions.service';
import {
  ExpectedDto,
  ExpectedQuery,
  MatchByHandDto,
  MatchDto,
  MatchedLineDto,
  MatchesQuery,
  RunMatchDto,
  SuggestionDto,
  SuggestionsQuery,
  UndoMatchDto,
} from './matches.dto';
import { MatchesService } from './matches.service';
import { SetTermsDto, TermsRowDto } from './terms.dto';
import { TermsService } from './terms.service';

@ApiTags('matches')
@Controller('v1')
export class MatchesController {
  constructor(
    private readonly matches: MatchesService,
    private readonly decisions: MatchDecisionsService,
    private readonly terms: TermsService,
  ) {}

  @Post('statement-matches')
  @Access('matches:run')
  @ApiOperation({
    summary: "Match an account's open lines with what is expected",
    description:
      'In this order: the number in the text, the channel’s payouts net of fees, one for several, several for one, within the tolerance, what people have confirmed often enough; the rest is suggested or named an exception.',
  })
  @ApiCreatedResponse({ type: MatchDto, description: 'What was matched, by step.' })
  run(@Body() body: RunMatchDto): Promise<MatchDto> {
    return this.matches.run(body);
  }

  @Get('statement-matches')
  @Access('matches:read')
  @ApiOperation({ summary: 'List matchings' })
  @ApiPage(MatchDto)
  list(@Query() query: MatchesQuery): Promise<Page<MatchDto>> {
    return this.matches.list(query);
  }

  @Get('expected-movements')
  @Access('matches:read')
  @ApiOperation({ summary: 'List what should come to the bank or leave it, and how much of it was seen' })
  @ApiPage(ExpectedDto)
  expected(@Query() query: ExpectedQuery): Promise<Page<ExpectedDto>> {
    return this.decisions.expected(query);
  }

  @Get('match-suggestions')
  @Access('matches:read')
  @ApiOperation({ summary: 'List suggestions with their reasons' })
  @ApiPage(SuggestionDto)
  suggestions(@Query() query: SuggestionsQuery): Promise<Page<SuggestionDto>> {
    return this.decisions.suggestions(query);
  }

  @Post('match-suggestions/:id/accept')
  @HttpCode(200)
  @Access('matches:run')
  @ApiOperation({ summary: 'Take a suggestion', description: 'Confirms its pattern.' })
  @ApiOkResponse({ type: SuggestionDto, description: 'The suggestion.' })
  accept(@Param('id', UuidParam) id: string): Promise<SuggestionDto> {
    return this.decisions.accept(id);
  }

  @Post('match-suggestions/:id/decline')
  @HttpCode(200)
  @Access('matches:run')
  @ApiOperation({ summary: 'Decline a suggestion', description: 'It is remembered and never made again.' })
  @ApiOkResponse({ type: SuggestionDto, description: 'The suggestion.' })
  decline(@Param('id', UuidParam) id: string): Promise<SuggestionDto> {
    return this.decisions.decline(id);
  }

  @Get('statement-lines/:id')
  @Access('matches:read')
  @ApiOperation({ summary: 'See what a line of a statement was matched with' })
  @ApiOkResponse({ type: MatchedLineDto, description: 'The line with its allocations.' })
  line(@Param('id', LineIdPipe) id: number): Promise<MatchedLineDto> {
    return this.decisions.line(id);
  }

  @Post('statement-lines/:id/match')
  @HttpCode(200)
  @Access('matches:run')
  @ApiOperation({ summary: 'Match a line by hand' })
  @ApiOkResponse({ type: MatchedLineDto, description: 'The line with its allocations.' })
  matchByHand(@Param('id', LineIdPipe) id: number, @Body() body: MatchByHandDto): Promise<MatchedLineDto> {
    return this.decisions.matchByHand(id, body);
  }

  @Post('statement-lines/:id/undo')
  @HttpCode(200)
  @Access('matches:run')
  @ApiOperation({
    summary: 'Undo what a line was matched with',
    description:
      'Booked back; nothing is removed, and no later matching puts the same together again: only a person does.',
  })
  @ApiOkResponse({ type: MatchedLineDto, description: 'The line with its allocations.' })
  undo(@Param('id', LineIdPipe) id: number, @Body() body: UndoMatchDto): Promise<MatchedLineDto> {
    return this.decisions.undo(id, body);
  }

  @Post('reconciliation-terms')
  @Access('reconciliation-terms:write')
  @ApiOperation({ summary: 'Set what may be decided alone, from a day on' })
  @ApiCreatedResponse({ type: TermsRowDto, description: 'The terms.' })
  setTerms(@Body() body: SetTermsDto): Promise<TermsRowDto> {
    return this.terms.set(body);
  }

  @Get('reconciliation-terms')
  @Access('reconciliation-terms:read')
  @ApiOperation({ summary: 'List what may be decided alone, the newest first' })
  @ApiPage(TermsRowDto)
  listTerms(@Query() query: PageQuery): Promise<Page<TermsRowDto>> {
    return this.terms.list(query);
  }
}
