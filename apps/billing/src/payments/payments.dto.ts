import { ApiProperty } from '@nestjs/swagger';
import { PAYMENT_CHANNELS, type PaymentChannel } from '@doorstep/contracts';
import { PageQuery } from '@doorstep/platform';
import { ArrayMaxSize, ArrayNotEmpty, ArrayUnique, IsUUID } from 'class-validator';
import { PURPOSES, type Purpose } from '../ledger/held-money';
import { MoneyInDto, MoneyOutDto, ORDER_NUMBER } from './money.dto';
import { Amount, Choice, DayField, Id, Instant, Text, WholeNumber } from '../shared/fields.dto';

export class RecordPaymentDto extends MoneyInDto {
  @ApiProperty({
    description:
      "Bookings that it pays for, all of one contract: residents' parts are paid in this order; what is left waits as an advance.",
    type: [String],
    format: 'uuid',
    example: ['019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1a'],
  })
  @ArrayNotEmpty()
  @ArrayMaxSize(100)
  @ArrayUnique()
  @IsUUID(undefined, { each: true })
  bookingIds: string[];
}

export class RecordRefundDto extends MoneyOutDto {}

export class PaymentsQuery extends PageQuery {
  @Choice('Only of this channel.', PAYMENT_CHANNELS, { optional: true })
  channel?: PaymentChannel;

  @Text('Only with this order number.', { optional: true, max: 64, example: 'DS2026110200000017' })
  merchantOrderNo?: string;

  @Id('Only what pays for this booking.', { optional: true })
  bookingId?: string;

  @DayField("Only of this day by China's clock.", { optional: true })
  day?: string;

  @Choice('Only what stands, or what was voided.', ['standing', 'voided'], { optional: true })
  status?: 'standing' | 'voided';
}

export class VoidPaymentDto {
  @Text('Why it is taken back.', { example: 'recorded twice under another number' })
  reason: string;
}

/** What was recorded wrongly; what is left out was right. */
export class CorrectionDto {
  @Amount('What was really paid.', { optional: true, min: 1, example: 1600 })
  amountFen?: number;

  @Text('Its number at the channel.', {
    ...{ optional: true, max: 64, pattern: ORDER_NUMBER, example: 'DS2026110200000017' },
  })
  merchantOrderNo?: string;

  @Choice('Channel that took the money.', PAYMENT_CHANNELS, { optional: true })
  channel?: PaymentChannel;

  @Instant('When it was paid, by the channel.', { optional: true })
  paidAt?: string;
}

export class CorrectPaymentDto extends CorrectionDto {
  @Text('Why it is taken back.', { example: 'keyed in wrongly' })
  reason: string;
}

export class VoidedDto {
  @Instant('When it was taken back.')
  at: Date;

  @Id('Who did; where it took two, who approved it.')
  by: string;

  @Id('Who proposed it, where it took two.', { nullable: true })
  proposedBy: string | null;

  @Text('Why.', { example: 'recorded twice under another number' })
  reason: string;
}

export class AllocationDto {
  @Id('Booking that is paid for.')
  bookingId: string;

  @Id('Its charge.')
  chargeId: string;

  @Amount('What of the payment is meant for it.', { example: 1600 })
  amountFen: number;

  @ApiProperty({ description: 'true: the service is delivered and the money counted.', example: false })
  applied: boolean;
}

export class RefundDto {
  @Id('Id.')
  id: string;

  @Text('Number of the refund.', { example: 'R2026110200000017' })
  merchantRefundNo: string;

  @Amount('What went back.', { example: 1600 })
  amountFen: number;

  @Text('Why.', { example: 'booking_cancelled' })
  reason: string;

  @Instant('When, by the channel.')
  refundedAt: Date;

  @ApiProperty({ description: 'Null while it stands.', type: VoidedDto, nullable: true })
  voided: VoidedDto | null;

  @Id('A void of it that waits for a second person: GET /v1/payment-voids/{id}.', { nullable: true })
  proposedVoid: string | null;
}

export class PaymentDto {
  @Id('Id.')
  id: string;

  @Id('Operator.')
  operatorId: string;

  @Id('Contract.')
  contractId: string;

  @Id('Site, when it pays for services of one alone.', { nullable: true })
  siteId: string | null;

  @Choice('Channel.', PAYMENT_CHANNELS)
  channel: PaymentChannel;

  @Text('Number of the order.', { example: 'DS2026110200000017' })
  merchantOrderNo: string;

  @Amount('What was paid.', { example: 1600 })
  amountFen: number;

  @Amount('Of it: meant for bookings.', { example: 1600 })
  allocatedFen: number;

  @Amount('Of it: given back.', { example: 0 })
  refundedFen: number;

  @Amount('Of it: waits as an advance.', { example: 0 })
  unallocatedFen: number;

  @Instant('When it was paid, by the channel.')
  paidAt: Date;

  @Choice('What it was given for.', PURPOSES)
  purpose: Purpose;

  @Id('Card, package or deposit that holds it; null: it pays for services.', { nullable: true })
  holderId: string | null;

  @DayField("That day by China's clock: the day of the channel's bill.")
  paidDay: string;

  @ApiProperty({ description: 'What is meant for which booking.', type: [AllocationDto] })
  allocations: AllocationDto[];

  @ApiProperty({ description: 'What was given back, oldest first.', type: [RefundDto] })
  refunds: RefundDto[];

  @ApiProperty({
    description: 'It was recorded wrongly: it counts nowhere and pays nothing. Null while it stands.',
    ...{ type: VoidedDto, nullable: true },
  })
  voided: VoidedDto | null;

  @Id('A void of it that waits for a second person: GET /v1/payment-voids/{id}.', { nullable: true })
  proposedVoid: string | null;

  @Id('Voided payment that this one says right.', { nullable: true })
  replaces: string | null;

  @Id('Payment that says this voided one right.', { nullable: true })
  replacedBy: string | null;

  @WholeNumber('Grows by one with each change.', { example: 1 })
  version: number;
}
