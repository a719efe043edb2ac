import { ApiProperty } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  ArrayUnique,
  IsArray,
  IsIn,
  IsString,
  MaxLength,
} from 'class-validator';
import { WEBHOOK_EVENTS } from './webhooks.consumer';
import type { WebhookEndpointRow } from './webhook-endpoint.entity';

const EVENTS = {
  description: 'Event types to send; docs/events describes each. No personal data is in them.',
  enum: WEBHOOK_EVENTS as string[],
  isArray: true,
  example: ['bookings.BookingConfirmed.v1', 'billing.ChargeCaptured.v1'],
};

export class NewWebhookEndpoint {
  @ApiProperty({
    description: 'Where to POST: https, a public address, no user name in it.',
    format: 'uri',
    maxLength: 2000,
    example: 'https://example.org/doorstep/hooks',
  })
  @IsString()
  @MaxLength(2000)
  url: string;

  @ApiProperty(EVENTS)
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(50)
  @ArrayUnique()
  @IsIn(WEBHOOK_EVENTS, { each: true })
  events: string[];
}

export class WebhookEndpoint {
  @ApiProperty({
    description: 'Id of the endpoint.',
    format: 'uuid',
    example: '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1a',
  })
  id: string;

  @ApiProperty({
    description: 'Where events are sent.',
    format: 'uri',
    example: 'https://example.org/doorstep/hooks',
  })
  url: string;

  @ApiProperty(EVENTS)
  events: string[];

  @ApiProperty({
    description: 'disabled: it failed for too long or answered 410; enable it when it is well again.',
    enum: ['active', 'disabled'],
    example: 'active',
  })
  status: string;

  @ApiProperty({
    description: 'Failed attempts since the last success.',
    type: 'integer',
    minimum: 0,
    example: 0,
  })
  failures: number;

  @ApiProperty({
    description:
      'Code of the last failure since the last success, such as http_500, timeout, address_forbidden.',
    type: String,
    nullable: true,
    example: null,
  })
  lastFailure: string | null;

  @ApiProperty({
    description: 'Nothing is sent before, because of failures.',
    type: String,
    format: 'date-time',
    nullable: true,
    example: null,
  })
  pausedUntil: string | null;

  @ApiProperty({
    description: 'Since when it is disabled.',
    type: String,
    format: 'date-time',
    nullable: true,
    example: null,
  })
  disabledAt: string | null;

  @ApiProperty({
    description: 'When it was registered.',
    format: 'date-time',
    example: '2026-11-20T06:15:30.120Z',
  })
  createdAt: string;
}

export class WebhookEndpointWithSecret extends WebhookEndpoint {
  @ApiProperty({
    description: 'Verifies the header webhook-signature (standardwebhooks.com). Shown here and never again.',
    example: 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD',
  })
  secret: string;
}

export function showEndpoint(row: WebhookEndpointRow): WebhookEndpoint {
  return {
    id: row.id,
    url: row.url,
    events: row.events,
    status: row.status,
    failures: row.failures,
    lastFailure: row.lastFailure,
    pausedUntil: row.pausedUntil?.toISOString() ?? null,
    disabledAt: row.disabledAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
  };
}
