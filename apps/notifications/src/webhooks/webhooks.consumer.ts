import { Controller } from '@nestjs/common';
import {
  BookingCancelled,
  BookingConfirmed,
  BookingExpired,
  BookingHeld,
  BookingNoShow,
  BookingRejected,
  ChargeAuthorised,
  ChargeCaptured,
  ChargeCorrected,
  ChargeDeclined,
  ChargeReleased,
  ClaimAnswered,
  ClaimSubmitted,
  contractOf,
  ContractSettlementAgreed,
  CreditNoteIssued,
  type DomainEvent,
  type EventClass,
  HELD_MONEY_FACTS,
  InvoiceIssued,
  InvoicePaid,
  InvoiceReminded,
  PlaceOffered,
  PlaceOfferEnded,
  ReceiptIssued,
  ReceiptVoided,
  ReconciliationFinished,
  ServiceDelivered,
  VisitContradicted,
  WaitingLapsed,
} from '@doorstep/contracts';
import { Clock, Database, OnEvents, type Received, type Tx } from '@doorstep/platform';
import { enqueue, type NewDelivery } from '../deliveries/deliveries.queries';
import type { WebhookBody } from './webhook.channel';
import { WebhooksSender } from './webhooks.sender';

const FORWARDED: readonly [EventClass, ...EventClass[]] = [
  BookingHeld,
  BookingConfirmed,
  BookingRejected,
  BookingExpired,
  BookingCancelled,
  ServiceDelivered,
  VisitContradicted,
  BookingNoShow,
  PlaceOffered,
  PlaceOfferEnded,
  WaitingLapsed,
  ChargeAuthorised,
  ChargeDeclined,
  ChargeReleased,
  ChargeCaptured,
  ChargeCorrected,
  InvoiceIssued,
  InvoicePaid,
  InvoiceReminded,
  CreditNoteIssued,
  ReceiptIssued,
  ReceiptVoided,
  ...HELD_MONEY_FACTS,
  ClaimSubmitted,
  ClaimAnswered,
  ContractSettlementAgreed,
  ReconciliationFinished,
];

/** Event types that an endpoint may ask for: facts of the tenant, without personal data. */
export const WEBHOOK_EVENTS: readonly string[] = FORWARDED.map((event) => contractOf(event).type);

/** Queues events for the endpoints that asked for them. */
@Controller()
export class WebhooksConsumer {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly sender: WebhooksSender,
  ) {}

  @OnEvents(...FORWARDED)
  async queue(batch: Received<DomainEvent>[]): Promise<void> {
    await this.database.write(async (tx) => {
      const deliveries = await deliveriesOf(tx, batch);
      if (deliveries.length === 0) return;
      await enqueue(tx, deliveries, this.clock.now());
      tx.afterCommit(() => this.sender.nudge());
    });
  }
}

async function deliveriesOf(tx: Tx, batch: Received<DomainEvent>[]): Promise<NewDelivery[]> {
  const tenants = [...new Set(batch.map(({ operatorId }) => operatorId))];
  const types = [...new Set(batch.map(({ type }) => type))];
  const endpoints = await tx.prepared<{ id: string; operatorId: string; events: string[] }>(
    `SELECT id, operator_id AS "operatorId", events FROM webhook_endpoint
     WHERE operator_id = ANY ($1) AND events && $2 AND status = 'active'`,
    [tenants, types],
  );
  return batch.flatMap((received) =>
    endpoints
      .filter(
        ({ operatorId, events }) => operatorId === received.operatorId && events.includes(received.type),
      )
      .map((endpoint) => deliveryOf(received, endpoint)),
  );
}

function deliveryOf(
  { id, type, time, data, correlationId }: Received<DomainEvent>,
  endpoint: { id: string; operatorId: string },
): NewDelivery {
  const { siteId, bookingId } = data as { siteId?: string; bookingId?: string };
  const payload: WebhookBody = { id, type, timestamp: time.toISOString(), data };
  return {
    operatorId: endpoint.operatorId,
    eventId: id,
    eventType: type,
    correlationId,
    channel: 'webhook',
    recipientId: endpoint.id,
    subject: type,
    payload,
    siteId: siteId ?? null,
    bookingId: bookingId ?? null,
  };
}
