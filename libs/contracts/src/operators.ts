import { Type } from 'class-transformer';
import {
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
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { DomainEvent, EventType } from './event';
import {
  OPERATORS_CONTRACT,
  OPERATORS_LICENCE,
  OPERATORS_ORGANISATION,
  OPERATORS_SITE_LICENCE,
  OPERATORS_STAFF,
} from './topics';
import {
  CONTRACT_STATUSES,
  FEE_MODELS,
  SERVICE_MODES,
  SETTLEMENT_CYCLES,
  type ContractStatus,
  type FeeModel,
  type ServiceMode,
  type SettlementCycle,
} from './vocabulary';

const DAY = /^\d{4}-\d{2}-\d{2}$/;

@EventType({
  type: 'operators.OrganisationSnapshot.v1',
  topic: OPERATORS_ORGANISATION,
  key: 'organisationId',
})
export class OrganisationSnapshot extends DomainEvent {
  @IsOptional() @IsUUID() declare operatorId?: string;
  @IsUUID() organisationId: string;
  @IsIn(['authority', 'operator', 'funder']) kind: 'authority' | 'operator' | 'funder';
  @IsString() @IsNotEmpty() name: string;
  /** The region an authority or a funder answers for. */
  @IsOptional() @Matches(/^\d{2,12}$/) regionCode?: string;
}

/** A service that a contract lets run, and the most it may cost. */
export class ContractService {
  @IsString() @IsNotEmpty() kind: string;
  @IsOptional() @IsIn(SERVICE_MODES) mode?: ServiceMode;
  /** Only there; absent: everywhere. Of several lines that fit, one with a mode wins, then the longest region code. */
  @IsOptional() @Matches(/^\d{2,12}$/) regionCode?: string;
  @IsOptional() @IsInt() @Min(0) priceCeilingFen?: number;
}

/** How the operator earns under a contract. */
export class ContractFee {
  @IsIn(FEE_MODELS) model: FeeModel;
  /** Of each settlement cycle; management fee and purchased service. */
  @IsOptional() @IsInt() @Min(0) amountFen?: number;
  /** The operator's part of revenue in basis points; revenue share alone. */
  @IsOptional() @IsInt() @Min(0) @Max(10_000) operatorShareBp?: number;
}

/** What the operator pays for the space. */
export class ContractRent {
  @IsInt() @Min(0) amountFenPerMonth: number;
  /** What the space costs on the market; absent: it was not named. */
  @IsOptional() @IsInt() @Min(0) marketFenPerMonth?: number;
}

/** What the parties of a contract owe each other. */
export class ContractMoney {
  @IsIn(SETTLEMENT_CYCLES) settlementCycle: SettlementCycle;
  /** Absent: none. */
  @IsOptional() @ValidateNested() @Type(() => ContractFee) fee?: ContractFee;
  @IsOptional() @ValidateNested() @Type(() => ContractRent) rent?: ContractRent;
  /** What of the operator's lies at the authority while the contract stands. */
  @IsOptional() @IsInt() @Min(0) depositFen?: number;
}

/** The terms that hold on some days of a contract. */
export class ContractRevision {
  @IsInt() @Min(1) revision: number;
  @Matches(DAY) from: string;
  /** First day that is out. */
  @Matches(DAY) to: string;
  @IsArray() @ValidateNested({ each: true }) @Type(() => ContractService) services: ContractService[];
  /** Absent: not told; the contract is told again. */
  @IsOptional() @ValidateNested() @Type(() => ContractMoney) money?: ContractMoney;
}

@EventType({ type: 'operators.ContractSnapshot.v1', topic: OPERATORS_CONTRACT, key: 'contractId' })
export class ContractSnapshot extends DomainEvent {
  @IsUUID() declare operatorId: string;
  @IsUUID() contractId: string;
  @IsUUID() authorityId: string;
  @IsString() @IsNotEmpty() number: string;
  @IsIn(CONTRACT_STATUSES) status: ContractStatus;
  @Matches(DAY) from: string;
  /** First day that is out. */
  @Matches(DAY) to: string;
  /** Those of the day on which it was told. */
  @IsArray() @ValidateNested({ each: true }) @Type(() => ContractService) services: ContractService[];
  /** All that was agreed on, by the days on which it holds: what a service on a later day is measured by. */
  @IsOptional()
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => ContractRevision)
  revisions?: ContractRevision[];
  /** It is or was in force: one that was called off before that never stood. Absent: not told. */
  @IsOptional() @IsBoolean() begun?: boolean;
}

