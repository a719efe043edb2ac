import { ApiProperty } from '@nestjs/swagger';
import { PageQuery } from '@doorstep/platform';
import { Amount, Choice, DayField, Id, Instant, Text, WholeNumber } from '../shared/fields.dto';
import { MOVEMENT_KINDS, type MovementKind } from './statement';

export class UploadStatementQuery {
  @Id('Account that the file is of.')
  accountId: string;

  @DayField('First day that it covers, when the file does not say; else the day of its first line.', {
    optional: true,
  })
  from?: string;

  @DayField('Last day that it covers, when the file does not say; else the day of its last line.', {
    optional: true,
  })
  to?: string;

  @Id('A new id of yours, to ask GET /v1/settlement-files/progress/{id} how far the work is.', {
    optional: true,
  })
  progressId?: string;
}

export class StatementsQuery extends PageQuery {
  @Id('Only of this account.', { optional: true })
  accountId?: string;

  @Id('Only of this file.', { optional: true })
  fileId?: string;
}

export class AccountStatementDto {
  @Id('Id.')
  id: string;

  @Id('File that it came in.')
  fileId: string;

  @Id('Account.')
  accountId: string;

  @Text("The bank's number of it.", { nullable: true, example: '2026-11-02-1' })
  number: string | null;

  @DayField('First day.')
  fromDay: string;

  @DayField('Last day.')
  toDay: string;

  @WholeNumber('Balance before it; null when the file has none.', { nullable: true, example: 1_000_000 })
  openingFen: number | null;

  @WholeNumber('Balance after it; null when the file has none.', { nullable: true, example: 1_178_941 })
  closingFen: number | null;

  @Amount('What came in.', { example: 178_941 })
  creditsFen: number;

  @Amount('What went out.', { example: 0 })
  debitsFen: number;

  @WholeNumber('Lines.', { example: 12 })
  lines: number;

  @WholeNumber('Of them: matched.', { example: 11 })
  matched: number;
}

export class StatementFileDto {
  @Id('Id.')
  id: string;

  @Id('Operator.')
  operatorId: string;

  @Id('Account that it was uploaded for.')
  accountId: string;

  @Text('Layout.', { example: 'camt053' })
  layout: string;

  @Text('SHA-256 of the original, in hex.', {
    example: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  })
  sha256: string;

  @WholeNumber('Size of the original.', { example: 48_211 })
  bytes: number;

  @WholeNumber('Lines that it holds.', { example: 312 })
  lines: number;

  @Instant('When it was uploaded.')
  uploadedAt: Date;

  @ApiProperty({ description: 'What it states, statement by statement.', type: [AccountStatementDto] })
  statements: AccountStatementDto[];
}

export class AccountStatementLineDto {
  @WholeNumber('Id.', { example: 4711 })
  id: number;

  @WholeNumber('Line of the file, the first being 1; in XML the number of the movement.', { example: 2 })
  lineNo: number;

  @DayField('Day on which it was booked.')
  bookedOn: string;

  @WholeNumber('Money in above zero, out below.', { example: 178_941 })
  amountFen: number;

  @WholeNumber('Balance after it.', { nullable: true, example: 1_178_941 })
  balanceFen: number | null;

  @Choice('What moved it.', MOVEMENT_KINDS)
  kind: MovementKind;

  @Text("The other side's number.", { nullable: true, example: 'C-202611-1' })
  referenceNo: string | null;

  @Text('What it was for.', { max: 1000, example: '财付通 结算款' })
  text: string;

  @Text('Who was on the other side.', { nullable: true, example: '财付通支付科技有限公司' })
  counterparty: string | null;

  @Text("The bank's own number of it.", { nullable: true, example: '88170001' })
  bankRef: string | null;

  @WholeNumber('What of it is matched: nothing, all, or all but the rest.', { example: 178_941 })
  matchedFen: number;

  @WholeNumber('What somebody left open when they matched the other.', { example: 0 })
  restFen: number;
}
