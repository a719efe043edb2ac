import { ApiProperty } from '@nestjs/swagger';
import { PageQuery } from '@doorstep/platform';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsOptional,
  IsUUID,
  ValidateNested,
} from 'class-validator';
import { AMOUNT_FEN_MAX, Choice, DayField, Id, Instant, Text, WholeNumber } from '../shared/fields.dto';
import { DIFFERENCE_KINDS, type Difference } from './remittance';

export class RemittedLineDto {
  @Id('Line of a claim.')
  lineId: string;

  @WholeNumber('What is paid of it; below zero where a difference is given back.', {
    min: -AMOUNT_FEN_MAX,
    max: AMOUNT_FEN_MAX,
    example: 200,
  })
  amountFen: number;
}

class Meant {
  @ApiProperty({ description: 'What is paid of which line.', type: [RemittedLineDto], required: false })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(5000)
  @ArrayUnique((line: RemittedLineDto) => line?.lineId)
  @ValidateNested({ each: true })
  @Type(() => RemittedLineDto)
  lines?: RemittedLineDto[];

  @ApiProperty({
    description: 'Or the claims that it pays; their open lines are paid in order.',
    type: [String],
    format: 'uuid',
    required: false,
    example: ['019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1a'],
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(100)
  @ArrayUnique()
  @IsUUID(undefined, { each: true })
  claimIds?: string[];
}

export class RecordRemittanceDto extends Meant {
  @Id('Funder that pays.')
  funderId: string;

  @Id('Contract.')
  contractId: string;

  @Text("The funder's own number of it; once per funder.", { max: 100, example: 'MZ-2026-12-0031' })
  reference: string;

  @WholeNumber(
    'What came; below zero: what was paid back to the funder; 0: lines that make up for each other.',
    {
      min: -AMOUNT_FEN_MAX,
      max: AMOUNT_FEN_MAX,
      example: 94_000,
    },
  )
  amountFen: number;

  @DayField('Day on which it came, or was paid back.')
  receivedOn: string;
}

export class AllocateRemittanceDto extends Meant {}

export class CancelRemittanceDto {
  @Text('Why it is taken back.', { max: 500, example: '记错了资助方' })
  reason: string;
}

export class UnallocateRemittanceDto {
  @ApiProperty({
    description: 'Claim lines that it was not meant for.',
    type: [String],
    format: 'uuid',
    required: false,
    example: ['019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1a'],
  })
  @IsOptional()
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(5000)
  @ArrayUnique()
  @IsUUID(undefined, { each: true })
  lineIds?: string[];

  @ApiProperty({
    description: 'true: all that it pays. Either this or lineIds.',
    type: Boolean,
    required: false,
    example: false,
  })
  @IsOptional()
  @IsBoolean()
  all?: boolean;

  @Text('Why.', { max: 500, example: '应付上月的结算' })
  reason: string;
}

export class RemittancesQuery extends PageQuery {
  @Id('Only of this funder.', { optional: true })
  funderId?: string;

  @Id('Only of this contract.', { optional: true })
  contractId?: string;
}

export class DifferenceDto implements Difference {
  @Choice('What does not meet.', DIFFERENCE_KINDS)
  kind: Difference['kind'];

  @Id('Line that it concerns; null: the remittance as a whole.', { nullable: true })
  lineId: string | null;

  @WholeNumber('What was open.', { example: 200 })
  openFen: number;

  @WholeNumber('What the remittance says.', { example: 150 })
  saidFen: number;

  @WholeNumber('said less open.', { example: -50 })
  differenceFen: number;
}

export class RemittanceDto {
  @Id('Id.')
  id: string;

  @Id('Operator.')
  operatorId: string;

  @Id('Funder.')
  funderId: string;

  @Id('Contract.')
  contractId: string;

  @Text("The funder's own number.", { example: 'MZ-2026-12-0031' })
  reference: string;

  @WholeNumber('What came; below zero: what was paid back.', { example: 94_000 })
  amountFen: number;

  @WholeNumber('Of it: meant for claim lines.', { example: 94_000 })
  allocatedFen: number;

  @WholeNumber('Of it: waits as an advance of the funder.', { example: 0 })
  unallocatedFen: number;

  @DayField('Day on which it came.')
  receivedOn: string;

  @Instant('When it was recorded.')
  recordedAt: Date;

  @Instant('When it was taken back.', { nullable: true })
  cancelledAt: Date | null;

  @Id('Who took it back.', { nullable: true })
  cancelledBy: string | null;

  @Text('Why it was taken back.', { nullable: true, example: null })
  cancelReason: string | null;

  @WholeNumber('Grows by one with each change.', { example: 1 })
  version: number;
}

export class RemittanceOutcomeDto extends RemittanceDto {
  @ApiProperty({ description: 'What does not meet; empty when it ties to the cent.', type: [DifferenceDto] })
  differences: DifferenceDto[];
}

export class RemittanceLineDto {
  @WholeNumber('Id.', { example: 17 })
  id: number;

  @Id('Line of a claim.')
  claimLineId: string;

  @Id('Claim.')
  claimId: string;

  @WholeNumber('What is paid of it; below zero where a difference is given back.', { example: 200 })
  amountFen: number;

  @Instant('When that was taken back.', { nullable: true })
  endedAt: Date | null;

  @Id('Who took it back.', { nullable: true })
  endedBy: string | null;

  @Text('Why.', { nullable: true, example: null })
  endReason: string | null;
}
