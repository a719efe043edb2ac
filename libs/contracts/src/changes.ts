import { IsIn, IsNotEmpty, IsObject, IsOptional, IsString, IsUUID, Matches } from 'class-validator';
import { DomainEvent, EventType } from './event';
import { BILLING_CHANGE, BOOKINGS_CHANGE, FACILITIES_CHANGE, NOTIFICATIONS_CHANGE } from './topics';

/** Who changed what, for the one log of changes, which operators keeps. Never personal data. */
export abstract class Change extends DomainEvent {
  @IsOptional() @IsUUID() declare operatorId?: string;
  @IsUUID() changeId: string;
  /** `<noun>:<verb>`. */
  @Matches(/^[a-z][a-z-]*:[a-z][a-z-]*$/) action: string;
  /** What was changed: an id, or a code where it has none (a region, a kind of service). */
  @IsString() @IsNotEmpty() entity: string;
  @IsUUID() actorId: string;
  @IsIn(['person', 'client', 'system']) actorKind: 'person' | 'client' | 'system';
  @IsOptional() @IsUUID() actorOrganisationId?: string;
  /** What a reader needs to understand it. */
  @IsObject() facts: Record<string, unknown>;
}

/** Somebody changed something in facilities. */
@EventType({ type: 'facilities.ChangeRecorded.v1', topic: FACILITIES_CHANGE, key: 'changeId' })
export class ChangeRecorded extends Change {}

/** Somebody of an organisation changed something in bookings. */
@EventType({ type: 'bookings.ChangeRecorded.v1', topic: BOOKINGS_CHANGE, key: 'changeId' })
export class BookingsChangeRecorded extends Change {}

/** Somebody of an organisation changed something in billing. */
@EventType({ type: 'billing.ChangeRecorded.v1', topic: BILLING_CHANGE, key: 'changeId' })
export class BillingChangeRecorded extends Change {}

/** Somebody of an organisation changed something in notifications. */
@EventType({ type: 'notifications.ChangeRecorded.v1', topic: NOTIFICATIONS_CHANGE, key: 'changeId' })
export class NotificationsChangeRecorded extends Change {}
