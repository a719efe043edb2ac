import { ApiProperty } from '@nestjs/swagger';
import { SERVICE_MODES } from '@doorstep/contracts';
import { PageQuery } from '@doorstep/platform';
import { IsBoolean } from 'class-validator';
import { HeldStatementDto } from '../payments/held-money.dto';
import { ChannelOrderDto, ChannelRefundDto } from '../payments/money.dto';
import { Amount, Choice, DayField, Id, Instant, Text, WholeNumber } from '../shared/fields.dto';
import { PACKAGE_STATUSES, USE_STATES, USES_MAX, type PackageStatus, type UseState } from './package';

export class OfferPackageDto {
  @Id('Contract whose services it is for; no part is above its ceiling.')
  contractId: string;

  @Text('Name for people.', { example: '午餐十次卡' })
  name: string;

  @Id('The one site that it is for. Left out: every site of the contract.', { optional: true })
  siteId?: string;

  @Text('Kind of service.', { example: 'meals', max: 50 })
  kind: string;

  @Choice('The one mode that it is for. Left out: every mode of the kind.', SERVICE_MODES, {
    optional: true,
    example: 'session',
  })
  mode?: string;

  @WholeNumber('Number of uses.', { min: 1, max: USES_MAX, example: 10 })
  uses: number;

  @Amount('Price of all uses together; at least a fen for each.', { min: 1, example: 16_000 })
  amountFen: number;

  @WholeNumber('Days from its beginning on which it can be used.', { min: 1, max: 3_660, example: 90 })
  validDays: number;

  @DayField('First day on which it is sold.')
  from: string;

  @DayField('First day on which it is no longer sold. Left out: until further notice.', {
    optional: true,
    example: '2027-01-01',
  })
  to?: string;
}

export class PackageOffersQuery extends PageQuery {
  @Id('Only of this contract.', { optional: true })
  contractId?: string;

  @DayField('Only what is sold on this day.', { optional: true })
  on?: string;
}

export class EndPackageOfferDto {
  @DayField('First day on which it is no longer sold; what was sold stays.', { example: '2027-01-01' })
  to: string;
}

class Terms {
  @Id('Contract whose services it is for.')
  contractId: string;

  @Id('Site that it is for; null: every site of the contract.', { nullable: true })
  siteId: string | null;

  @Text('Kind of service.', { example: 'meals' })
  kind: string;

  @Choice('Mode that it is for; null: every mode of the kind.', SERVICE_MODES, {
    nullable: true,
    example: null,
  })
  mode: string | null;

  @WholeNumber('Number of uses.', { example: 10 })
  uses: number;

  @Amount('Price of all uses together.', { example: 16_000 })
  amountFen: number;
}

export class PackageOfferDto extends Terms {
  @Id('Id.')
  id: string;

  @Id('Operator.')
  operatorId: string;

  @Text('Name for people.', { example: '午餐十次卡' })
  name: string;

  @WholeNumber('Days from its beginning on which it can be used.', { example: 90 })
  validDays: number;

  @DayField('First day on which it is sold.')
  from: string;

  @DayField('First day on which it is no longer sold; null: until further notice.', {
    nullable: true,
    example: null,
  })
  to: string | null;

  @WholeNumber('Grows by one with each change.', { example: 1 })
  version: number;
}

export class SellPackageDto extends ChannelOrderDto {
  @Id('What is sold; its price was paid.')
  offerId: string;

  @Id('Resident who may use it.')
  residentId: string;

  @DayField('First day on which it can be used. Left out: today.', { optional: true })
  validFrom?: string;
}

export class PackagesQuery extends PageQuery {
  @Id('Only of this contract.', { optional: true })
  contractId?: string;

  @Id('Only of this resident.', { optional: true })
  residentId?: string;

  @Choice('Only in this status.', PACKAGE_STATUSES, { optional: true })
  status?: PackageStatus;
}

export class ChooseUseDto {
  @ApiProperty({
    description:
      'true: bookings take uses by themselves. false: they cost what the price list says, until it is true again.',
    example: false,
  })
  @IsBoolean()
  autoUse: boolean;
}

export class RefundPackageDto extends ChannelRefundDto {}

export class PackageDto extends Terms {
  @Id('Id.')
  id: string;

  @Id('Operator.')
  operatorId: string;

  @Id('What was sold.')
  offerId: string;

  @Text('Name for people.', { example: '午餐十次卡' })
  name: string;

  @Id('Resident, by pseudonym.')
  residentId: string;

  @Choice('ended: what was not used is given back, and nothing more is taken of it.', PACKAGE_STATUSES)
  status: PackageStatus;

  @ApiProperty({ description: 'Whether bookings take uses by themselves.', example: true })
  autoUse: boolean;

  @DayField('First day on which it can be used.')
  validFrom: string;

  @DayField('First day on which it can’t be used.', { example: '2027-01-31' })
  validTo: string;

  @WholeNumber('Uses that are left.', { example: 7 })
  usesFree: number;

  @Amount('What of the price is left to give back.', { example: 11_200 })
  freeFen: number;

  @Amount('Of the price: given back.', { example: 0 })
  refundedFen: number;

  @Id('Payment that brought the price.')
  paymentId: string;

  @Instant('When it was sold.')
  soldAt: Date;

  @WholeNumber('Grows by one with each change of the package itself.', { example: 1 })
  version: number;
}

export class PackageUseDto {
  @WholeNumber('1 for the first.', { example: 1 })
  sequence: number;

  @Amount('What it costs: its part of the price.', { example: 1_600 })
  partFen: number;

  @Choice('State.', USE_STATES)
  state: UseState;

  @Id('Booking that took it.', { nullable: true })
  bookingId: string | null;

  @DayField('Day of its service.', { nullable: true })
  serviceDay: string | null;
}

export class PackageDetailDto extends PackageDto {
  @ApiProperty({ description: 'Every use.', type: [PackageUseDto] })
  useList: PackageUseDto[];
}

export class PackageStatementDto extends HeldStatementDto {
  @Id('Package.')
  packageId: string;
}
