import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Channel, DeliveryStatus } from './delivery';

/** One message to one resident, or one event to one endpoint. */
@Entity('delivery')
export class DeliveryRow {
  /** Also the Message-ID of the e-mail and the webhook-id: the receiver knows a repeat by it. */
  @PrimaryColumn('uuid') id: string;
  @Column('uuid', { name: 'operator_id' }) operatorId: string;
  @Column('bigint') version: number;
  @Column('uuid', { name: 'event_id' }) eventId: string;
  @Column('text', { name: 'event_type' }) eventType: string;
  @Column('text', { name: 'correlation_id' }) correlationId: string;
  @Column('text') channel: Channel;
  @Column('uuid', { name: 'recipient_id' }) recipientId: string;
  @Column('text') subject: string;
  @Column('jsonb') payload: object;
  @Column('uuid', { name: 'site_id', nullable: true }) siteId: string | null;
  @Column('uuid', { name: 'booking_id', nullable: true }) bookingId: string | null;
  @Column('text') status: DeliveryStatus;
  @Column('text', { nullable: true }) reason: string | null;
  @Column('int') attempts: number;
  @Column('timestamptz', { name: 'next_attempt_at' }) nextAttemptAt: Date;
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
  @Column('timestamptz', { name: 'ended_at', nullable: true }) endedAt: Date | null;
}
