import { AGE_CLASSES, SERVICE_MODES } from '@doorstep/contracts';
import { PageQuery } from '@doorstep/platform';
import { Amount, Choice, DayField, Id, Instant, Text, WholeNumber } from '../shared/fields.dto';
import { PRICE_UNITS, type PriceUnit } from './price';

export class SetPriceDto {
  @Id('Contract under which the service runs; its ceiling is never exceeded.')
  contractId: string;

  @Id(
    'The one site that the price is for. Left out: every site of the contract without a price of its own.',
    {
      optional: true,
    },
  )
  siteId?: string;

  @Text('Kind of service, as the contract names it.', { example: 'meals', max: 50 })
  kind: string;

  @Choice(
    'The one mode that the price is for. Left out: every mode without a price of its own.',
    SERVICE_MODES,
    {
      optional: true,
      example: 'timed',
    },
  )
  mode?: string;

  @Choice(
    'The one class of age that the price is for. Left out: every class without a price of its own.',
    AGE_CLASSES,
    { optional: true, example: 'toddler' },
  )
  ageClass?: string;

  @Choice(
    'What the amount is for: one use, an hour, a half day (each started 5 hours), a day (each started 24 hours) or a month of a place, each per person.',
    PRICE_UNITS,
  )
  unit: PriceUnit;

  @Amount('Price of one unit in fen.', { example: 1800 })
  amountFen: number;

  @WholeNumber(
    'Unit hour: minutes are rounded up to a multiple of this before they are charged. Default 1.',
    {
      optional: true,
      min: 1,
      max: 60,
      example: 15,
    },
  )
  stepMinutes?: number;

  @DayField('First day on which it holds.')
  from: string;

  @DayField('First day on which it no longer holds. Left out: until further notice.', {
    optional: true,
    example: '2027-01-01',
  })
  to?: string;
}

export class EndPriceDto {
  @DayField('First day on which the price no longer holds; charges that were authorised before keep it.', {
    example: '2027-01-01',
  })
  to: string;
}

export class PricesQuery extends PageQuery {
  @Id('Only of this contract.', { optional: true })
  contractId?: string;

  @Id('Only of this site.', { optional: true })
  siteId?: string;

  @Text('Only of this kind.', { optional: true, example: 'meals', max: 50 })
  kind?: string;

  @DayField('Only what holds on this day.', { optional: true })
  on?: string;
}

export class PriceDto {
  @Instant('When it was withdrawn: it holds on no day. Null: it was not.', { nullable: true, example: null })
  withdrawnAt: Date | null;

  @Id('Id.')
  id: string;

  @Id('Operator whose price it is.')
  operatorId: string;

  @Id('Contract under which the service runs.')
  contractId: string;

  @Id('Site that it is for; null: every site of the contract without a price of its own.', { nullable: true })
  siteId: string | null;

  @Text('Kind of service.', { example: 'meals' })
  kind: string;

  @Choice('Mode that it is for; null: every mode without a price of its own.', SERVICE_MODES, {
    nullable: true,
    example: 'timed',
  })
  mode: string | null;

  @Choice('Class of age that it is for; null: every class without a price of its own.', AGE_CLASSES, {
    nullable: true,
    example: null,
  })
  ageClass: string | null;

  @Choice('What the amount is for, per person.', PRICE_UNITS)
  unit: PriceUnit;

  @Amount('Price of one unit in fen.', { example: 1800 })
  amountFen: number;

  @WholeNumber('Unit hour: minutes are rounded up to a multiple of this.', { example: 1 })
  stepMinutes: number;

  @DayField('First day on which it holds.')
  from: string;

  @DayField('First day on which it no longer holds; null: until further notice.', {
    nullable: true,
    example: null,
  })
  to: string | null;

  @Instant('When it was set.')
  createdAt: Date;

  @WholeNumber('Grows by one with each change.', { example: 1 })
  version: number;
}
