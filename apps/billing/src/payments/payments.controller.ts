import { Body, Controller, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiCreatedResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { Access, ApiPage, UuidParam, type Page } from '@doorstep/platform';
import type { FastifyReply } from 'fastify';
import {
  CorrectPaymentDto,
  PaymentDto,
  PaymentsQuery,
  RecordPaymentDto,
  RecordRefundDto,
  VoidPaymentDto,
} from './payments.dto';
import { PaymentsService } from './payments.service';
import { VoidsService } from './voids.service';

const WAITS = {
  type: PaymentDto,
  description:
    'The payment, unchanged: above the limit somebody else has to approve; Location names what waits.',
};

@ApiTags('payments')
@Controller('v1/payments')
export class PaymentsController {
  constructor(
    private readonly payments: PaymentsService,
    private readonly voids: VoidsService,
  ) {}

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

  @Post(':id/void')
  @HttpCode(200)
  @Access('payments:correct')
  @ApiOperation({
    summary: 'Take back a payment that was never received as recorded',
    description:
      'No money goes back: it is booked back on its day or the next open one, and what it paid is owed again. It stays readable. Money that was received and goes back is a refund. Above the limit of the reconciliation terms it waits for a second person.',
  })
  @ApiOkResponse({ type: PaymentDto, description: 'The payment, voided.' })
  @ApiAcceptedResponse(WAITS)
  async void(
    @Param('id', UuidParam) id: string,
    @Body() body: VoidPaymentDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PaymentDto> {
    const payment = await this.voids.voidPayment(id, body);
    return waits(reply, payment, payment.proposedVoid);
  }

  @Post(':id/corrections')
  @Access('payments:correct')
  @ApiOperation({
    summary: 'Record a payment as it really was',
    description:
      'The one recorded wrongly is voided, and another one takes its place for the same bookings in the same order. It meets the line of the bill that has its numbers and amount. Above the limit of the reconciliation terms it waits for a second person.',
  })
  @ApiCreatedResponse({ type: PaymentDto, description: 'The payment that takes its place.' })
  @ApiAcceptedResponse(WAITS)
  async correct(
    @Param('id', UuidParam) id: string,
    @Body() body: CorrectPaymentDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PaymentDto> {
    const payment = await this.voids.correct(id, body);
    return waits(reply, payment, payment.proposedVoid);
  }

  @Post(':id/refunds/:refundId/void')
  @HttpCode(200)
  @Access('payments:correct')
  @ApiOperation({
    summary: 'Take back a refund that never went out as recorded',
    description:
      'The money is with the payment again, and pays what it had paid as far as that is open. Above the limit of the reconciliation terms it waits for a second person.',
  })
  @ApiOkResponse({ type: PaymentDto, description: 'The payment with the refund, voided.' })
  @ApiAcceptedResponse(WAITS)
  async voidRefund(
    @Param('id', UuidParam) id: string,
    @Param('refundId', UuidParam) refundId: string,
    @Body() body: VoidPaymentDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PaymentDto> {
    const payment = await this.voids.voidRefund(id, refundId, body);
    const refund = payment.refunds.find((one) => one.id === refundId);
    return waits(reply, payment, refund?.proposedVoid ?? null);
  }
}

/** Nothing is done yet: whoever takes the answer for the deed is told so by its status. */
function waits(reply: FastifyReply, payment: PaymentDto, voidId: string | null): PaymentDto {
  if (voidId !== null) void reply.status(202).header('location', `/v1/payment-voids/${voidId}`);
  return payment;
}
