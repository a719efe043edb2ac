import { Controller } from '@nestjs/common';
import {
  CreditNoteIssued,
  HELD_MONEY_FACTS,
  InvoiceIssued,
  InvoicePaid,
  InvoiceReminded,
  ReceiptIssued,
  ReceiptVoided,
} from '@doorstep/contracts';
import { assert } from '@doorstep/kernel';
import { Clock, Database, OnEvents, type Received } from '@doorstep/platform';
import { MessageChannels } from '../channels/channels.service';
import { templateOfEvent } from '../templates/catalogue';
import { enqueue, type NewDelivery } from './deliveries.queries';
import { MessagesSender } from './messages.sender';

const TOLD_OF = [
  InvoiceIssued,
  InvoicePaid,
  InvoiceReminded,
  CreditNoteIssued,
  ReceiptIssued,
  ReceiptVoided,
  ...HELD_MONEY_FACTS,
] as const;
type ToldOf = (typeof TOLD_OF)[number];
type Told = InstanceType<ToldOf>;

/** What residents are told of the operator's books: invoices, what is taken back of them, reminders, receipts and which of them are void, money that is held. */
@Controller()
export class PapersConsumer {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly channels: MessageChannels,
    private readonly sender: MessagesSender,
  ) {}

  @OnEvents<ToldOf>(...TOLD_OF)
  async queue(batch: Received<Told>[]): Promise<void> {
    await this.database.write(async (tx) => {
      const { channel } = this.channels.preferred;
      const deliveries = batch.flatMap((received) => deliveryOf(received));
      await enqueue(
        tx,
        deliveries.map((delivery) => ({ ...delivery, channel })),
        this.clock.now(),
      );
      tx.afterCommit(() => this.sender.nudge());
    });
  }
}

/** None when the money was several people's: each of them would read of the others'. */
function deliveryOf({ id, type, data, correlationId }: Received<Told>): Omit<NewDelivery, 'channel'>[] {
  const { operatorId, residentId, version: _version, ...payload } = data;
  if (!residentId) return [];
  const subject = templateOfEvent(type);
  assert(subject, `there is a template for ${type}`);
  return [
    {
      ...{
        operatorId,
        eventId: id,
        eventType: type,
        correlationId,
        recipientId: residentId,
        subject,
        payload,
      },
      ...{ siteId: null, bookingId: null },
    },
  ];
}
