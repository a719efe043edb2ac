import { PAYMENT_CHANNELS } from '@doorstep/contracts';
import { PageQuery } from '@doorstep/platform';
import { Amount, Choice, DayField, Id, Instant, Text } from '../shared/fields.dto';

export class IssueReceiptDto {
  @Id('Payment that it confirms.')
  paymentId: string;
}

export class ReceiptsQuery extends PageQuery {
  @Id('Only of this payment.', { optional: true })
  paymentId?: string;
}

export class ReceiptDto {
  @Id('Id.')
  id: string;

  @Text('Number, gapless per operator and year.', { example: 'RC-2026-000009' })
  number: string;

  @Id('Operator.')
  operatorId: string;

  @Id('Payment that it confirms.')
  paymentId: string;

  @Id('Contract.')
  contractId: string;

  @Id('Site, when it paid for services of one alone.', { nullable: true })
  siteId: string | null;

  @DayField('Day of issue.')
  issuedOn: string;

  @Choice('Channel that took the money.', PAYMENT_CHANNELS)
  channel: string;

  @Text("The front-end's own number of the order.", { example: 'DS2026110200000017' })
  merchantOrderNo: string;

  @Instant('When it was paid, by the channel.')
  paidAt: Date;

  @Amount('What was paid.', { example: 1600 })
  amountFen: number;

  @Amount('Of it: given back since.', { example: 0 })
  refundedFen: number;

  @Instant('When the payment turned out to be recorded wrongly: the receipt is void. Null while it stands.', {
    nullable: true,
  })
  voidedAt: Date | null;
}
