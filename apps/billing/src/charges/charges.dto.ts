import { ApiProperty } from '@nestjs/swagger';
import { PageQuery } from '@doorstep/platform';
import { PRICE_UNITS } from '../prices/price';
import { PriceSpanDto } from '../prices/prices.dto';
import { Amount, Choice, DayField, Id, Instant, MonthField, Text, WholeNumber } from '../shared/fields.dto';
import { FEE_EVIDENCE, CHARGE_STATUSES, type ChargeStatus } from './charge';
import { FunderPartDto, TraceLineDto } from './charge-parts.dto';

export class ChargesQuery extends PageQuery {
  @Id('Only of this booking.', { optional: true })
  bookingId?: string;

  @Choice('Only in this status.', CHARGE_STATUSES, { optional: true, example: 'captured' })
  status?: ChargeStatus;

  @Id('Only of this contract.', { optional: true })
  contractId?: string;

  @Id('Only of this site.', { optional: true })
  siteId?: string;

  @Id('Only of this resident.', { optional: true })
  residentId?: string;

  @MonthField('Only for services of this month.', { optional: true })
  period?: string;
}

export class ChargeDto {
  @Id('Id.')
  id: string;

  @Id('Booking that it is for.')
  bookingId: string;

  @Id('Operator.')
  operatorId: string;

  @Id('Contract.')
  contractId: string;

  @Id('Site.')
  siteId: string;

  @Id('Offering.')
  offeringId: string;

  @Id('Resident, by pseudonym.')
  residentId: string;

  @Text('Kind of service.', { example: 'meals' })
  kind: string;

  @Text('Mode of service.', { example: 'session' })
  mode: string;

  @DayField("The site's own day of the service.")
  serviceDay: string;

  @Choice(
    'pending: waits for news. authorised: priced, budgets and caps reserved. captured: delivered and posted. declined, released: nothing is owed.',
    CHARGE_STATUSES,
  )
  status: ChargeStatus;

  @Text('Why it was declined or released: stable code.', { nullable: true, example: null })
  code: string | null;

  @Text('The same for people.', { nullable: true, example: null })
  reason: string | null;

  @Choice('What the price is for; null before it is priced.', PRICE_UNITS, { nullable: true })
  unit: string | null;

  @Amount('Price of one unit, at the start.', { nullable: true, example: 1800 })
  unitFen: number | null;

  @ApiProperty({
    description:
      'Where the price of a unit changes during the stay, with the hours of the day; null: it does not.',
    type: [PriceSpanDto],
    nullable: true,
  })
  spans: PriceSpanDto[] | null;

  @Id('Package whose use it took: the price is that use’s part.', { nullable: true })
  packageId: string | null;

  @WholeNumber('People who pay by the head.', { nullable: true, example: 1 })
  quantity: number | null;

  @WholeNumber('Minutes that were charged; null before capture.', { nullable: true, example: 90 })
  billedMinutes: number | null;

  @Amount('The whole: resident, funders and operator together.', { example: 1800 })
  grossFen: number;

  @Amount('What the resident pays.', { example: 1600 })
  residentFen: number;

  @Amount('What all funders pay together.', { example: 200 })
  fundersFen: number;

  @Amount('What the operator grants.', { example: 0 })
  operatorFen: number;

  @Amount('What of the resident’s part is paid.', { example: 1600 })
  paidFen: number;

  @ApiProperty({
    description: 'What each programme pays: reserved, after capture captured.',
    type: [FunderPartDto],
  })
  funders: FunderPartDto[];

  @ApiProperty({
    description: 'Every programme that was asked: what it gave, or why nothing.',
    type: [TraceLineDto],
  })
  trace: TraceLineDto[];

  @Choice(
    'How the delivery is proven; or what a fee is for, where no service was given; null before.',
    ['attendance', 'visit', ...FEE_EVIDENCE],
    { nullable: true },
  )
  evidence: string | null;

  @DayField('Day on which it is booked in the ledger; null before capture.', { nullable: true })
  bookedOn: string | null;

  @Instant('Since when its visit is in doubt, so that no funder is asked for it; null: it is not.', {
    nullable: true,
  })
  inDoubtSince: Date | null;

  @Instant('When it was held.')
  createdAt: Date;

  @Instant('When it last changed.')
  changedAt: Date;

  @WholeNumber('Grows by one with each change.', { example: 2 })
  version: number;
}

export class ChargeEntryLineDto {
  @Text('Account.', { example: 'resident_receivable' })
  account: string;

  @WholeNumber('Debit above zero, credit below.', { example: 1600 })
  amountFen: number;
}

export class ChargeEntryDto {
  @Id('Id of the ledger entry.')
  id: string;

  @DayField('Day on which it is booked.')
  bookedOn: string;

  @Text('Why it was made.', { example: 'charge_captured' })
  reason: string;

  @ApiProperty({ description: 'Lines that concern this charge.', type: [ChargeEntryLineDto] })
  lines: ChargeEntryLineDto[];
}

/** Differences that were added after the capture; below zero is less. */
export class ChargeCorrectionDto {
  @Id('Id.')
  id: string;

  @Text('What had changed.', { example: 'price_changed' })
  reason: string;

  @WholeNumber('Of the whole.', { example: -300 })
  grossFen: number;

  @WholeNumber('Of what the resident owes.', { example: -300 })
  residentFen: number;

  @WholeNumber('Of what funders owe.', { example: 0 })
  fundersFen: number;

  @WholeNumber('Of what the operator grants.', { example: 0 })
  operatorFen: number;

  @DayField('Day on which it is booked.')
  bookedOn: string;

  @Instant('When it was made.')
  madeAt: Date;
}

/** By what the charge was rated since, with the account of that split. */
export class ChargeRatingDto {
  @WholeNumber('1 for the first after the capture.', { example: 1 })
  sequence: number;

  @Choice('What the price is for.', PRICE_UNITS)
  unit: string;

  @Amount('Price of one unit, at the start.', { example: 1500 })
  unitFen: number;

  @ApiProperty({
    description:
      'Where the price of a unit changes during the stay, with the hours of the day; null: it does not.',
    type: [PriceSpanDto],
    nullable: true,
  })
  spans: PriceSpanDto[] | null;

  @WholeNumber('Minutes delivered; null: nobody came after all.', { nullable: true, example: 90 })
  deliveredMinutes: number | null;

  @ApiProperty({ description: 'What each programme gives, or why nothing.', type: [TraceLineDto] })
  trace: TraceLineDto[];

  @Instant('When.')
  ratedAt: Date;
}

export class ChargeDetailDto extends ChargeDto {
  @ApiProperty({ description: 'What was corrected since, oldest first.', type: [ChargeCorrectionDto] })
  corrections: ChargeCorrectionDto[];

  @ApiProperty({ description: 'How it was rated since, oldest first.', type: [ChargeRatingDto] })
  ratings: ChargeRatingDto[];

  @ApiProperty({ description: 'What the ledger says of it, oldest first.', type: [ChargeEntryDto] })
  entries: ChargeEntryDto[];
}
