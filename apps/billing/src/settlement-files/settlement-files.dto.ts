import { ApiProperty } from '@nestjs/swagger';
import { PageQuery } from '@doorstep/platform';
import { FILE_CHANNELS, type FileChannel } from './layouts';
import { Amount, Choice, DayField, Id, Instant, Text, WholeNumber } from '../shared/fields.dto';

export const FILE_STATUSES = ['imported', 'reconciled'] as const;
export type FileStatus = (typeof FILE_STATUSES)[number];

export class UploadQuery {
  @Choice('Channel that wrote the file.', FILE_CHANNELS)
  channel: FileChannel;

  @DayField(
    "Day that the bill is of, by China's clock. Left out: the day of its payments; needed when it has no lines.",
    {
      optional: true,
    },
  )
  billDay?: string;

  @Id('Site whose own merchant account the bill is of. Left out: the account of the whole operator.', {
    optional: true,
  })
  siteId?: string;

  @Id('A new id of yours, to ask GET /v1/settlement-files/progress/{id} how far the work is.', {
    optional: true,
  })
  progressId?: string;
}

export class SettlementFilesQuery extends PageQuery {
  @Choice('Only of this channel.', FILE_CHANNELS, { optional: true })
  channel?: FileChannel;

  @DayField('Only of this day.', { optional: true })
  billDay?: string;

  @Choice('Only in this state.', FILE_STATUSES, { optional: true })
  status?: FileStatus;
}

export class SettlementFileDto {
  @Id('Id.')
  id: string;

  @Id('Operator.')
  operatorId: string;

  @Choice('Channel that wrote it.', FILE_CHANNELS)
  channel: FileChannel;

  @Id('Site whose own merchant account it is of.', { nullable: true })
  siteId: string | null;

  @Text('Layout that was recognised.', { example: 'wechat_trade_bill' })
  layout: string;

  @Choice('What it holds.', ['all', 'payments', 'refunds'])
  part: string;

  @Text("The operator's number at the channel; empty when the bill has no lines.", { example: '1900000109' })
  merchantNo: string;

  @DayField('Day that it is of.')
  billDay: string;

  @Text('SHA-256 of the original, in hex.', {
    example: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  })
  sha256: string;

  @WholeNumber('Size of the original.', { example: 48_211 })
  bytes: number;

  @WholeNumber('Lines that it holds.', { example: 312 })
  lines: number;

  @Amount('Sum of its payments.', { example: 561_600 })
  paymentsFen: number;

  @Amount('Sum of its refunds.', { example: 1800 })
  refundsFen: number;

  @WholeNumber('Sum of its fees; below zero when more was given back.', { example: 3_359 })
  feesFen: number;

  @ApiProperty({
    description: "The file's own summary, column by column, as it is written.",
    type: 'object',
    additionalProperties: { type: 'string' },
    example: { 总交易单数: '312', 应结订单总金额: '5616.00' },
  })
  summary: Record<string, string>;

  @Choice('imported: waits for its reconciliation.', FILE_STATUSES)
  status: FileStatus;

  @Instant('When it was uploaded.')
  uploadedAt: Date;

  @WholeNumber('Grows by one with each change.', { example: 1 })
  version: number;
}

export class SettlementFileLineDto {
  @WholeNumber('Line of the file, the first being 1.', { example: 2 })
  lineNo: number;

  @Choice('What it is.', ['payment', 'refund'])
  kind: string;

  @Instant('When, by the channel.')
  at: Date;

  @Text("The channel's number of the order.", { example: '4200002026110200000017' })
  channelOrderNo: string;

  @Text('Our number of the order.', { example: 'DS2026110200000017' })
  merchantOrderNo: string;

  @Text("The channel's number of the refund.", { nullable: true, example: null })
  channelRefundNo: string | null;

  @Text('Our number of the refund.', { nullable: true, example: null })
  merchantRefundNo: string | null;

  @Amount('What the channel settles, or gave back.', { example: 1600 })
  amountFen: number;

  @Amount('What was ordered, or asked back.', { example: 1600 })
  orderFen: number;

  @WholeNumber('Fee; below zero when it was given back.', { example: 10 })
  feeFen: number;

  @WholeNumber('Rate of the fee in parts per million; null when the file does not say.', {
    nullable: true,
    example: 6000,
  })
  ratePpm: number | null;

  @Text('Device or shop as the file names it.', { nullable: true, example: 'S-1' })
  place: string | null;

  @Id('Payment that it was matched with.', { nullable: true })
  paymentId: string | null;

  @Id('Refund that it was matched with.', { nullable: true })
  refundId: string | null;
}
