import { ApiProperty } from '@nestjs/swagger';
import { PageQuery } from '@doorstep/platform';
import { Choice, DayField, Id, Instant, MonthField, Text, WholeNumber } from '../shared/fields.dto';
import { ArrayMaxSize, ArrayNotEmpty, ArrayUnique, IsIn, IsOptional, IsUUID } from 'class-validator';
import {
  ANSWERS,
  CLAIM_STATUSES,
  FINDING_CODES,
  LINE_BASES,
  type Answer,
  type ClaimStatus,
  type Finding,
  type LineBasis,
} from './claim';
import { WRITE_OFF_STATUSES } from './answers.dto';

export class DrawUpClaimDto {
  @Id('Who is asked to pay.')
  funderId: string;

  @Id('Operating contract under which the services ran.')
  contractId: string;

  @MonthField('Month in which the charges were booked.')
  period: string;
}

export class ClaimsQuery extends PageQuery {
  @Id('Only to this funder.', { optional: true })
  funderId?: string;

  @Id('Only under this contract.', { optional: true })
  contractId?: string;

  @MonthField('Only of this month.', { optional: true })
  period?: string;

  @Choice('Only in this state.', CLAIM_STATUSES, { optional: true })
  status?: ClaimStatus;
}

export class ClaimLinesQuery extends PageQuery {
  @Choice('Only lines that were answered so.', ANSWERS, { optional: true })
  answer?: Answer;

  @ApiProperty({
    description: 'true: only lines that would be sent back.',
    required: false,
    enum: ['true', 'false'],
    example: 'false',
  })
  @IsOptional()
  @IsIn(['true', 'false'])
  problems?: string;
}

export class HoldBackDto {
  @ApiProperty({
    description: 'Lines that are taken out of the draft; a later claim asks for them.',
    type: [String],
    format: 'uuid',
    example: ['019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1a'],
  })
  @ArrayNotEmpty()
  @ArrayMaxSize(500)
  @ArrayUnique()
  @IsUUID(undefined, { each: true })
  lineIds: string[];
}

export class WriteOffsQuery extends PageQuery {
  @Choice('Only in this state.', WRITE_OFF_STATUSES, { optional: true })
  status?: (typeof WRITE_OFF_STATUSES)[number];
}

export class FindingDto implements Finding {
  @Choice('What is wrong.', FINDING_CODES)
  code: Finding['code'];

  @Id('With which line.')
  claimLineId: string;

  @Text('In words.', { example: 'No attendance and no verified visit is on record.' })
  reason: string;
}

export class ClaimDto {
  @Id('Id.')
  id: string;

  @Id('Who claims.')
  operatorId: string;

  @Id('Who is asked to pay.')
  funderId: string;

  @Id('Operating contract.')
  contractId: string;

  @MonthField('Month in which the charges were booked.')
  period: string;

  @WholeNumber('1 for the first claim of the month, more for what was delivered late.', { example: 1 })
  sequence: number;

  @Text('What people quote and funders pay by, gapless per operator and year; null while a draft.', {
    nullable: true,
    example: 'CL-2026-000017',
  })
  number: string | null;

  @Choice('Where it is in its life.', CLAIM_STATUSES)
  status: ClaimStatus;

  @WholeNumber('How many shares it claims.', { example: 412 })
  lines: number;

  @WholeNumber('Sum of its lines in fen; later differences may bring it below zero.', { example: 94_600 })
  amountFen: number;

  @ApiProperty({
    description: 'What would be sent back, the first of it; empty when it can be submitted.',
    type: FindingDto,
    isArray: true,
  })
  findings: FindingDto[];

  @Instant('When it was drawn up.')
  createdAt: Date;

  @Instant('When it was submitted; null while a draft.', { nullable: true })
  submittedAt: Date | null;

  @Instant('When the funder had answered every line.', { nullable: true })
  answeredAt: Date | null;

  @Instant('When all that was accepted was paid and every cut had ended.', { nullable: true })
  settledAt: Date | null;

  @WholeNumber('Grows by one with each change.', { example: 1 })
  version: number;
}

export class ProblemDto implements Pick<Finding, 'code' | 'reason'> {
  @Choice('What is wrong.', FINDING_CODES)
  code: Finding['code'];

  @Text('In words.', { example: 'No attendance and no verified visit is on record.' })
  reason: string;
}

export class ClaimLineDto {
  @Id('Id.')
  id: string;

  @Id('Charge of which it is a share.')
  chargeId: string;

  @Id('Booking behind it.')
  bookingId: string;

  @Id('Resident, by the pseudonym.')
  residentId: string;

  @Id('Site.')
  siteId: string;

  @Id('Programme that gives it.')
  programmeId: string;

  @Text('Kind of service.', { example: 'meals' })
  kind: string;

  @DayField('Site-local day of the service.')
  serviceDay: string;

  @Instant('Start of the service.')
  startsAt: Date;

  @WholeNumber('Minutes that were charged.', { example: 90 })
  minutes: number;

  @WholeNumber('What is claimed, in fen; below zero where a correction gives back.', { example: 200 })
  amountFen: number;

  @Choice('How the delivery is proven; null is a finding.', ['attendance', 'visit'], { nullable: true })
  evidence: string | null;

  @Instant('When the delivery was recorded; null is a finding.', { nullable: true })
  deliveredAt: Date | null;

  @Text('Why the programme gave this much.', { example: '200 fen per use' })
  grounds: string;

  @Choice(
    'share: as captured. correction: what was corrected since. resubmission: what was cut, asked for again.',
    LINE_BASES,
  )
  basis: LineBasis;

  @Id('Line that it asks for again.', { nullable: true })
  resubmitsId: string | null;

  @Text('What the operator says to the cut.', { nullable: true, example: null })
  reply: string | null;

  @ApiProperty({ description: 'What would be sent back.', type: [ProblemDto] })
  problems: ProblemDto[];

  @Choice("The funder's answer; null before.", ANSWERS, { nullable: true })
  answer: Answer | null;

  @WholeNumber('What the funder accepts.', { nullable: true, example: 200 })
  acceptedFen: number | null;

  @Text('Code of why it was cut.', { nullable: true, example: null })
  answerCode: string | null;

  @Text('Why it was cut.', { nullable: true, example: null })
  answerReason: string | null;

  @WholeNumber('What the funder has paid of it.', { example: 0 })
  remittedFen: number;

  @WholeNumber('Of what was cut: corrections have taken it off the share since, so nobody asks for it.', {
    example: 0,
  })
  correctedFen: number;

  @Choice(
    'What became of the cut; null while open or when nothing was cut.',
    ['objected', 'resubmitted', 'written_off'],
    {
      nullable: true,
    },
  )
  cutEnd: 'objected' | 'resubmitted' | 'written_off' | null;
}
