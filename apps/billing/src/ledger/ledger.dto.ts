import { ApiProperty } from '@nestjs/swagger';
import { PageQuery } from '@doorstep/platform';
import { Choice, DayField, Id, Instant, Text, WholeNumber } from '../shared/fields.dto';
import { ACCOUNT_CLASSES, ACCOUNT_KINDS } from './account';
import { ENTRY_REASONS } from './entry-reason';

const KINDS = Object.keys(ACCOUNT_KINDS);

export class TrialBalanceQuery {
  @DayField('With everything booked up to and on this day. Left out: all.', { optional: true })
  asOf?: string;

  @Id('Only of this contract.', { optional: true })
  contractId?: string;
}

export class TrialBalanceRowDto {
  @Id('Contract.')
  contractId: string;

  @Choice('Kind of account; all accounts of the kind under the contract together.', KINDS)
  kind: string;

  @Choice('Side of the books on which it grows.', ACCOUNT_CLASSES)
  class: string;

  @Text('Name of the kind.', { example: 'Receivable from residents' })
  title: string;

  @WholeNumber('Sum of debits.', { example: 180_000 })
  debitFen: number;

  @WholeNumber('Sum of credits.', { example: 160_000 })
  creditFen: number;

  @WholeNumber('Debits less credits: what is posted.', { example: 20_000 })
  balanceFen: number;

  @WholeNumber(
    'What was reserved at the end of the day, and neither posted nor released by then; debit above zero.',
    {
      example: 3_200,
    },
  )
  pendingFen: number;
}

export class TrialBalanceDto {
  @DayField('Last day that is in; null: all.', { nullable: true })
  asOf: string | null;

  @ApiProperty({ description: 'By contract and kind of account.', type: [TrialBalanceRowDto] })
  rows: TrialBalanceRowDto[];

  @WholeNumber('Sum of all debits.', { example: 1_000_000 })
  debitFen: number;

  @WholeNumber('Sum of all credits; always equal to the debits.', { example: 1_000_000 })
  creditFen: number;

  @WholeNumber('Sum of what is pending; always 0, like that of what is posted.', { example: 0 })
  pendingFen: number;
}

export class AccountsQuery extends PageQuery {
  @Id('Only of this contract.', { optional: true })
  contractId?: string;

  @Choice('Only of this kind.', KINDS, { optional: true })
  kind?: string;

  @DayField('Balances with everything booked up to and on this day. Left out: all.', { optional: true })
  asOf?: string;
}

export class AccountDto {
  @Id('Id.')
  id: string;

  @Id('Contract.')
  contractId: string;

  @Choice('Kind.', KINDS)
  kind: string;

  @Choice('Side of the books on which it grows.', ACCOUNT_CLASSES)
  class: string;

  @Text('Name of the kind.', { example: 'Receivable from residents' })
  title: string;

  @Id('Site that it is kept by.', { nullable: true })
  siteId: string | null;

  @Text('Kind of service that it is kept by.', { nullable: true, example: 'meals' })
  serviceKind: string | null;

  @Id('Funder that it is kept by.', { nullable: true })
  funderId: string | null;

  @Text('Payment channel that it is kept by.', { nullable: true, example: 'wechat' })
  channel: string | null;

  @WholeNumber('Debits less credits.', { example: 20_000 })
  balanceFen: number;
}

export class StatementQuery extends PageQuery {
  @DayField('First day that is shown. Left out: from the beginning.', { optional: true })
  from?: string;

  @DayField('First day that is no longer shown. Left out: to the end.', {
    optional: true,
    example: '2026-12-01',
  })
  to?: string;
}

export class StatementLineDto {
  @Id('Entry.')
  entryId: string;

  @WholeNumber('Number of the entry; grows with time.', { example: 1207 })
  number: number;

  @WholeNumber('Line of the entry.', { example: 1 })
  line: number;

  @DayField('Day on which it is booked.')
  bookedOn: string;

  @Choice('Why the entry was made.', ENTRY_REASONS)
  reason: string;

  @WholeNumber('Debit above zero, credit below.', { example: 1600 })
  amountFen: number;

  @Id('Charge that it concerns.', { nullable: true })
  chargeId: string | null;

  @Id('Resident that it concerns, by pseudonym.', { nullable: true })
  residentId: string | null;

  @WholeNumber('Balance of the account after this line.', { example: 21_600 })
  balanceFen: number;
}

export class EntriesQuery extends PageQuery {
  @DayField('First day that is shown.', { optional: true })
  from?: string;

  @DayField('First day that is no longer shown.', { optional: true, example: '2026-12-01' })
  to?: string;

  @Id('Only of this contract.', { optional: true })
  contractId?: string;

  @Choice('Only for this reason.', ENTRY_REASONS, { optional: true })
  reason?: string;

  @Id('Only from this charge, payment, correction or other source.', { optional: true })
  sourceId?: string;
}

export class EntryLineDto {
  @Id('Account.')
  accountId: string;

  @Choice('Kind of account.', KINDS)
  account: string;

  @WholeNumber('Debit above zero, credit below.', { example: 1600 })
  amountFen: number;

  @Id('Charge that it concerns.', { nullable: true })
  chargeId: string | null;

  @Id('Resident that it concerns, by pseudonym.', { nullable: true })
  residentId: string | null;
}

export class EntryDto {
  @Id('Id.')
  id: string;

  @WholeNumber('Grows with time.', { example: 1207 })
  number: number;

  @Id('Contract.')
  contractId: string;

  @DayField('Day on which it is booked.')
  bookedOn: string;

  @Choice('Why it was made.', ENTRY_REASONS)
  reason: string;

  @Text('What it comes from: a charge, a payment, a correction and so on.', { example: 'charge' })
  sourceType: string;

  @Id('Id of that.')
  sourceId: string;

  @Instant('When it was recorded.')
  recordedAt: Date;

  @ApiProperty({ description: 'Its lines; they sum to zero.', type: [EntryLineDto] })
  lines: EntryLineDto[];
}
