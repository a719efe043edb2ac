import { Type } from 'class-transformer';
import {
  ArrayNotEmpty,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsISO8601,
  IsNotEmpty,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  Min,
  ValidateNested,
} from 'class-validator';
import { DomainEvent, EventType } from './event';
import { BOOKINGS_BOOKING, BOOKINGS_CAPACITY, BOOKINGS_RESIDENT } from './topics';
import {
  CARE_LEVELS,
  PACKAGE_WISH,
  REGISTRATIONS,
  SERVICE_MODES,
  type CareLevel,
  type Registration,
  type ServiceMode,
} from './vocabulary';

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** What every fact of a booking says again, so a consumer that missed the first understands the last. */
abstract class BookingFact extends DomainEvent {
  @IsUUID() declare operatorId: string;
  @IsUUID() bookingId: string;
  @IsUUID() contractId: string;
  @IsUUID() siteId: string;
  @IsUUID() offeringId: string;
  @IsUUID() residentId: string;
  @IsString() @IsNotEmpty() kind: string;
  @IsIn(SERVICE_MODES) mode: ServiceMode;
  @Matches(/^\d{9}(\d{3})?$/) regionCode: string;
  @IsISO8601() start: string;
  @IsISO8601() end: string;
  /** The site-local day of the start: caps per day and per month are counted on it. */
  @Matches(DAY) serviceDay: string;
  @IsInt() @Min(1) partySize: number;
  /** What it takes of its session's capacity: people, or one for a court or a carer. Absent: the party's size. */
  @IsOptional() @IsInt() @Min(1) units?: number;
}

/** Capacity is taken until `expiresAt`; billing prices it and reserves funders' budgets, or declines. */
@EventType({ type: 'bookings.BookingHeld.v1', topic: BOOKINGS_BOOKING, key: 'bookingId' })
export class BookingHeld extends BookingFact {
  @IsISO8601() expiresAt: string;
  /**
   * Meals: how many the resident had on that day when this one was booked, this one included. It stays when one of the others
   * is cancelled, so no subsidy is decided by it: billing counts what its programmes give.
   */
  @IsOptional() @IsInt() @Min(1) mealOfDay?: number;
  /** The confirmed booking that this one takes the place of once it is confirmed; that one is cancelled then. */
  @IsOptional() @IsUUID() replaces?: string;
  /** The package that it is to take a use of, or `none`: the price list holds. Absent: billing chooses among the resident's. */
  @IsOptional() @Matches(PACKAGE_WISH) packageId?: string;
}

@EventType({ type: 'bookings.BookingConfirmed.v1', topic: BOOKINGS_BOOKING, key: 'bookingId' })
export class BookingConfirmed extends BookingFact {
  /** Billing has not answered yet; the price follows when it does. */
  @IsOptional() @IsBoolean() unpriced?: boolean;
  @IsOptional() @IsUUID() caregiverId?: string;
  @IsOptional() @IsUUID() replaces?: string;
}

/** Billing declined, or the hold could not be kept; capacity is free again. */
@EventType({ type: 'bookings.BookingRejected.v1', topic: BOOKINGS_BOOKING, key: 'bookingId' })
export class BookingRejected extends BookingFact {
  @IsString() @IsNotEmpty() reason: string;
}

@EventType({ type: 'bookings.BookingExpired.v1', topic: BOOKINGS_BOOKING, key: 'bookingId' })
export class BookingExpired extends BookingFact {}

@EventType({ type: 'bookings.BookingCancelled.v1', topic: BOOKINGS_BOOKING, key: 'bookingId' })
export class BookingCancelled extends BookingFact {
  @IsIn(['resident', 'operator', 'system']) by: 'resident' | 'operator' | 'system';
  @IsString() @IsNotEmpty() reason: string;
  /** What the resident owes for cancelling late; absent: nothing. */
  @IsOptional() @IsInt() @Min(1) feeFen?: number;
  /** The rule that says so. */
  @IsOptional() @IsUUID() feeRuleId?: string;
}

