import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access, ApiPage, PageQuery, UuidParam, type Page } from '@doorstep/platform';
import { HeldMonthQuery, MoneyBackDto, UseMoneyDto } from '../payments/held-money.dto';
import { MoneyInDto } from '../payments/money.dto';
import { PrepaidRulesService } from './prepaid-rules.service';
import {
  ExtendPrepaidCardDto,
  IssuePrepaidCardDto,
  PrepaidCardDetailDto,
  PrepaidCardDto,
  PrepaidCardsQuery,
  PrepaidRuleDto,
  PrepaidStatementDto,
  SetPrepaidRuleDto,
} from './prepaid.dto';
import { PrepaidService } from './prepaid.service';

@ApiTags('prepaid cards')
@Controller('v1')
export class PrepaidController {
  constructor(
    private readonly cards: PrepaidService,
    private readonly rules: PrepaidRulesService,
  ) {}

  @Post('prepaid-rules')
  @Access('prepaid-rules:write')
  @ApiOperation({
    summary: 'Set what a prepaid card may hold, and whether it expires',
    description: 'From a day on; the rule that holds until then ends on it.',
  })
  @ApiCreatedResponse({ type: PrepaidRuleDto, description: 'The rule.' })
  setRule(@Body() body: SetPrepaidRuleDto): Promise<PrepaidRuleDto> {
    return this.rules.set(body);
  }

  @Get('prepaid-rules')
  @Access('prepaid-cards:read')
  @ApiOperation({ summary: 'List rules of prepaid cards' })
  @ApiPage(PrepaidRuleDto)
  listRules(@Query() query: PageQuery): Promise<Page<PrepaidRuleDto>> {
    return this.rules.list(query);
  }

  @Post('prepaid-cards')
  @Access('prepaid-cards:write')
  @ApiOperation({
    summary: 'Issue a prepaid card to a resident',
    description: 'One for each resident under a contract; one that was closed is issued again.',
  })
  @ApiCreatedResponse({ type: PrepaidCardDetailDto, description: 'The card.' })
  issue(@Body() body: IssuePrepaidCardDto): Promise<PrepaidCardDetailDto> {
    return this.cards.issue(body);
  }

  @Get('prepaid-cards')
  @Access('prepaid-cards:read')
  @ApiOperation({ summary: 'List prepaid cards', description: 'Oldest first.' })
  @ApiPage(PrepaidCardDto)
  list(@Query() query: PrepaidCardsQuery): Promise<Page<PrepaidCardDto>> {
    return this.cards.list(query);
  }

  @Get('prepaid-cards/:id')
  @Access('prepaid-cards:read')
  @ApiOperation({ summary: 'See a prepaid card with what was topped up' })
  @ApiOkResponse({ type: PrepaidCardDetailDto, description: 'The card.' })
  find(@Param('id', UuidParam) id: string): Promise<PrepaidCardDetailDto> {
    return this.cards.find(id);
  }

  @Post('prepaid-cards/:id/top-ups')
  @Access('prepaid-cards:write')
  @ApiOperation({
    summary: 'Top a prepaid card up',
    description:
      "A payment like any other, which its channel's bill confirms; what it brings is owed to the resident until it is used.",
  })
  @ApiCreatedResponse({ type: PrepaidCardDetailDto, description: 'The card with the top-up.' })
  topUp(@Param('id', UuidParam) id: string, @Body() body: MoneyInDto): Promise<PrepaidCardDetailDto> {
    return this.cards.topUp(id, body);
  }

  @Post('prepaid-cards/:id/payments')
  @Access('prepaid-cards:write')
  @ApiOperation({
    summary: "Pay the resident's share of bookings with a prepaid card",
    description:
      'All that is open, or the amount that is named; refused when the card does not hold as much. What is meant for a service to come is back on the card when its booking falls or costs less.',
  })
  @ApiCreatedResponse({ type: PrepaidCardDetailDto, description: 'The card afterwards.' })
  pay(@Param('id', UuidParam) id: string, @Body() body: UseMoneyDto): Promise<PrepaidCardDetailDto> {
    return this.cards.pay(id, body);
  }

  @Post('prepaid-cards/:id/refunds')
  @Access('prepaid-cards:refund')
  @ApiOperation({
    summary: 'Give back what is on a prepaid card',
    description: 'Of one top-up, by its channel; what is meant for services to come stays.',
  })
  @ApiCreatedResponse({ type: PrepaidCardDetailDto, description: 'The card afterwards.' })
  refund(@Param('id', UuidParam) id: string, @Body() body: MoneyBackDto): Promise<PrepaidCardDetailDto> {
    return this.cards.refund(id, body);
  }

  @Post('prepaid-cards/:id/extend')
  @HttpCode(200)
  @Access('prepaid-cards:write')
  @ApiOperation({ summary: 'Let a prepaid card hold longer', description: 'Also one that has expired.' })
  @ApiOkResponse({ type: PrepaidCardDetailDto, description: 'The card.' })
  extend(
    @Param('id', UuidParam) id: string,
    @Body() { expiresOn }: ExtendPrepaidCardDto,
  ): Promise<PrepaidCardDetailDto> {
    return this.cards.extend(id, expiresOn ?? null);
  }

  @Post('prepaid-cards/:id/close')
  @HttpCode(200)
  @Access('prepaid-cards:write')
  @ApiOperation({ summary: 'Close a prepaid card', description: 'When nothing is on it any more.' })
  @ApiOkResponse({ type: PrepaidCardDetailDto, description: 'The closed card.' })
  close(@Param('id', UuidParam) id: string): Promise<PrepaidCardDetailDto> {
    return this.cards.close(id);
  }

  @Get('prepaid-cards/:id/statement')
  @Access('prepaid-cards:read')
  @ApiOperation({
    summary: "See a prepaid card's statement of a month",
    description:
      'What was on it before, what came in and went out, what is on it after: as the ledger has it.',
  })
  @ApiOkResponse({ type: PrepaidStatementDto, description: 'The statement.' })
  statement(
    @Param('id', UuidParam) id: string,
    @Query() { period }: HeldMonthQuery,
  ): Promise<PrepaidStatementDto> {
    return this.cards.statement(id, period);
  }
}
