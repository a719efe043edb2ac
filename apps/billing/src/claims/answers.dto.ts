import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsBoolean, IsIn, IsOptional, ValidateNested } from 'class-validator';
import { Amount, AMOUNT_FEN_MAX, Choice, Id, Text, WholeNumber } from '../shared/fields.dto';
import { ANSWERS, CLAIM_STATUSES, type Answer, type AnsweredLine, type ClaimStatus } from './claim';

export class AnsweredLineDto implements AnsweredLine {
  @Id('Line of the claim.')
  lineId: string;

  @Choice('accepted: as asked. cut: in part. rejected: not at all.', ANSWERS)
  outcome: Answer;

  @WholeNumber('What is accepted; needed when it is cut.', {
    optional: true,
    min: -AMOUNT_FEN_MAX,
    max: AMOUNT_FEN_MAX,
    example: 150,
  })
  acceptedFen?: number;

  @Text('Code of the reason; needed when it is cut or rejected.', {
    optional: true,
    max: 60,
    example: 'late_filing',
  })
  code?: string;

  @Text('The reason for people.', { optional: true, max: 500, example: '材料逾期提交' })
  reason?: string;
}

export class AnswerClaimDto {
  @ApiProperty({ description: 'Answers line by line.', type: [AnsweredLineDto] })
  @IsArray()
  @ArrayMaxSize(5000)
  @ValidateNested({ each: true })
  @Type(() => AnsweredLineDto)
  lines: AnsweredLineDto[];

  @ApiProperty({
    description: 'true: every line that is not named and not answered yet is accepted.',
    required: false,
    example: true,
  })
  @IsOptional()
  @IsBoolean()
  acceptRest: boolean = false;
}

export class AnswerFileQuery {
  @ApiProperty({
    description: 'true: every line that is not in the file and not answered yet is accepted.',
    required: false,
    enum: ['true', 'false'],
    example: 'false',
  })
  @IsOptional()
  @IsIn(['true', 'false'])
  acceptRest: string = 'false';
}

export class AnswerOutcomeDto {
  @Id('Claim.')
  claimId: string;

  @Choice('Where it is in its life now.', CLAIM_STATUSES)
  status: ClaimStatus;

  @WholeNumber('Lines that were answered now.', { example: 400 })
  answered: number;

  @WholeNumber('Lines without an answer.', { example: 0 })
  unanswered: number;

  @WholeNumber('What was claimed.', { example: 94_600 })
  amountFen: number;

  @WholeNumber('Of it: accepted.', { example: 94_000 })
  acceptedFen: number;

  @WholeNumber('Of it: cut or rejected.', { example: 600 })
  cutFen: number;

  @WholeNumber('Of it: paid by the funder.', { example: 0 })
  remittedFen: number;
}

export class ObjectDto {
  @Text('What is said to the cut; the funder reads it beside the line in the next claim.', {
    max: 1000,
    example: '附补充签到记录，请复核。',
  })
  reply: string;
}

export class AskWriteOffDto {
  @Text('Why it is given up.', { max: 500, example: '材料无法补齐' })
  reason: string;
}

export const WRITE_OFF_STATUSES = ['requested', 'approved', 'refused'] as const;

export class WriteOffDto {
  @Id('Id.')
  id: string;

  @Id('Line that is given up.')
  claimLineId: string;

  @Id('Its claim.')
  claimId: string;

  @Amount('What is given up.', { example: 600 })
  amountFen: number;

  @Text('Why.', { example: '材料无法补齐' })
  reason: string;

  @Choice('requested: waits for a second person.', WRITE_OFF_STATUSES)
  status: (typeof WRITE_OFF_STATUSES)[number];

  @Id('Who asked.')
  requestedBy: string;

  @Id('Who decided; always somebody else.', { nullable: true })
  decidedBy: string | null;
}
