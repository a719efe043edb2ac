import { Type } from 'class-transformer';
import {
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsISO8601,
  IsNotEmpty,
  IsNumber,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { DomainEvent, EventType } from './event';
import { FACILITIES_OFFERING, FACILITIES_REGION, FACILITIES_SITE } from './topics';
import {
  CAPACITY_MODELS,
  CARE_LEVELS,
  DELIVERIES,
  SERVICE_MODES,
  SITE_STATUSES,
  type CapacityModel,
  type CareLevel,
  type DeliveryPlace,
  type ServiceMode,
  type SiteStatus,
  UNPRICED_POLICIES,
  type UnpricedPolicy,
} from './vocabulary';

const WALL_CLOCK = /^([01]\d|2[0-3]):[0-5]\d$|^24:00$/;

@EventType({ type: 'facilities.RegionSnapshot.v1', topic: FACILITIES_REGION, key: 'code' })
export class RegionSnapshot extends DomainEvent {
  @IsOptional() @IsUUID() declare operatorId?: string;
  @Matches(/^\d{2,12}$/) code: string;
  @IsIn(['province', 'city', 'district', 'street', 'community']) level: string;
  @IsOptional() @IsString() parentCode?: string;
  @IsString() @IsNotEmpty() name: string;
  @IsOptional() @IsNumber() lng?: number;
  @IsOptional() @IsNumber() lat?: number;
  /** Year of the edition of codes that does without it. Absent: it is current. */
  @IsOptional() @IsInt() retiredYear?: number;
  /** Codes that took its place. */
  @IsOptional() @IsArray() @IsString({ each: true }) successorCodes?: string[];
}

/** A span of opening in site-local time; `closes` at or before `opens` means after midnight. */
export class OpeningSpan {
  /** ISO weekday, 1 = Monday. */
  @IsInt() @Min(1) @Max(7) weekday: number;
  @Matches(WALL_CLOCK) opens: string;
  @Matches(WALL_CLOCK) closes: string;
}

/** What holds on one day instead of the weekly hours; no spans = closed. */
export class OpeningException {
  @Matches(/^\d{4}-\d{2}-\d{2}$/) day: string;
  @IsOptional() @IsString() reason?: string;
  @IsArray() @ValidateNested({ each: true }) @Type(() => ExceptionSpan) spans: ExceptionSpan[];
}

export class ExceptionSpan {
  @Matches(WALL_CLOCK) opens: string;
  @Matches(WALL_CLOCK) closes: string;
}

@EventType({ type: 'facilities.SiteSnapshot.v1', topic: FACILITIES_SITE, key: 'siteId' })
export class SiteSnapshot extends DomainEvent {
  @IsUUID() declare operatorId: string;
  @IsUUID() siteId: string;
  /** The owner's own code for the site, as it stands in the channels' files. */
  @IsString() @IsNotEmpty() code: string;
  @IsString() @IsNotEmpty() nameZh: string;
  @IsOptional() @IsString() nameEn?: string;
  @Matches(/^\d{12}$|^\d{9}$/) regionCode: string;
  @IsIn(SITE_STATUSES) status: SiteStatus;
  /** WGS-84 degrees. */
  @IsNumber() lng: number;
  @IsNumber() lat: number;
  /** Floor space. Absent: told before it was part of this. */
  @IsOptional() @IsNumber() areaM2?: number;
  /** IANA zone. */
  @IsString() timeZone: string;
  @IsArray() @ValidateNested({ each: true }) @Type(() => OpeningSpan) openingHours: OpeningSpan[];
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => OpeningException)
  openingExceptions: OpeningException[];
}

/** When an offering runs on a weekday, site-local. With `slotMinutes` the window is cut into slots, without it is one session. */
export class ScheduleWindow {
  @IsInt() @Min(1) @Max(7) weekday: number;
  @Matches(WALL_CLOCK) starts: string;
  @Matches(WALL_CLOCK) ends: string;
  @IsOptional() @IsInt() @Min(5) @Max(1440) slotMinutes?: number;
}

/** When the space of an offering, or one that it blocks, is closed for repair. Half-open. */
export class SpaceClosedSpan {
  @IsISO8601() start: string;
  @IsISO8601() end: string;
}

@EventType({ type: 'facilities.OfferingSnapshot.v1', topic: FACILITIES_OFFERING, key: 'offeringId' })
export class OfferingSnapshot extends DomainEvent {
  @IsUUID() declare operatorId: string;
  @IsUUID() offeringId: string;
  @IsUUID() siteId: string;
  @IsString() @IsNotEmpty() code: string;
  @IsString() @IsNotEmpty() nameZh: string;
  @IsOptional() @IsString() nameEn?: string;
  /** Kinds are data, so this is text: a service kind of the platform or of the city. */
  @IsString() @IsNotEmpty() kind: string;
  @IsIn(SERVICE_MODES) mode: ServiceMode;
  @IsIn(DELIVERIES) delivery: DeliveryPlace;
  @IsIn(CAPACITY_MODELS) capacityModel: CapacityModel;
  /** Seats or places per session; 1 for exclusive; concurrent visits at most for caregiver. */
  @IsInt() @Min(1) capacity: number;
  /** Places per member of staff; with `staffCount` it bounds places: capacity = min(capacity, ratio × staff). */
  @IsOptional() @IsInt() @Min(1) staffRatio?: number;
  @IsOptional() @IsInt() @Min(0) staffCount?: number;
  @IsOptional() @IsUUID() spaceId?: string;
  /** The space, those it is part of, and its own parts: one use of any of them at a time. Absent: the space alone. */
  @IsOptional() @IsArray() @IsUUID(undefined, { each: true }) blockedSpaceIds?: string[];
  /** Coming closures of these spaces: no session that touches one can be booked. Absent: none. */
  @IsOptional()
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => SpaceClosedSpan)
  closures?: SpaceClosedSpan[];
  @IsOptional() @IsInt() @Min(0) ageMonthsMin?: number;
  /** Exclusive: a child of 36 months is out when this is 36. */
  @IsOptional() @IsInt() @Min(0) ageMonthsMax?: number;
  @IsOptional() @IsIn(CARE_LEVELS) careLevelMin?: CareLevel;
  @IsArray() @IsString({ each: true }) skills: string[];
  /** Types of licence that it needs besides those that its kind needs anyway. Absent: none. */
  @IsOptional() @IsArray() @IsString({ each: true }) licences?: string[];
  @IsArray() @ValidateNested({ each: true }) @Type(() => ScheduleWindow) schedule: ScheduleWindow[];
  /** Earliest: bookings open this many minutes before the start; 0 = always open. */
  @IsInt() @Min(0) leadMinutes: number;
  /** Latest: bookings end this many minutes before the start. */
  @IsInt() @Min(0) cutoffMinutes: number;
  /** Kept free after each booking of an exclusive space or a caregiver. */
  @IsInt() @Min(0) bufferMinutes: number;
  /** While billing can't be reached: bookings stay held and expire, or are confirmed and priced later. Absent: held. */
  @IsOptional() @IsIn(UNPRICED_POLICIES) unpricedPolicy?: UnpricedPolicy;
  @IsBoolean() active: boolean;
}
