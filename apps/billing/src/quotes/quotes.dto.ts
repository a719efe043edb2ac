import { ApiProperty } from '@nestjs/swagger';
import { PRICE_UNITS } from '../prices/price';
import { PriceSpanDto } from '../prices/prices.dto';
import { FunderPartDto, TraceLineDto } from '../charges/charge-parts.dto';
import { Amount, Choice, DayField, Id, Instant, PackageChoice, WholeNumber } from '../shared/fields.dto';

export class AskQuoteDto {
  @Id('Offering that would be booked.')
  offeringId: string;

  @Id('Resident whom it would be for.')
  residentId: string;

  @Instant('Start of the session.')
  start: string;

  @Instant('End of the session.', { example: '2026-11-02T04:30:00.000Z' })
  end: string;

  @WholeNumber('People who come; guests pay in full. Default 1.', {
    optional: true,
    min: 1,
    max: 1000,
    example: 1,
  })
  partySize?: number;

  @PackageChoice(
    'The package whose use it would take: its id, or none for the price by the list. Left out: as auto, the one that ends first.',
  )
  packageId?: string;
}

export class QuoteDto {
  @DayField("The site's own day of the service.")
  serviceDay: string;

  @Id('Contract under which it would run.')
  contractId: string;

  @Id('Price that holds.')
  priceId: string;

  @Choice('What the price is for.', PRICE_UNITS)
  unit: string;

  @Amount('Price of one unit at the start, in fen.', { example: 1800 })
  unitFen: number;

  @ApiProperty({
    description:
      'Where the price of a unit changes during the stay, with the hours of the day; null: it does not.',
    type: [PriceSpanDto],
    nullable: true,
  })
  spans: PriceSpanDto[] | null;

  @Id('Package whose use a booking would take: the price is that use’s part, and no programme is asked.', {
    nullable: true,
  })
  packageId: string | null;

  @Amount('The whole cost.', { example: 1800 })
  grossFen: number;

  @Amount('What the resident pays.', { example: 1600 })
  residentFen: number;

  @Amount('What all funders pay together.', { example: 200 })
  fundersFen: number;

  @Amount('What the operator grants.', { example: 0 })
  operatorFen: number;

  @ApiProperty({ description: 'What each programme would pay.', type: [FunderPartDto] })
  funders: FunderPartDto[];

  @ApiProperty({
    description: 'Every programme that was asked: what it gave, or why nothing.',
    type: [TraceLineDto],
  })
  trace: TraceLineDto[];
}
