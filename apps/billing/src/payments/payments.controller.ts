import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access, ApiPage, UuidParam, type Page } from '@doorstep/platform';
import { PaymentDto, PaymentsQuery, RecordPaymentDto, RecordRefundDto } from './payments.dto';
import { PaymentsService } from './payments.service';

@ApiTags('payments')
@Controller('v1/payments')
export class PaymentsController {
  constructor(private readonly payments: PaymentsService) {}

  @Post()
  @Access('payments:create')
  @ApiOperation({
    summary: 'Record a payment',
    description:
      "Pays the residents' parts of the named bookings in their order; what is left over waits as an advance.",
  })
  @ApiCreatedResponse({ type: PaymentDto, description: 'The payment with what it is meant for.' })
  record(@Body() body: RecordPaymentDto): Promise<PaymentDto> {
    return this.payments.record(body);
  }

  @Get()
  @Access('payments:read')
  @ApiOperation({ summary: 'List payments', description: 'Oldest first.' })
  @ApiPage(PaymentDto)
  list(@Query() query: PaymentsQuery): Promise<Page<PaymentDto>> {
    return this.payments.list(query);
  }

  @Get(':id')
  @Access('payments:read')
  @ApiOperation({ summary: 'See a payment with its allocations and refunds' })
  @ApiOkResponse({ type: PaymentDto, description: 'The payment.' })
  find(@Param('id', UuidParam) id: string): Promise<PaymentDto> {
    return this.payments.find(id);
  }

  @Post(':id/refunds')
  @Access('payments:refund')
  @ApiOperation({
    summary: 'Record a refund',
    description: 'Taken from the advance first, then from services still to come, then from delivered ones.',
  })
  @ApiCreatedResponse({ type: PaymentDto, description: 'The payment with the refund.' })
  refund(@Param('id', UuidParam) id: string, @Body() body: RecordRefundDto): Promise<PaymentDto> {
    return this.payments.refund(id, body);
  }
}
