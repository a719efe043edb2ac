import { ApiProperty } from '@nestjs/swagger';
import { PageQuery } from '@doorstep/platform';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsObject, ValidateNested } from 'class-validator';
import { Amount, Choice, DayField, Id, Instant, Text, WholeNumber } from '../shared/fields.dto';
import {
  EXCEPTION_STATUSES,
  EXCEPTION_TYPES,
  PROPOSED_ACTIONS,
  RESOLUTIONS,
  RESOLUTIONS_OF_ONE,
  type ExceptionStatus,
  type ExceptionType,
  type ProposedAction,
  type Resolution,
} from './exception';

const COMMENT_MAX = 1000;

export class ExceptionsQuery extends PageQuery {
  @Id('Only of this reconciliation.', { optional: true })
  reconciliationId?: string;

  @Choice('Only in this state.', EXCEPTION_STATUSES, { optional: true })
  status?: ExceptionStatus;

  @Choice('Only of this type.', EXCEPTION_TYPES, { optional: true })
  type?: ExceptionType;

  @Id('Only those that this person owns.', { optional: true })
  ownerId?: string;

  @Id('Only under this contract.', { optional: true })
  contractId?: string;
}

class Versioned {
  @WholeNumber('The version that the decision was made from; refused when somebody else was faster.', {
    optional: true,
    min: 1,
    example: 1,
  })
  version?: number;
}

export class AssignExceptionDto extends Versioned {
  @Id('Person who sees to it.')
  ownerId: string;

  @Text('For the next reader.', { optional: true, max: COMMENT_MAX, example: 'asked the channel on Monday' })
  comment?: string;
}

export class ResolveExceptionDto extends Versioned {
  @Choice(
    'explained: no money is missing · corrected: a payment or refund was entered or mended · channel_corrects: the channel will · written_off: carried by the operator.',
    RESOLUTIONS_OF_ONE,
  )
  resolution: Resolution;

  @Text('What was found and done.', { max: COMMENT_MAX, example: 'paid at the desk as well; refunded today' })
  comment: string;
}

export class CommentExceptionDto extends Versioned {
  @Text('Why.', { max: COMMENT_MAX, example: 'the channel denies it' })
  comment: string;
}

export class ApproveExceptionDto extends CommentExceptionDto {
  @Choice(
    'What is approved, written_off when it is not said; refused when something else is proposed by now.',
    RESOLUTIONS_OF_ONE,
    { optional: true, example: 'explained' },
  )
  resolution?: Resolution;
}

export class WriteOffExceptionDto extends CommentExceptionDto {
  @Id('Contract under which it is booked, when nothing else says it.', { optional: true })
  contractId?: string;
}

export class MatchExceptionDto extends CommentExceptionDto {
  @Id('Exception of what the bill lacks.')
  exceptionId: string;
}

export class PartDto {
  @WholeNumber('Amount of the part, with the sign of the difference.', { example: -800 })
  amountFen: number;

  @Text('What it is about.', { optional: true, max: COMMENT_MAX, example: 'cut by the funder' })
  comment?: string;
}

export class SplitExceptionDto extends CommentExceptionDto {
  @ApiProperty({
    description: 'Together they are the difference.',
    type: [PartDto],
    example: [{ amountFen: -800, comment: 'cut by the funder' }, { amountFen: -200 }],
  })
  @ArrayMinSize(2)
  @ArrayMaxSize(50)
  @ValidateNested({ each: true })
  @Type(() => PartDto)
  parts: PartDto[];
}

export const RULE_ACTIONS = ['assign', 'resolve', 'write_off', 'dispute'] as const;

export class ExceptionRuleDto {
  @Choice('Only of this type.', EXCEPTION_TYPES)
  type: ExceptionType;

  @Id('Only under this contract.', { optional: true })
  contractId?: string;

  @Id('Only of this reconciliation.', { optional: true })
  reconciliationId?: string;

  @Amount('Only up to this difference, whatever its sign.', { optional: true, example: 10 })
  differenceFenMax?: number;

  @WholeNumber('Only those at least so old.', { optional: true, min: 0, max: 3660, example: 30 })
  ageDaysMin?: number;
}

export class BulkExceptionsDto {
  @ApiProperty({ description: 'Which of the open and disputed ones.', type: ExceptionRuleDto })
  @IsObject()
  @ValidateNested()
  @Type(() => ExceptionRuleDto)
  where: ExceptionRuleDto;

  @Choice('What is done with each.', RULE_ACTIONS)
  action: (typeof RULE_ACTIONS)[number];