/** One site's standing under a contract. Its own message, so a contract of a thousand sites stays small. */
@EventType({ type: 'operators.ContractSiteSnapshot.v1', topic: OPERATORS_CONTRACT, key: 'contractSiteId' })
export class ContractSiteSnapshot extends DomainEvent {
  @IsUUID() declare operatorId: string;
  @IsUUID() contractSiteId: string;
  @IsUUID() contractId: string;
  @IsUUID() siteId: string;
  /** Half-open; the same day twice: it never stood. */
  @Matches(DAY) from: string;
  @Matches(DAY) to: string;
  /** Kinds that may run here; empty = all of the contract's. */
  @IsArray() @IsString({ each: true }) kinds: string[];
  /** False while the contract is not in force: no new bookings. */
  @IsBoolean() inForce: boolean;
  /** The standing under another contract that this one goes on from: bookings of its days move along. */
  @IsOptional() @IsUUID() continues?: string;
}

/** Half-open span in which somebody works at a site, or goes on visits from it. */
export class StaffShift {
  @IsISO8601() start: string;
  @IsISO8601() end: string;
  @IsUUID() siteId: string;
  @IsIn(['site', 'visits']) purpose: 'site' | 'visits';
}

/** When somebody works, for the days of which it is known. */
export class StaffRoster {
  /** Half-open span of instants for which the shifts say all: outside of them, within it, nobody works. */
  @IsISO8601() from: string;
  @IsISO8601() to: string;
  /** By their start; they don't overlap, absences are taken out. */
  @IsArray() @ValidateNested({ each: true }) @Type(() => StaffShift) shifts: StaffShift[];
}

/** A member of staff as scheduling needs it: no name, no papers. */
@EventType({ type: 'operators.StaffSnapshot.v1', topic: OPERATORS_STAFF, key: 'staffId' })
export class StaffSnapshot extends DomainEvent {
  @IsUUID() declare operatorId: string;
  @IsUUID() staffId: string;
  @IsArray() @IsUUID(undefined, { each: true }) siteIds: string[];
  @IsString() @IsNotEmpty() jobTitle: string;
  /** Without those for which a certificate is asked that has run out. */
  @IsArray() @IsString({ each: true }) skills: string[];
  @IsBoolean() active: boolean;
  /** Absent: their shifts aren't kept here, and nothing is known of when they work. */
  @IsOptional() @ValidateNested() @Type(() => StaffRoster) roster?: StaffRoster;
}

/** A kind of service that may not be booked anew at a site, for want of a licence. */
export class LicenceBlock {
  @IsString() @IsNotEmpty() kind: string;
  /** Type of the licence that is wanting, such as `food_business`. */
  @IsString() @IsNotEmpty() licenceType: string;
  /** It has run out or was revoked, or there never was one and the rule asks for it. */
  @IsIn(['lapsed', 'missing']) reason: 'lapsed' | 'missing';
  /** First day without it; absent when there never was one. */
  @IsOptional() @Matches(DAY) since?: string;
  /** The one offering that needs it by its own word; absent: all of the kind. */
  @IsOptional() @IsUUID() offeringId?: string;
}

/** How a site stands with its licences on the day it is told; told again when that changes. */
@EventType({ type: 'operators.SiteLicenceSnapshot.v1', topic: OPERATORS_SITE_LICENCE, key: 'siteId' })
export class SiteLicenceSnapshot extends DomainEvent {
  @IsUUID() declare operatorId: string;
  @IsUUID() siteId: string;
  /** Kinds that take no new bookings; bookings already made stay. Empty: all is well. */
  @IsArray() @IsString({ each: true }) blockedKinds: string[];
  @IsArray() @ValidateNested({ each: true }) @Type(() => LicenceBlock) blocks: LicenceBlock[];
  /** Offerings that take no new bookings, besides those of the kinds. Absent: none. */
  @IsOptional() @IsArray() @IsUUID(undefined, { each: true }) blockedOfferingIds?: string[];
}

/** A licence runs out soon, or has just run out, and no other one takes its place. */
@EventType({ type: 'operators.LicenceDue.v1', topic: OPERATORS_LICENCE, key: 'licenceId' })
export class LicenceDue extends DomainEvent {
  @IsUUID() declare operatorId: string;
  @IsUUID() licenceId: string;
  @IsUUID() siteId: string;
  @IsString() @IsNotEmpty() licenceType: string;
  @IsString() @IsNotEmpty() number: string;
  /** First day that it does not hold any more. */
  @Matches(DAY) validTo: string;
  /** Days until then; 0 or less once it has run out. */
  @IsInt() daysLeft: number;
  /** The reminder that this is: 90, 30 or 7 days before, or 0. */
  @IsIn([90, 30, 7, 0]) reminder: 90 | 30 | 7 | 0;
}
