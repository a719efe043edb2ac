import { PageQuery } from '@doorstep/platform';
import { Choice, Id, Instant, Text, WholeNumber } from '../shared/fields.dto';
import {
  EXCEPTION_STATUSES,
  EXCEPTION_TYPES,
  RESOLUTIONS,
  type ExceptionStatus,
  type ExceptionType,
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
    RESOLUTIONS,
  )
  resolution: Resolution;

  @Text('What was found and done.', { max: COMMENT_MAX, example: 'paid at the desk as well; refunded today' })
  comment: string;
}

export class ReopenExceptionDto extends Versioned {
  @Text('Why it is looked at again.', { max: COMMENT_MAX, example: 'the channel denies it' })
  comment: string;
}

export class ExceptionDto {
  @Id('Id.')
  id: string;

  @Id('Reconciliation that found it.')
  reconciliationId: string;

  @Choice('What is wrong.', EXCEPTION_TYPES)
  type: ExceptionType;

  @Text("The merchant's order number on the line or the payment.", { example: 'DS2026112400000017' })
  merchantOrderNo: string;

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

  @Instant('When it was found.')
  createdAt: Date;

  @Instant('When it was last changed.')
  changedAt: Date;

  @WholeNumber('Grows by one with each change.', { example: 1 })
  version: number;
}
