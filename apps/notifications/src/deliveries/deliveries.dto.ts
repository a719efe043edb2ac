import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { PageQuery } from '@doorstep/platform';
import { IsIn, IsOptional, IsUUID } from 'class-validator';
import { type Channel, CHANNELS, DELIVERY_STATUSES, type DeliveryStatus } from './delivery';
import type { DeliveryRow } from './delivery.entity';

const UUID = '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1a';

export class DeliveryQuery extends PageQuery {
  @ApiPropertyOptional({ description: 'Only with this status.', enum: DELIVERY_STATUSES, example: 'failed' })
  @IsOptional()
  @IsIn(DELIVERY_STATUSES)
  status?: DeliveryStatus;

  @ApiPropertyOptional({ description: 'Only by this channel.', enum: CHANNELS, example: 'email' })
  @IsOptional()
  @IsIn(CHANNELS)
  channel?: Channel;

  @ApiPropertyOptional({ description: 'Only to this resident.', format: 'uuid', example: UUID })
  @IsOptional()
  @IsUUID()
  residentId?: string;

  @ApiPropertyOptional({ description: 'Only to this webhook endpoint.', format: 'uuid', example: UUID })
  @IsOptional()
  @IsUUID()
  endpointId?: string;

  @ApiPropertyOptional({ description: 'Only about this booking.', format: 'uuid', example: UUID })
  @IsOptional()
  @IsUUID()
  bookingId?: string;
}

export class Delivery {
  @ApiProperty({
    description: 'Id of the delivery; also the Message-ID of an e-mail and the webhook-id of a webhook.',
    format: 'uuid',
    example: UUID,
  })
  id: string;

  @ApiProperty({
    description: 'How it goes: email and file to a resident, webhook to a system.',
    enum: CHANNELS,
    example: 'email',
  })
  channel: string;

  @ApiProperty({ description: 'Template, or event type of a webhook.', example: 'booking-confirmed' })
  subject: string;

  @ApiProperty({ description: 'The event that it tells of.', format: 'uuid', example: UUID })
  eventId: string;

  @ApiProperty({ description: 'Type of that event.', example: 'bookings.BookingConfirmed.v1' })
  eventType: string;

  @ApiProperty({
    description: 'The resident; null for a webhook.',
    type: String,
    format: 'uuid',
    nullable: true,
    example: UUID,
  })
  residentId: string | null;

  @ApiProperty({
    description: 'The webhook endpoint; null for a message to a resident.',
    type: String,
    format: 'uuid',
    nullable: true,
    example: null,
  })
  endpointId: string | null;

  @ApiProperty({ description: 'The site.', type: String, format: 'uuid', nullable: true, example: UUID })
  siteId: string | null;

  @ApiProperty({ description: 'The booking.', type: String, format: 'uuid', nullable: true, example: UUID })
  bookingId: string | null;

  @ApiProperty({
    description: 'queued: waits, or failed and will be tried again; the others are final.',
    enum: DELIVERY_STATUSES,
    example: 'sent',
  })
  status: string;

  @ApiProperty({
    description:
      'Code of what kept it back last: no_consent, erased, too_late, quiet_hours, smtp_550, http_500 …',
    type: String,
    nullable: true,
    example: null,
  })
  reason: string | null;

  @ApiProperty({ description: 'Attempts so far.', type: 'integer', minimum: 0, example: 1 })
  attempts: number;

  @ApiProperty({
    description: 'Not tried before; null when it is over.',
    type: String,
    format: 'date-time',
    nullable: true,
    example: null,
  })
  nextAttemptAt: string | null;

  @ApiProperty({
    description: 'When it was queued.',
    format: 'date-time',
    example: '2026-11-20T06:15:30.120Z',
  })
  createdAt: string;

  @ApiProperty({
    description: 'When it ended; null while queued.',
    type: String,
    format: 'date-time',
    nullable: true,
    example: '2026-11-20T06:15:31.002Z',
  })
  endedAt: string | null;
}

export function showDelivery(row: DeliveryRow): Delivery {
  const isWebhook = row.channel === 'webhook';
  return {
    id: row.id,
    channel: row.channel,
    subject: row.subject,
    eventId: row.eventId,
    eventType: row.eventType,
    residentId: isWebhook ? null : row.recipientId,
    endpointId: isWebhook ? row.recipientId : null,
    siteId: row.siteId,
    bookingId: row.bookingId,
    status: row.status,
    reason: row.reason,
    attempts: row.attempts,
    nextAttemptAt: row.status === 'queued' ? row.nextAttemptAt.toISOString() : null,
    createdAt: row.createdAt.toISOString(),
    endedAt: row.endedAt?.toISOString() ?? null,
  };
}
