import { ApiProperty } from '@nestjs/swagger';
import { PAYMENT_CHANNELS } from '@doorstep/contracts';
import { ArrayMaxSize, ArrayNotEmpty, ArrayUnique, IsUUID } from 'class-validator';
import { ENTRY_REASONS } from '../ledger/entry-reason';
import { Amount, Choice, DayField, Id, Instant, MonthField, Text, WholeNumber } from '../shared/fields.dto';
import { MoneyOutDto } from './money.dto';

/** Held money that goes back by the channel of its payment. */
export class MoneyBackDto extends MoneyOutDto {
  @Id('Payment that it goes back to.')
  paymentId: string;
}

export class UseMoneyDto {
  @ApiProperty({
    description: "The resident's own bookings, of the contract: they are paid in this order.",
    type: [String],
    format: 'uuid',
    example: ['019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1a'],
  })
  @ArrayNotEmpty()
  @ArrayMaxSize(100)
  @ArrayUnique()
  @IsUUID(undefined, { each: true })
  bookingIds: string[];

  @Amount('What is to be paid; left out: all that is open.', { optional: true, min: 1, example: 1600 })
  amountFen?: number;
}

export class HeldPaymentDto {
  @Id('Payment.')
  paymentId: string;

  @Choice('Channel.', PAYMENT_CHANNELS)
  channel: string;

  @Text('Number of the order.', { example: 'TU2026110200000017' })
  merchantOrderNo: string;

  @Amount('What was paid.', { example: 20_000 })
  amountFen: number;

  @Amount('Of it: given back.', { example: 0 })
  refundedFen: number;

  @Amount('Of it: neither used nor given back.', { example: 18_400 })
  freeFen: number;

  @Instant('When it was paid, by the channel.')
  paidAt: Date;
}

export class HeldMonthQuery {
  @MonthField('Month in which it was booked.')
  period: string;
}

export class HeldMovementDto {
  @DayField('Day on which it is booked.')
  bookedOn: string;

  @Choice('What happened.', ENTRY_REASONS, { example: 'prepaid_used' })
  reason: string;

  @WholeNumber('Above zero: came in; below: went out.', { example: -1600 })
  amountFen: number;

  @Id('Charge that it concerns.', { nullable: true })
  chargeId: string | null;

  @Text('Kind of service.', { nullable: true, example: 'meals' })
  kind: string | null;

  @DayField('Day of the service.', { nullable: true })
  serviceDay: string | null;
}

/** A month as the ledger has it: what is meant for services to come is still there. */
export class HeldStatementDto extends HeldMonthQuery {
  @WholeNumber('What was there before the month.', { example: 0 })
  openingFen: number;

  @ApiProperty({ description: 'What happened in the month.', type: [HeldMovementDto] })
  lines: HeldMovementDto[];

  @ApiProperty({
    description: 'true: the month has more lines than fit; the sums are of those shown.',
    example: false,
  })
  more: boolean;

  @WholeNumber('What is there after it.', { example: 18_400 })
  closingFen: number;
}
