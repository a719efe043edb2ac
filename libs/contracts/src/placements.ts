import { Type } from 'class-transformer';
import {
  IsArray,
  IsBoolean,
  IsObject,
  IsIn,
  IsInt,
  IsISO8601,
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
import { BOOKINGS_PLACEMENT } from './topics';
import {
  ABSENCE_KINDS,
  AGE_CLASSES,
  DAY_PARTS,
  SERVICE_MODES,
  type AbsenceKind,
  type AgeClass,
  type DayPart,
  type ServiceMode,
} from './vocabulary';

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const MONTH = /^\d{4}-\d{2}$/;
/** Wall clock at the site, HH:MM. */
const CLOCK = /^([01]\d|2[0-3]):[0-5]\d$/;

/** What every fact of a child's place in a group says again. */
abstract class PlacementFact extends DomainEvent {
  @IsUUID() declare operatorId: string;
  @IsUUID() placementId: string;
  /** The operating contract in force on the first day that the fact is about. */
  @IsUUID() contractId: string;
  @IsUUID() siteId: string;
  @IsUUID() offeringId: string;
  @IsUUID() groupId: string;
  @IsUUID() residentId: string;
  @IsString() @IsNotEmpty() kind: string;
  @IsIn(SERVICE_MODES) mode: ServiceMode;
  @IsIn(AGE_CLASSES) ageClass: AgeClass;
  @Matches(/^\d{9}(\d{3})?$/) regionCode: string;
  /** First day of the placement, site-local. */
  @Matches(DAY) from: string;
  /** First day that is out: at the latest the day on which the child is too old for the group. */
  @Matches(DAY) to: string;
}

/** A weekday on which the child comes, as a rule. */
export class PlannedWeekday {
  /** ISO weekday, 1 = Monday. */
  @IsInt() @Min(1) @Max(7) weekday: number;
  @IsIn(DAY_PARTS) part: DayPart;
}

/** When the days of a group begin, when their morning ends and their afternoon begins, and when they end. */
export class CareHours {
  @Matches(CLOCK) opensAt: string;
  @Matches(CLOCK) noonAt: string;
  @Matches(CLOCK) closesAt: string;
}

/** A day on which the child comes, and its hours. */
export class ReservedDay {
  @Matches(DAY) day: string;
  @Matches(CLOCK) fromAt: string;
  @Matches(CLOCK) toAt: string;
}

abstract class PlacementTerms extends PlacementFact {
  /** Empty for temporary care and for timed care, which is reserved day by day out of a contingent: CareDayReserved. */
  @IsArray() @ValidateNested({ each: true }) @Type(() => PlannedWeekday) pattern: PlannedWeekday[];
  /** The group's. Absent: told before they were told. */
  @IsOptional() @IsObject() @ValidateNested() @Type(() => CareHours) hours?: CareHours;
  /** Temporary care: the very days. */
  @IsOptional() @IsArray() @ValidateNested({ each: true }) @Type(() => ReservedDay) days?: ReservedDay[];
  /** Timed care by the hour: minutes a month. */
  @IsOptional() @IsInt() @Min(1) contingentMinutes?: number;
  /** Timed care by the day: days a month. */
  @IsOptional() @IsInt() @Min(1) contingentDays?: number;
}

/** A place is kept for who waits until `acceptBy`; nobody else can have it meanwhile. */
@EventType({ type: 'bookings.PlacementOffered.v1', topic: BOOKINGS_PLACEMENT, key: 'placementId' })
export class PlacementOffered extends PlacementTerms {
  @IsUUID() applicationId: string;
  @IsISO8601() acceptBy: string;
}

/** The offer was not taken up; one that was goes on as PlacementStarted. */
@EventType({ type: 'bookings.PlacementOfferEnded.v1', topic: BOOKINGS_PLACEMENT, key: 'placementId' })
export class PlacementOfferEnded extends PlacementFact {
  @IsUUID() applicationId: string;
  @IsIn(['declined', 'expired']) outcome: 'declined' | 'expired';
}

/** The child has the place from `from` on: told when the place is taken up, which may be long before. */
@EventType({ type: 'bookings.PlacementStarted.v1', topic: BOOKINGS_PLACEMENT, key: 'placementId' })
export class PlacementStarted extends PlacementTerms {
  @IsOptional() @IsUUID() applicationId?: string;
}

/** Other terms, or another group, from `from` on. The placement that goes before ends there, and is told as ended too. */
@EventType({ type: 'bookings.PlacementChanged.v1', topic: BOOKINGS_PLACEMENT, key: 'placementId' })
export class PlacementChanged extends PlacementTerms {
  /** The placement that this one goes on from. */
  @IsUUID() continues: string;
}

/** The child is soon too old: for the group (another one may take it), or for the service. */
@EventType({ type: 'bookings.PlacementEnding.v1', topic: BOOKINGS_PLACEMENT, key: 'placementId' })
export class PlacementEnding extends PlacementFact {
  @IsIn(['outgrows_group', 'outgrows_service']) reason: 'outgrows_group' | 'outgrows_service';
}

/** No place from `to` on. */
@EventType({ type: 'bookings.PlacementEnded.v1', topic: BOOKINGS_PLACEMENT, key: 'placementId' })
export class PlacementEnded extends PlacementFact {
  /** Stable code: `outgrown`, `term_over`, `changed`, or what the one who ended it gave. */
  @IsString() @IsNotEmpty() reason: string;
}

/** What happened on a day. Health findings stay where they were recorded. */
@EventType({ type: 'bookings.AttendanceRecorded.v1', topic: BOOKINGS_PLACEMENT, key: 'placementId' })
export class AttendanceRecorded extends PlacementFact {
  @Matches(DAY) day: string;
  @IsIn(['checked_in', 'attended', 'refused', 'absent']) outcome:
    'checked_in' | 'attended' | 'refused' | 'absent';
  /** From 1; a higher one replaces what was told of the day before. */
  @IsInt() @Min(1) revision: number;
  @IsOptional() @IsISO8601() checkedInAt?: string;
  @IsOptional() @IsISO8601() checkedOutAt?: string;
  @IsInt() @Min(0) minutes: number;
  @IsInt() @Min(0) latePickupMinutes: number;
  @IsBoolean() corrected: boolean;
}

/** A planned day on which the child doesn't come. */
export class AbsentDay {
  @Matches(DAY) day: string;
  @IsIn(ABSENCE_KINDS) kind: AbsenceKind;
  /** Whole hours between the word of it and the beginning of the day; 0: no notice. */
  @IsInt() @Min(0) noticeHours: number;
}

@EventType({ type: 'bookings.AbsenceRecorded.v1', topic: BOOKINGS_PLACEMENT, key: 'placementId' })
export class AbsenceRecorded extends PlacementFact {
  @IsUUID() absenceId: string;
  @IsArray() @ValidateNested({ each: true }) @Type(() => AbsentDay) days: AbsentDay[];
}

/** A reservation took the place of the absence: the child comes on these days after all. */
@EventType({ type: 'bookings.AbsenceReplaced.v1', topic: BOOKINGS_PLACEMENT, key: 'placementId' })
export class AbsenceReplaced extends PlacementFact {
  @IsArray() @Matches(DAY, { each: true }) days: string[];
}

/**
 * The child comes on this day at these hours: a day of timed care, or one of temporary care on which it was absent. It
 * replaces what was told of the day before.
 */
@EventType({ type: 'bookings.CareDayReserved.v1', topic: BOOKINGS_PLACEMENT, key: 'placementId' })
export class CareDayReserved extends PlacementFact {
  @IsObject() @ValidateNested() @Type(() => ReservedDay) reserved: ReservedDay;
}

/** A reserved day of timed care was given back to the contingent in time: the child doesn't come. */
@EventType({ type: 'bookings.CareDayGivenBack.v1', topic: BOOKINGS_PLACEMENT, key: 'placementId' })
export class CareDayGivenBack extends PlacementFact {
  @Matches(DAY) day: string;
}

/**
 * A month of one placement in numbers. daysPlanned = daysAttended + all days of absence. A child that came for half of a
 * day was there that day.
 */
export class AttendanceTotals {
  /** Days of the placement that lie in the month and are planned or reserved. */
  @IsInt() @Min(0) daysPlanned: number;
  @IsInt() @Min(0) daysAttended: number;
  /** Refused at the door for a finding counts here too. */
  @IsInt() @Min(0) daysSick: number;
  /** Told in time. */
  @IsInt() @Min(0) daysAbsentPlanned: number;
  /** Told too late, or never. */
  @IsInt() @Min(0) daysAbsentUnplanned: number;
  @IsInt() @Min(0) daysClosed: number;
  @IsInt() @Min(0) daysForceMajeure: number;
  @IsInt() @Min(0) minutesAttended: number;
  @IsInt() @Min(0) latePickups: number;
  @IsInt() @Min(0) latePickupMinutes: number;
  /** Out of the contingent. */
  @IsInt() @Min(0) minutesReserved: number;
  @IsInt() @Min(0) daysReserved: number;
}

/** The same numbers as differences: what a correction adds or takes away. */
export class AttendanceDelta {
  @IsInt() daysPlanned: number;
  @IsInt() daysAttended: number;
  @IsInt() daysSick: number;
  @IsInt() daysAbsentPlanned: number;
  @IsInt() daysAbsentUnplanned: number;
  @IsInt() daysClosed: number;
  @IsInt() daysForceMajeure: number;
  @IsInt() minutesAttended: number;
  @IsInt() latePickups: number;
  @IsInt() latePickupMinutes: number;
  @IsInt() minutesReserved: number;
  @IsInt() daysReserved: number;
}

abstract class MonthAttendance extends PlacementFact {
  /** `YYYY-MM`. */
  @Matches(MONTH) month: string;
  /** From 1; each correction has the next. */
  @IsInt() @Min(1) revision: number;
  /** The country's workdays in the month: what claim rules measure attendance against. */
  @IsInt() @Min(0) workdays: number;
  /** Days that the pattern would have in the whole month: for a fee in proportion when the placement covers a part of it. */
  @IsInt() @Min(0) patternDays: number;
  @IsOptional() @IsInt() @Min(1) contingentMinutes?: number;
  @IsOptional() @IsInt() @Min(1) contingentDays?: number;
  @IsObject() @ValidateNested() @Type(() => AttendanceTotals) totals: AttendanceTotals;
}

/** The month is over and its sheet is locked: what a monthly fee is charged by, one fact for each placement. */
@EventType({ type: 'bookings.MonthAttendanceClosed.v1', topic: BOOKINGS_PLACEMENT, key: 'placementId' })
export class MonthAttendanceClosed extends MonthAttendance {}

/** A closed month was corrected: the totals as they are now, and what that differs by from the revision before. */
@EventType({ type: 'bookings.MonthAttendanceCorrected.v1', topic: BOOKINGS_PLACEMENT, key: 'placementId' })
export class MonthAttendanceCorrected extends MonthAttendance {
  @IsObject() @ValidateNested() @Type(() => AttendanceDelta) delta: AttendanceDelta;
  @IsString() @IsNotEmpty() reason: string;
}
