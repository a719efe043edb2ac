import { Type } from 'class-transformer';
import {
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { DomainEvent, EventType } from './event';
import { OPERATORS_INSPECTION, OPERATORS_LICENCE, OPERATORS_QUALITY, OPERATORS_SITE_RATING } from './topics';
import {
  COMPLAINT_SEVERITIES,
  type ComplaintSeverity,
  FINDING_SEVERITIES,
  type FindingSeverity,
} from './vocabulary';

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** What a severe finding, not yet put right, keeps from being booked anew. */
export class InspectionBlock {
  @IsUUID() findingId: string;
  @IsIn(['site', 'kind', 'offering']) concerns: 'site' | 'kind' | 'offering';
  /** The kind of service; absent when the whole site is concerned. */
  @IsOptional() @IsString() @IsNotEmpty() kind?: string;
  /** The one offering; absent when a kind or the whole site is concerned. */
  @IsOptional() @IsUUID() offeringId?: string;
  /** Day of the inspection that found it. */
  @Matches(DAY) since: string;
}

/** How a site stands with its inspections; told again when that changes. */
@EventType({
  type: 'operators.SiteInspectionSnapshot.v1',
  topic: OPERATORS_INSPECTION,
  key: 'siteId',
})
export class SiteInspectionSnapshot extends DomainEvent {
  @IsUUID() declare operatorId: string;
  @IsUUID() siteId: string;
  /** The whole site takes no new bookings; bookings already made stay, and are listed for the operator. */
  @IsBoolean() suspended: boolean;
  /** Kinds that take no new bookings. */
  @IsArray() @IsString({ each: true }) blockedKinds: string[];
  /** Offerings that take no new bookings. */
  @IsArray() @IsUUID(undefined, { each: true }) blockedOfferingIds: string[];
  @IsArray() @ValidateNested({ each: true }) @Type(() => InspectionBlock) blocks: InspectionBlock[];
}

/** Stars on some days. */
export class SiteStars {
  @IsInt() @Min(1) @Max(5) stars: number;
  @Matches(DAY) from: string;
  /** First day that is out; absent: they still hold. */
  @IsOptional() @Matches(DAY) to?: string;
  /** By the rule from inspections' scores, or set by an authority. */
  @IsIn(['rule', 'set']) basis: 'rule' | 'set';
}

/** A site's star ratings, the newest last. Days before the first have none; past days never change. */
@EventType({ type: 'operators.SiteRatingSnapshot.v1', topic: OPERATORS_SITE_RATING, key: 'siteId' })
export class SiteRatingSnapshot extends DomainEvent {
  @IsUUID() declare operatorId: string;
  @IsUUID() siteId: string;
  /** Those that hold now; absent: none. */
  @IsOptional() @IsInt() @Min(1) @Max(5) stars?: number;
  /** All that it ever had, oldest first. */
  @IsArray() @ValidateNested({ each: true }) @Type(() => SiteStars) ratings: SiteStars[];
}

/** An inspection found something wanting. What exactly stays with the operator and the authority. */
@EventType({ type: 'operators.FindingRaised.v1', topic: OPERATORS_QUALITY, key: 'findingId' })
export class FindingRaised extends DomainEvent {
  @IsUUID() declare operatorId: string;
  @IsUUID() findingId: string;
  @IsUUID() inspectionId: string;
  @IsUUID() siteId: string;
  @IsIn(FINDING_SEVERITIES) severity: FindingSeverity;
  @IsIn(['site', 'kind', 'offering']) concerns: 'site' | 'kind' | 'offering';
  @IsOptional() @IsString() @IsNotEmpty() kind?: string;
  @IsOptional() @IsUUID() offeringId?: string;
  /** Last day to put it right. */
  @Matches(DAY) rectifyBy: string;
}

/** A finding was not put right by its day. */
@EventType({ type: 'operators.FindingOverdue.v1', topic: OPERATORS_QUALITY, key: 'findingId' })
export class FindingOverdue extends DomainEvent {
  @IsUUID() declare operatorId: string;
  @IsUUID() findingId: string;
  @IsUUID() siteId: string;
  @IsIn(FINDING_SEVERITIES) severity: FindingSeverity;
  @Matches(DAY) rectifyBy: string;
}

/** A finding is over: put right and inspected again, or taken back by whoever raised it. */
@EventType({ type: 'operators.FindingClosed.v1', topic: OPERATORS_QUALITY, key: 'findingId' })
export class FindingClosed extends DomainEvent {
  @IsUUID() declare operatorId: string;
  @IsUUID() findingId: string;
  @IsUUID() siteId: string;
  @IsIn(FINDING_SEVERITIES) severity: FindingSeverity;
  @IsIn(['reinspected', 'withdrawn']) outcome: 'reinspected' | 'withdrawn';
}

/** Somebody complained. The words stay with the operator. */
@EventType({ type: 'operators.ComplaintOpened.v1', topic: OPERATORS_QUALITY, key: 'complaintId' })
export class ComplaintOpened extends DomainEvent {
  @IsUUID() declare operatorId: string;
  @IsUUID() complaintId: string;
  @IsUUID() siteId: string;
  @IsOptional() @IsUUID() bookingId?: string;
  @IsString() @IsNotEmpty() category: string;
  @IsIn(COMPLAINT_SEVERITIES) severity: ComplaintSeverity;
  /** Last day for an answer. */
  @Matches(DAY) answerBy: string;
  /** True when one that was closed was opened again. */
  @IsBoolean() again: boolean;
}

/** A complaint was not answered by its day. */
@EventType({ type: 'operators.ComplaintOverdue.v1', topic: OPERATORS_QUALITY, key: 'complaintId' })
export class ComplaintOverdue extends DomainEvent {
  @IsUUID() declare operatorId: string;
  @IsUUID() complaintId: string;
  @IsUUID() siteId: string;
  @IsIn(COMPLAINT_SEVERITIES) severity: ComplaintSeverity;
  @Matches(DAY) answerBy: string;
}

/** A complaint was answered and closed. */
@EventType({ type: 'operators.ComplaintClosed.v1', topic: OPERATORS_QUALITY, key: 'complaintId' })
export class ComplaintClosed extends DomainEvent {
  @IsUUID() declare operatorId: string;
  @IsUUID() complaintId: string;
  @IsUUID() siteId: string;
  /** Whether it was right. */
  @IsBoolean() upheld: boolean;
}

/** A delivered booking was rated; once per booking. */
@EventType({ type: 'operators.ServiceRated.v1', topic: OPERATORS_QUALITY, key: 'bookingId' })
export class ServiceRated extends DomainEvent {
  @IsUUID() declare operatorId: string;
  @IsUUID() bookingId: string;
  @IsUUID() siteId: string;
  @IsString() @IsNotEmpty() kind: string;
  @Matches(DAY) serviceDay: string;
  @IsInt() @Min(1) @Max(5) stars: number;
}

/** A certificate of somebody on the staff runs out soon, or has just run out, and no other one takes its place. */
@EventType({ type: 'operators.CertificateDue.v1', topic: OPERATORS_LICENCE, key: 'certificateId' })
export class CertificateDue extends DomainEvent {
  @IsUUID() declare operatorId: string;
  @IsUUID() certificateId: string;
  @IsUUID() staffId: string;
  @IsString() @IsNotEmpty() certificateType: string;
  /** First day that it does not hold any more. */
  @Matches(DAY) validTo: string;
  /** Days until then; 0 or less once it has run out. */
  @IsInt() daysLeft: number;
  /** The reminder that this is: 90, 30 or 7 days before, or 0. */
  @IsIn([90, 30, 7, 0]) reminder: 90 | 30 | 7 | 0;
}
