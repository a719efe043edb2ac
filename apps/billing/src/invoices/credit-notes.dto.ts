import { ApiProperty } from '@nestjs/swagger';
import { BodyExample, PageQuery } from '@doorstep/platform';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayNotEmpty, ArrayUnique, IsOptional, ValidateNested } from 'class-validator';
import { Amount, Choice, DayField, Id, Instant, MonthField, Text } from '../shared/fields.dto';
import { CREDIT_REASONS, type CreditReason } from './invoice';

export class CreditedLineDto {
  @Id('Line of the invoice.')
  lineId: string;

  @Amount('What is taken back of it.', { min: 1, example: 500 })
  amountFen: number;
}

@BodyExample({ amountFen: 500, comment: 'cold meal on 3 November' })
export class IssueCreditNoteDto {
  @Amount('What is taken back, over all lines in proportion to what remains of them.', {
    optional: true,
    min: 1,
    example: 500,
  })
  amountFen?: number;

  @ApiProperty({
    description: 'Or what is taken back of which line; one of the two.',
    type: [CreditedLineDto],
    required: false,
  })
  @IsOptional()
  @ArrayNotEmpty()
  @ArrayMaxSize(500)
  @ArrayUnique((line: CreditedLineDto) => line?.lineId)
  @ValidateNested({ each: true })
  @Type(() => CreditedLineDto)
  lines?: CreditedLineDto[];

  @Text('What it is for; it stands on the credit note.', {
    optional: true,
    max: 500,
    example: 'cold meal on 3 November',
  })
  comment?: string;
}

export class CreditNotesQuery extends PageQuery {
  @Id('Only of this invoice.', { optional: true })
  invoiceId?: string;

  @Id('Only of this resident.', { optional: true })
  residentId?: string;
}

export class CreditNoteDto {
  @Id('Id.')
  id: string;

  @Text('Number, gapless per operator and year.', { example: 'CN-2026-000003' })
  number: string;

  @Id('Operator.')
  operatorId: string;

  @Id('Invoice that it takes from.')
  invoiceId: string;

  @Text('Its number.', { example: 'INV-2026-000017' })
  invoiceNumber: string;

  @Id('Contract.')
  contractId: string;

  @Id('Resident, by pseudonym.')
  residentId: string;

  @Id('As it is on the paper: other than residentId where two records became one since.')
  issuedTo: string;

  @Id('Site, when all services of the invoice were given at one.', { nullable: true })
  siteId: string | null;

  @MonthField('Month of the invoice.')
  period: string;

  @DayField('Day of issue.')
  issuedOn: string;

  @Choice(
    'goodwill: the operator carries it. charge_corrected: a charge was corrected. void: the invoice is withdrawn.',
    CREDIT_REASONS,
  )
  reason: CreditReason;

  @Text('What it is for.', { nullable: true, example: null })
  comment: string | null;

  @Amount('What it takes back.', { example: 500 })
  amountFen: number;

  @Instant('When it was issued.')
  issuedAt: Date;
}

export class CreditNoteLineDto {
  @Id('Line of the invoice.')
  lineId: string;

  @Id('Charge.')
  chargeId: string;

  @Text('Kind of service.', { example: 'meals' })
  kind: string;

  @DayField('Day of the service.')
  serviceDay: string;

  @Id('Site.')
  siteId: string;

  @Amount('What the line came to.', { example: 1500 })
  invoicedFen: number;

  @Amount('What is taken back of it.', { example: 500 })
  amountFen: number;
}

export class CreditNoteDetailDto extends CreditNoteDto {
  @ApiProperty({ description: 'Line by line.', type: [CreditNoteLineDto] })
  lines: CreditNoteLineDto[];
}
