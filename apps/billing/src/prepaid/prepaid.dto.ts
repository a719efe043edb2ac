import { ApiProperty } from '@nestjs/swagger';
import { PageQuery } from '@doorstep/platform';
import { HeldPaymentDto, HeldStatementDto } from '../payments/held-money.dto';
import { Amount, Choice, DayField, Id, Instant, Text, WholeNumber } from '../shared/fields.dto';
import { CARD_STATUSES, type CardStatus } from './prepaid-card';

const BALANCE =
  'Most that may be stored on a card. In China 5,000 yuan for a card in the name of its holder: 单用途商业预付卡管理办法（试行）, article 18.';
const VALIDITY =
  'Months after which a card that is issued now expires. Left out: never, as article 19 asks of cards in the name of their holders.';

export class SetPrepaidRuleDto {
  @DayField('First day on which it holds; the rule that holds until then ends on it.')
  from: string;

  @DayField('First day on which it no longer holds. Left out: until further notice.', {
    optional: true,
    example: '2030-01-01',
  })
  to?: string;

  @Amount(BALANCE, { min: 1, example: 500_000 })
  balanceMaxFen: number;

  @WholeNumber(VALIDITY, { optional: true, min: 1, max: 1200, example: 36 })
  validityMonths?: number;

  @Text('The provision that says so.', { example: '商务部令2012年第9号 第十八条、第十九条' })
  source: string;
}

export class PrepaidRuleDto {
  @Id('Id.')
  id: string;

  @DayField('First day on which it holds.')
  from: string;

  @DayField('First day on which it no longer holds; null: until further notice.', {
    nullable: true,
    example: null,
  })
  to: string | null;

  @Amount(BALANCE, { example: 500_000 })
  balanceMaxFen: number;

  @WholeNumber('Months after which cards expire; null: never.', { nullable: true, example: null })
  validityMonths: number | null;

  @Text('The provision that says so.', { example: '商务部令2012年第9号 第十八条、第十九条' })
  source: string;
}

export class IssuePrepaidCardDto {
  @Id('Contract whose services it pays for.')
  contractId: string;

  @Id('Resident in whose name it is.')
  residentId: string;

  @Text('Number on the card, or in the app; unique per operator.', {
    max: 32,
    pattern: /^[A-Za-z0-9-]{1,32}$/,
    example: '6600000000000017',
  })
  number: string;
}

export class PrepaidCardsQuery extends PageQuery {
  @Id('Only of this contract.', { optional: true })
  contractId?: string;

  @Id('Only of this resident.', { optional: true })
  residentId?: string;

  @Choice('Only in this status.', CARD_STATUSES, { optional: true })
  status?: CardStatus;
}

export class ExtendPrepaidCardDto {
  @DayField('First day on which it can no longer be used; left out: it does not expire.', {
    optional: true,
    example: '2030-01-01',
  })
  expiresOn?: string;
}

export class PrepaidCardDto {
  @Id('Id.')
  id: string;

  @Id('Operator.')
  operatorId: string;

  @Id('Contract whose services it pays for.')
  contractId: string;

  @Id('Resident, by pseudonym.')
  residentId: string;

  @Text('Number.', { example: '6600000000000017' })
  number: string;

  @Choice('Status.', CARD_STATUSES)
  status: CardStatus;

  @DayField('First day on which it can no longer be used; null: it does not expire.', {
    nullable: true,
    example: null,
  })
  expiresOn: string | null;

  @Amount('What can be spent.', { example: 18_400 })
  balanceFen: number;

  @Amount('What is meant for services to come; free again when they fall.', { example: 1600 })
  reservedFen: number;

  @Instant('When it was issued.')
  issuedAt: Date;

  @Instant('When it was closed.', { nullable: true, example: null })
  closedAt: Date | null;

  @WholeNumber('Grows by one with each change of the card itself.', { example: 1 })
  version: number;
}

export class PrepaidCardDetailDto extends PrepaidCardDto {
  @ApiProperty({
    description: 'What was topped up, oldest first, and what is left of it.',
    type: [HeldPaymentDto],
  })
  topUps: HeldPaymentDto[];
}

export class PrepaidStatementDto extends HeldStatementDto {
  @Id('Card.')
  cardId: string;
}
