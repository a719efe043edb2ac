import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { Access, ApiPage, type Page, UuidParam } from '@doorstep/platform';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { CancellationRules } from './cancellation-rules.service';
import {
  CancellationRuleDto,
  CancellationRulesQuery,
  CancellationTermsDto,
  SetCancellationRuleDto,
} from './cancellations.dto';
import { Fees } from './fees.service';

@ApiTags('cancellations')
@Controller('v1')
export class CancellationsController {
  constructor(
    private readonly rules: CancellationRules,
    private readonly fees: Fees,
  ) {}

  @Post('cancellation-rules')
  @Access('cancellation-rules:write')
  @ApiOperation({ summary: "Set a region's rule of late cancellations and no-shows from a day on" })
  @ApiCreatedResponse({
    type: CancellationRuleDto,
    description: 'The rule; the one before it ends where it begins.',
  })
  set(@Body() body: SetCancellationRuleDto): Promise<CancellationRuleDto> {
    return this.rules.set(body);
  }

  @Get('cancellation-rules')
  @Access('cancellation-rules:read')
  @ApiOperation({ summary: 'List rules of late cancellations and no-shows, past and future ones too' })
  @ApiPage(CancellationRuleDto, "The country's first, then by kind and day.")
  list(@Query() query: CancellationRulesQuery): Promise<Page<CancellationRuleDto>> {
    return this.rules.list(query);
  }

  @Get('bookings/:id/cancellation')
  @Access('bookings:read')
  @ApiOperation({ summary: 'See what cancelling a booking costs, now and later' })
  @ApiParam({ name: 'id', description: 'The booking.', format: 'uuid' })
  @ApiOkResponse({ type: CancellationTermsDto, description: 'What the rule of the day says.' })
  async terms(@Param('id', UuidParam) id: string): Promise<CancellationTermsDto> {
    const terms = await this.fees.terms(id);
    if (!terms) return { feeNowFen: 0, noShowFeeFen: 0, exemptReasons: [] };
    return { ...terms, freeUntil: terms.freeUntil.toISOString() };
  }
}