/** The resident was there, or the visit was verified: what may be charged and claimed. */
@EventType({ type: 'bookings.ServiceDelivered.v1', topic: BOOKINGS_BOOKING, key: 'bookingId' })
export class ServiceDelivered extends BookingFact {
  /** Minutes attended; what timed services are charged by. */
  @IsInt() @Min(0) minutes: number;
  @IsIn(['attendance', 'visit']) evidence: 'attendance' | 'visit';
  @IsOptional() @IsUUID() caregiverId?: string;
}

/** Somebody else goes on a visit that stands. */
@EventType({ type: 'bookings.VisitReassigned.v1', topic: BOOKINGS_BOOKING, key: 'bookingId' })
export class VisitReassigned extends BookingFact {
  @IsUUID() caregiverId: string;
  @IsOptional() @IsUUID() formerCaregiverId?: string;
}

/**
 * A visit that was told as delivered, and may be billed, is contradicted by a later one of the same carer or with the same
 * evidence; both are on review. Somebody decides on each: ServiceDelivered once more, or BookingCancelled. Until then nobody
 * is asked to pay for it anew.
 */
@EventType({ type: 'bookings.VisitContradicted.v1', topic: BOOKINGS_BOOKING, key: 'bookingId' })
export class VisitContradicted extends BookingFact {
  /** The later visit whose findings name this one. */
  @IsUUID() contradictedBy: string;
  /** Codes, such as `overlapping`, `impossible_travel`, `same_evidence`. */
  @IsArray() @ArrayNotEmpty() @IsString({ each: true }) signals: string[];
  @IsOptional() @IsUUID() caregiverId?: string;
}

/** A place came free, and who waits has it until `acceptBy`; nobody else can have it meanwhile. */
@EventType({ type: 'bookings.PlaceOffered.v1', topic: BOOKINGS_BOOKING, key: 'bookingId' })
export class PlaceOffered extends BookingFact {
  @IsUUID() waitingEntryId: string;
  @IsISO8601() acceptBy: string;
}

/** The offer was not taken up; one that was goes on as BookingHeld. */
@EventType({ type: 'bookings.PlaceOfferEnded.v1', topic: BOOKINGS_BOOKING, key: 'bookingId' })
export class PlaceOfferEnded extends BookingFact {
  @IsUUID() waitingEntryId: string;
  @IsIn(['declined', 'expired']) outcome: 'declined' | 'expired';
}

/** A session began, and who waited for it got no place. */
@EventType({ type: 'bookings.WaitingLapsed.v1', topic: BOOKINGS_BOOKING, key: 'waitingEntryId' })
export class WaitingLapsed extends DomainEvent {
  @IsUUID() declare operatorId: string;
  @IsUUID() waitingEntryId: string;
  @IsUUID() siteId: string;
  @IsUUID() offeringId: string;
  @IsUUID() sessionId: string;
  @IsUUID() residentId: string;
  @IsISO8601() start: string;
  @IsInt() @Min(1) partySize: number;
}

@EventType({ type: 'bookings.BookingNoShow.v1', topic: BOOKINGS_BOOKING, key: 'bookingId' })
export class BookingNoShow extends BookingFact {
  /** What the resident owes for not coming; absent: nothing. */
  @IsOptional() @IsInt() @Min(1) feeFen?: number;
  /** The rule that says so. */
  @IsOptional() @IsUUID() feeRuleId?: string;
}

/** A later occurrence of a series could not be booked when its session came up; whoever counts on it has to know. */
@EventType({ type: 'bookings.OccurrenceSkipped.v1', topic: BOOKINGS_BOOKING, key: 'seriesId' })
export class OccurrenceSkipped extends DomainEvent {
  @IsUUID() declare operatorId: string;
  @IsUUID() seriesId: string;
  @IsUUID() siteId: string;
  @IsUUID() offeringId: string;
  @IsUUID() residentId: string;
  @IsISO8601() originalStart: string;
  /** Stable codes, such as `full`, `resident_busy`, `no_session`. */
  @IsArray() @IsString({ each: true }) reasons: string[];
}

/**
 * Contact data sealed with a key derived from the resident's own. Only notifications holds what opens `wrappedKey`, and it
 * opens nothing else of the resident; erasure replaces the snapshot, so compaction leaves nothing readable.
 */
