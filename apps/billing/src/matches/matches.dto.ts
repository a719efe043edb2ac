import { ApiProperty } from '@nestjs/swagger';
import { PageQuery } from '@doorstep/platform';
import { ArrayMaxSize, ArrayNotEmpty, ArrayUnique, IsBoolean, IsOptional, IsUUID } from 'class-validator';
import { Choice, DayField, Id, Instant, Text, WholeNumber } from '../shared/fields.dto';
import type { Reason } from './suggestion';

const COMMENT_MAX = 1000;
export const SUGGESTION_STATUSES = ['open', 'accepted', 'declined', 'overtaken'] as const;
export const EXPECTED_KINDS = [
  'channel_settlement',
  'channel_remainder',
  'claim',
  'payment',
  'refund',
  'contract_settlement',
  'funder_advance',
] as const;

export class RunMatchDto {
  @Id('Account whose open lines are matched.')
  accountId: string;

  @Id('A new id of yours, to ask GET /v1/settlement-files/progress/{id} how far the work is.', {
    optional: true,
  })
  progressId?: string;
}

export class MatchesQuery extends PageQuery {
  @Id('Only of this account.', { optional: true })
  accountId?: string;
}

export class MatchDto {
  @Id('Id.')
  id: string;

  @Id('Account.')
  accountId: string;

  @WholeNumber('Lines that were open before.', { example: 40 })
  lines: number;

  @ApiProperty({
    description: 'Lines matched, by step.',
    type: 'object',
    additionalProperties: { type: 'integer' },
    example: { reference: 12, payout: 25 },
  })
  matched: Record<string, number>;

  @WholeNumber('Suggestions that it made.', { example: 2 })
  suggested: number;

  @WholeNumber('Exceptions that it named.', { example: 1 })
  exceptions: number;

  @Instant('When it was done.')
  createdAt: Date;
}

export class SuggestionsQuery extends PageQuery {
  @Choice('Only in this state.', SUGGESTION_STATUSES, { optional: true })
  status?: string;

  @Id('Only of this account.', { optional: true })
  accountId?: string;
}

export class ReasonDto implements Reason {
  @Choice('What they have in common.', ['amount', 'day', 'name', 'reference'])
  feature: Reason['feature'];

  @WholeNumber('What it counts, out of about 100.', { example: 45 })
  points: number;

  @Text('In words.', { example: 'the amounts are the same' })
  why: string;
}

export class SuggestionDto {
  @Id('Id.')
  id: string;

  @Id('Account.')
  accountId: string;

  @WholeNumber('Line of the statement.', { example: 4711 })
  lineId: number;

  @Id('What is expected.')
  expectedId: string;

  @WholeNumber('How likely, out of about 100.', { example: 85 })
  score: number;

  @ApiProperty({ description: 'Why.', type: [ReasonDto] })
  reasons: Reason[];

  @Choice('Where it is.', SUGGESTION_STATUSES)
  status: string;

  @Instant('When it was made.')
  createdAt: Date;

  @WholeNumber('Grows by one with each change.', { example: 1 })
  version: number;
}

export class ExpectedQuery extends PageQuery {
  @Choice('Only of this kind.', EXPECTED_KINDS, { optional: true })
  kind?: string;

  @Id('Only under this contract.', { optional: true })
  contractId?: string;

  @Choice('true: only what is still open.', ['true', 'false'], { optional: true })
  open?: string;
}

export class ExpectedDto {
  @Id('Id.')
  id: string;

  @Id('Contract.')
  contractId: string;

  @Choice('What it is.', EXPECTED_KINDS)
  kind: string;

  @Text('Channel.', { nullable: true, example: 'wechat' })
  channel: string | null;

  @Id('Funder.', { nullable: true })
  funderId: string | null;

  @Id('Reconciliation, claim, payment, refund, settlement or remittance that it comes from.')
  sourceId: string;

  @Text('Number by which the other side names it.', { nullable: true, example: 'CL-2026-000017' })
  reference: string | null;

  @DayField('Day of which it is.')
  day: string;

  @WholeNumber('What should come, below zero what should go.', { example: 178_941 })
  amountFen: number;

  @WholeNumber('Of it: seen on statements.', { example: 178_941 })
  matchedFen: number;

  @WholeNumber('Of it: written off.', { example: 0 })
  writtenOffFen: number;

  @ApiProperty({ description: 'true: it was recorded wrongly, and will not be seen.', example: false })
  withdrawn: boolean;
}

export class MatchByHandDto {
  @ApiProperty({
    description: 'What the line is for; together they must make what is open of it, unless leaveRest.',
    type: [String],
    format: 'uuid',
    example: ['019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1a'],
  })
  @ArrayNotEmpty()
  @ArrayMaxSize(500)
  @ArrayUnique()
  @IsUUID(undefined, { each: true })
  expectedIds: string[];

  @ApiProperty({
    description:
      'true: the line brings, or pays out, more than these; the rest stays open, as an exception of the line.',
    type: Boolean,
    required: false,
    default: false,
    example: false,
  })
  @IsOptional()
  @IsBoolean()
  leaveRest: boolean = false;

  @Text('Why they belong together.', { max: COMMENT_MAX, example: 'the funder left out the number' })
  comment: string;
}

export class UndoMatchDto {
  @Id('Only this match of the line; left out: all of them.', { optional: true })
  matchId?: string;

  @Text('Why it is undone.', { max: COMMENT_MAX, example: 'another claim was meant' })
  comment: string;
}

export class LineAllocationDto {
  @Id('Match that found it.')
  matchId: string;

  @Id('What was expected.', { nullable: true })
  expectedId: string | null;

  @Id('Claim that a funder’s list speaks of.', { nullable: true })
  advisedId: string | null;

  @WholeNumber("Line of the channel's bill.", { nullable: true, example: null })
  billLineId: number | null;

  @WholeNumber("The bank's line of a payout.", { nullable: true, example: null })
  transferLineId: number | null;

  @Id('Difference that has a name.', { nullable: true })
  exceptionId: string | null;

  @WholeNumber('What of the line is for it.', { example: 178_941 })
  amountFen: number;

  @Text('Which step found it.', { example: 'payout' })
  step: string;

  @Instant('When it was undone.', { nullable: true })
  undoneAt: Date | null;
}

export class MatchedLineDto {
  @WholeNumber('Id of the line.', { example: 4711 })
  id: number;

  @WholeNumber('Its amount.', { example: 178_941 })
  amountFen: number;

  @WholeNumber('What of it is matched: nothing, all, or all but the rest.', { example: 178_941 })
  matchedFen: number;

  @WholeNumber('What somebody left open when they matched the other.', { example: 0 })
  restFen: number;

  @ApiProperty({ description: 'What it is for; undone ones stay.', type: [LineAllocationDto] })
  allocations: LineAllocationDto[];
}
