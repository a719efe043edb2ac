import { ApiProperty } from '@nestjs/swagger';
import { AGE_CLASSES, SERVICE_MODES } from '@doorstep/contracts';
import { PageQuery } from '@doorstep/platform';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  ArrayUnique,
  IsArray,
  IsIn,
  IsObject,
  IsOptional,
  ValidateNested,
} from 'class-validator';
import { Amount, Choice, DayField, Id, Instant, Text, WholeNumber } from '../shared/fields.dto';
import { BANDS_MAX, DAY_TYPES, type DayType } from './bands';
import { PRICE_UNITS, type PriceUnit } from './price';

const CLOCK = /^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/;

/** Hours at which another amount holds. */
export class PriceBandDto {
  @ApiProperty({
    description:
      'Days that it is for: workday (make-up workdays among them), weekend, holiday (public ones; a weekend day that is one counts as such).',
    enum: DAY_TYPES,
    isArray: true,
    example: ['workday'],
  })
  @ArrayNotEmpty()
  @ArrayUnique()
  @IsIn(DAY_TYPES, { each: true })
  days: DayType[];

  @Text('Begins at, by the clock of the site.', { max: 5, pattern: CLOCK, example: '18:00' })
  from: string;

  @Text('Ends before; 24:00 is the end of the day.', { max: 5, pattern: CLOCK, example: '22:00' })
  to: string;

  @Amount('Price of one unit in fen.', { example: 2400 })
  amountFen: number;
}

/** What one unit costs from a minute of the stay on. */
export class PriceSpanDto {
  @WholeNumber('Minute of the stay, from its start.', { min: 0, example: 0 })
  fromMinute: number;

  @Amount('Price of one unit in fen.', { example: 1800 })
  amountFen: number;
}

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

  @Amount('Price of one unit in fen, outside of the bands.', { example: 1800 })
  amountFen: number;

  @ApiProperty({
    description:
      'Hours of the day at which another amount holds; they never meet, and none is above the ceiling. By the hour a stay across a border pays each minute by its band, the sum rounded half up to the fen once; minutes that are rounded up to a step run on by the clock. A use, and each started half day and day, costs what holds when it starts. A shorter stay counts from its start.',
    type: [PriceBandDto],
    required: false,
    maxItems: BANDS_MAX,
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(BANDS_MAX)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => PriceBandDto)
  bands?: PriceBandDto[];

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

  @Amount('Price of one unit in fen, outside of the bands.', { example: 1800 })
  amountFen: number;

  @ApiProperty({ description: 'Hours of the day at which another amount holds.', type: [PriceBandDto] })
  bands: PriceBandDto[];

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