  @Id('With assign: who sees to them.', { optional: true })
  ownerId?: string;

  @Choice(
    'With resolve: what was found; what is above the limit waits for a second person.',
    RESOLUTIONS.slice(0, 3),
    { optional: true },
  )
  resolution?: Resolution;

  @Id('With write_off: contract under which what has none is booked.', { optional: true })
  contractId?: string;

  @Text('What was found and done.', { max: COMMENT_MAX, example: 'fees rounded up by the channel' })
  comment: string;
}

export class BulkOutcomeDto {
  @WholeNumber('How many were changed; call again when it is as many as one call takes.', { example: 40 })
  changed: number;

  @WholeNumber('Of them: wait for a second person.', { example: 2 })
  proposed: number;

  @WholeNumber('As many as one call takes.', { example: 200 })
  takes: number;
}

export class ExceptionEventDto {
  @WholeNumber('Version of the exception.', { example: 2 })
  version: number;

  @Instant('When.')
  at: Date;

  @Id('Who.')
  by: string;

  @Choice('Where it went.', EXCEPTION_STATUSES)
  status: ExceptionStatus;

  @Id('Who saw to it from then on.', { nullable: true })
  ownerId: string | null;

  @Choice('How it was settled; with proposed, how it is proposed to be.', RESOLUTIONS, { nullable: true })
  resolution: Resolution | null;

  @Text('What was said.', { nullable: true, example: 'asked the channel on Monday' })
  comment: string | null;
}

export class ProposalDto {
  @Id('Who proposed it.')
  by: string;

  @Choice('How it is to be closed.', RESOLUTIONS_OF_ONE)
  resolution: Resolution;

  @Text('Why.', { example: 'not worth a letter' })
  comment: string;
}

export class ExceptionDto {
  @Id('Id.')
  id: string;

  @Id('Reconciliation that found it; null when statements were matched.', { nullable: true })
  reconciliationId: string | null;

  @Id('Contract, as far as it is known.', { nullable: true })
  contractId: string | null;

  @DayField('Day of which it is.', { nullable: true })
  day: string | null;

  @Choice('What is wrong.', EXCEPTION_TYPES)
  type: ExceptionType;

  @Text("The merchant's order number on the line or the payment.", {
    nullable: true,
    example: 'DS2026112400000017',
  })
  merchantOrderNo: string | null;

  @Text("The merchant's refund number.", { nullable: true, example: null })
  merchantRefundNo: string | null;

  @WholeNumber('Line of the file, the header being 1; null when the file has none.', {
    nullable: true,
    example: 18,
  })
  lineNo: number | null;

  @Id('Payment that it is about.', { nullable: true })
  paymentId: string | null;

  @Id('Refund that it is about.', { nullable: true })
  refundId: string | null;

  @WholeNumber('Line of a statement that it is about.', { nullable: true, example: null })
  statementLineId: number | null;

  @Id('What was expected on a statement.', { nullable: true })
  expectedId: string | null;

  @Id('Exception that it was split off from.', { nullable: true })
  parentId: string | null;

  @WholeNumber('What we recorded, in fen; refunds below zero.', { example: 1600 })
  oursFen: number;

  @WholeNumber('What the file says, in fen; refunds below zero.', { example: 1660 })
  theirsFen: number;

  @WholeNumber('theirs less ours, in fen.', { example: 60 })
  differenceFen: number;

  @WholeNumber('What the file charges less what its own rate makes, in fen.', { example: 0 })
  feeDifferenceFen: number;

  @Choice('Where it is in its life.', EXCEPTION_STATUSES)
  status: ExceptionStatus;

  @Id('Who sees to it.', { nullable: true })
  ownerId: string | null;

  @Text('For the next reader.', { nullable: true, example: null })
  comment: string | null;

  @Choice('How it was settled.', RESOLUTIONS, { nullable: true })
  resolution: Resolution | null;

  @ApiProperty({
    description: 'How somebody means to close it, above the limit: waits for a second person.',
    type: ProposalDto,
    nullable: true,
  })
  proposal: ProposalDto | null;

  @Choice('What is usually done about it.', PROPOSED_ACTIONS)
  proposedAction: ProposedAction;

  @WholeNumber('How old it is.', { example: 3 })
  ageDays: number;

  @Instant('When it was found.')
  createdAt: Date;

  @Instant('When it was last changed.')
  changedAt: Date;

  @WholeNumber('Grows by one with each change.', { example: 1 })
  version: number;
}
