import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access, ApiPage, UuidParam, type Page } from '@doorstep/platform';
import { DecideVoidDto, PaymentVoidDto, PaymentVoidsQuery } from './proposed-voids.dto';
import { ProposedVoidsService } from './proposed-voids.service';

@ApiTags('payments')
@Controller('v1/payment-voids')
export class ProposedVoidsController {
  constructor(private readonly voids: ProposedVoidsService) {}

  @Get()
  @Access('payments:read')
  @ApiOperation({
    summary: 'List voids and corrections that took, or wait for, a second person',
    description: 'Oldest first. What is within the limit is voided at once, and not listed here.',
  })
  @ApiPage(PaymentVoidDto)
  list(@Query() query: PaymentVoidsQuery): Promise<Page<PaymentVoidDto>> {
    return this.voids.list(query);
  }

  @Get(':id')
  @Access('payments:read')
  @ApiOperation({ summary: 'See what is to be voided, by whom it was proposed and what became of it' })
  @ApiOkResponse({ type: PaymentVoidDto, description: 'The void.' })
  find(@Param('id', UuidParam) id: string): Promise<PaymentVoidDto> {
    return this.voids.find(id);
  }

  @Post(':id/approve')
  @HttpCode(200)
  @Access('payments:approve')
  @ApiOperation({
    summary: 'Void what a colleague proposed',
    description:
      'Not by whoever proposed it. Refused when somebody has confirmed, given back or booked the money elsewhere since.',
  })
  @ApiOkResponse({
    type: PaymentVoidDto,
    description: 'Approved: it is voided, and recorded anew where that was proposed.',
  })
  approve(@Param('id', UuidParam) id: string, @Body() body: DecideVoidDto): Promise<PaymentVoidDto> {
    return this.voids.approve(id, body);
  }

  @Post(':id/reject')
  @HttpCode(200)
  @Access('payments:approve')
  @ApiOperation({ summary: 'Leave what a colleague proposed to void as it is' })
  @ApiOkResponse({ type: PaymentVoidDto, description: 'Rejected: nothing is changed.' })
  reject(@Param('id', UuidParam) id: string, @Body() body: DecideVoidDto): Promise<PaymentVoidDto> {
    return this.voids.reject(id, body);
  }

  @Post(':id/withdraw')
  @HttpCode(200)
  @Access('payments:correct')
  @ApiOperation({ summary: 'Take back what you proposed' })
  @ApiOkResponse({ type: PaymentVoidDto, description: 'Withdrawn: nothing is changed.' })
  withdraw(@Param('id', UuidParam) id: string, @Body() body: DecideVoidDto): Promise<PaymentVoidDto> {
    return this.voids.withdraw(id, body);
  }
}
