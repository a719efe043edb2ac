import { PAYMENT_CHANNELS, type PaymentChannel } from '@doorstep/contracts';
import { Amount, Choice, Instant, Text } from '../shared/fields.dto';

/** Order and refund numbers as channels take them: letters, digits and - _ | * @ . */
export const ORDER_NUMBER = /^[A-Za-z0-9_|*@.-]{1,64}$/;

/** An order as its channel knows it. */
export class ChannelOrderDto {
  @Choice('Channel that took the money.', PAYMENT_CHANNELS)
  channel: PaymentChannel;

  @Text("The front-end's own number of the order at the channel; unique per operator and channel.", {
    max: 64,
    pattern: ORDER_NUMBER,
    example: 'DS2026110200000017',
  })
  merchantOrderNo: string;

  @Instant('When it was paid, by the channel.')
  paidAt: string;
}

/** Money that comes in. */
export class MoneyInDto extends ChannelOrderDto {
  @Amount('What was paid.', { min: 1, example: 1600 })
  amountFen: number;
}

/** A refund as its channel knows it. */
export class ChannelRefundDto {
  @Text("The front-end's own number of the refund; unique per operator and channel.", {
    max: 64,
    pattern: ORDER_NUMBER,
    example: 'R2026110200000017',
  })
  merchantRefundNo: string;

  @Instant('When it went back, by the channel.')
  refundedAt: string;

  @Text('Why.', { example: 'booking_cancelled' })
  reason: string;
}

/** Money that goes back. */
export class MoneyOutDto extends ChannelRefundDto {
  @Amount('What goes back; not more than is left.', { min: 1, example: 1600 })
  amountFen: number;
}
