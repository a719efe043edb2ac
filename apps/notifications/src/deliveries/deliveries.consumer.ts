import { Controller } from '@nestjs/common';
import { BookingCancelled, BookingConfirmed, BookingExpired, BookingRejected } from '@doorstep/contracts';
import { assert } from '@doorstep/kernel';
import { Clock, Database, OnEvents, type Received } from '@doorstep/platform';
import { MessageChannels } from '../channels/channels.service';
import { templateOfEvent } from '../templates/catalogue';
import { enqueue, type NewDelivery } from './deliveries.queries';
import type { BookingFacts } from './message';
import { MessagesSender } from './messages.sender';

type Told = BookingConfirmed | BookingRejected | BookingCancelled | BookingExpired;

/** What residents are told. Whether they may be is decided at sending: consents and contacts come by another topic. */
@Controller()
export class DeliveriesConsumer {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly channels: MessageChannels,
    private readonly sender: MessagesSender,
  ) {}

  @OnEvents(BookingConfirmed, BookingRejected, BookingCancelled, BookingExpired)
  async queue(batch: Received<Told>[]): Promise<void> {
    await this.database.write(async (tx) => {
      const { channel } = this.channels.preferred;
      await enqueue(
        tx,
        batch.map((received) => ({ ...deliveryOf(received), channel })),
        this.clock.now(),
      );
      tx.afterCommit(() => this.sender.nudge());
    });
  }
}

function deliveryOf({ id, type, data, correlationId }: Received<Told>): Omit<NewDelivery, 'channel'> {
  const { operatorId, bookingId, siteId, offeringId, residentId, start, end } = data;
  const subject = templateOfEvent(type);
  assert(subject, `there is a template for ${type}`);
  const payload: BookingFacts = { bookingId, siteId, offeringId, start, end };
  if ('by' in data) payload.by = data.by;
  return {
    operatorId,
    eventId: id,
    eventType: type,
    correlationId,
    recipientId: residentId,
    subject,
    payload,
    siteId,
    bookingId,
  };
}
