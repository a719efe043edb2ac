import { IsIn, IsNotEmpty, IsOptional, IsString, IsUUID } from 'class-validator';
import { DomainEvent, EventType } from './event';
import { NOTIFICATIONS_DELIVERY } from './topics';

/** A message left, or could not leave. Never says what was in it or to whom by name. */
@EventType({ type: 'notifications.DeliveryEnded.v1', topic: NOTIFICATIONS_DELIVERY, key: 'deliveryId' })
export class DeliveryEnded extends DomainEvent {
  @IsUUID() declare operatorId: string;
  @IsUUID() deliveryId: string;
  @IsIn(['email', 'webhook', 'file']) channel: 'email' | 'webhook' | 'file';
  @IsIn(['sent', 'failed', 'suppressed']) outcome: 'sent' | 'failed' | 'suppressed';
  /** The template, or the event type for a webhook. */
  @IsString() @IsNotEmpty() subject: string;
  @IsOptional() @IsUUID() residentId?: string;
  @IsOptional() @IsString() reason?: string;
}
