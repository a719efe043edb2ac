import { ApiProperty } from '@nestjs/swagger';
import { PageQuery } from '@doorstep/platform';
import { Amount, Choice, DayField, Id, Instant, Text } from '../shared/fields.dto';
import { CorrectionDto } from './payments.dto';
import { VOID_STATUSES, type VoidStatus } from './proposed-void';

export class PaymentVoidsQuery extends PageQuery {
  @Choice('Only those that wait, or that came to this.', VOID_STATUSES, { optional: true })
  status?: VoidStatus;

  @Id('Only of this payment and its refunds.', { optional: true })
  paymentId?: string;
}

export class DecideVoidDto {
  @Text('What is to be remembered of it.', { optional: true, max: 1000, example: 'the desk’s book says so' })
  comment?: string;
}

export class PaymentVoidDto {
  @Id('Id.')
  id: string;

  @Id('Operator.')
  operatorId: string;

  @Id('Payment that is to be voided, or whose refund is.')
  paymentId: string;

  @Id('Refund that is to be voided; null: the payment itself.', { nullable: true })
  refundId: string | null;

  @ApiProperty({
    description: 'What is to be recorded instead, as far as it differs; null: nothing.',
    ...{ type: CorrectionDto, nullable: true },
  })
  correction: CorrectionDto | null;

  @Amount('What is to be voided.', { example: 1600 })
  amountFen: number;

  @DayField('Day on which it is booked back: its own, or the next open one.')
  booksOn: string;

  @Text('Why.', { example: 'recorded twice under another number' })
  reason: string;

  @Choice('Where it stands.', VOID_STATUSES)
  status: VoidStatus;

  @Id('Who proposed it.')
  proposedBy: string;

  @Instant('When.')
  proposedAt: Date;

  @Id('Who approved or rejected it, never who proposed it; or who withdrew it.', { nullable: true })
  decidedBy: string | null;

  @Instant('When.', { nullable: true })
  decidedAt: Date | null;

  @Text('What was said with it.', { nullable: true, example: null })
  comment: string | null;

  @Id('Payment that was recorded instead.', { nullable: true })
  replacedBy: string | null;
}