export class SealedContact {
  @IsString() @IsNotEmpty() keyId: string;
  /** Base64: nonce ‖ the contact key under CONTACT_KEY, AES-256-GCM ‖ tag. */
  @IsString() @IsNotEmpty() wrappedKey: string;
  /** Base64: nonce ‖ ciphertext ‖ tag of JSON {name, mobile?, email?, language?}. */
  @IsString() @IsNotEmpty() sealed: string;
}

/** A resident as the other services may know them: attributes that decide eligibility, under a pseudonym. */
@EventType({ type: 'bookings.ResidentSnapshot.v1', topic: BOOKINGS_RESIDENT, key: 'residentId' })
export class ResidentSnapshot extends DomainEvent {
  @IsUUID() declare operatorId: string;
  @IsUUID() residentId: string;
  @Matches(DAY) birthDate: string;
  @Matches(/^\d{9}(\d{3})?$/) regionCode: string;
  @IsOptional() @IsIn(CARE_LEVELS) careLevel?: CareLevel;
  @IsOptional() @Matches(DAY) careLevelAssessedOn?: string;
  @IsBoolean() hardship: boolean;
  @IsBoolean() disability: boolean;
  @IsOptional() @IsInt() @Min(1) birthOrder?: number;
  /** Household registration: in the city of residence or elsewhere; absent: not known. */
  @IsOptional() @IsIn(REGISTRATIONS) registration?: Registration;
  /** Where the household is registered: city, district, street or community. */
  @IsOptional() @Matches(/^(\d{4}|\d{6}|\d{9}|\d{12})$/) registeredIn?: string;
  /** Consent to use these attributes for subsidies; without it no programme applies. */
  @IsBoolean() subsidyConsent: boolean;
  @IsBoolean() notificationConsent: boolean;
  @IsBoolean() erased: boolean;
  @IsOptional() @ValidateNested() @Type(() => SealedContact) contact?: SealedContact;
}

/**
 * Two records were found to be of one person: all that was `residentId`'s is `survivorId`'s from now on, and nothing more is
 * told of the former. It is the last that is told under this key.
 */
@EventType({ type: 'bookings.ResidentMerged.v1', topic: BOOKINGS_RESIDENT, key: 'residentId' })
export class ResidentMerged extends DomainEvent {
  @IsUUID() declare operatorId: string;
  @IsUUID() residentId: string;
  @IsUUID() survivorId: string;
}

/** One site-local day of an offering. */
export class CapacityDay {
  @Matches(DAY) day: string;
  @IsString() @IsNotEmpty() kind: string;
  @Matches(/^\d{9}(\d{3})?$/) regionCode: string;
  /** Sessions that can be booked, or have bookings. */
  @IsInt() @Min(0) sessions: number;
  /** Units that they can take together. */
  @IsInt() @Min(0) capacity: number;
  /**
   * People on waiting lists who have no place, or got none until their session began; and children who wait for a place in
   * a group and would have been there that day.
   */
  @IsInt() @Min(0) waiting: number;
  /** Children who have a place in a group that day, or are to come on a reserved one. Absent, as the next two: none. */
  @IsOptional() @IsInt() @Min(0) placed?: number;
  /** Of these, those who came. */
  @IsOptional() @IsInt() @Min(0) came?: number;
  /** Of these, those who stayed away without a word in time. */
  @IsOptional() @IsInt() @Min(0) missing?: number;
}

/**
 * What an offering can take on the days of a month, as far as sessions are made. Told again when something changes, until a
 * day is over: then it stays as it was last told.
 */
@EventType({ type: 'bookings.CapacitySnapshot.v1', topic: BOOKINGS_CAPACITY, key: 'capacityId' })
export class CapacitySnapshot extends DomainEvent {
  @IsUUID() declare operatorId: string;
  /** `<offeringId>/<month>`. */
  @IsString() @IsNotEmpty() capacityId: string;
  @IsUUID() offeringId: string;
  @IsUUID() siteId: string;
  /** `YYYY-MM`. */
  @Matches(/^\d{4}-\d{2}$/) month: string;
  @IsArray() @ValidateNested({ each: true }) @Type(() => CapacityDay) days: CapacityDay[];
}
