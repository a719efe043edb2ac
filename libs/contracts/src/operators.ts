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
  Min,
  ValidateNested,
} from 'class-validator';
import { DomainEvent, EventType } from './event';
import { OPERATORS_CONTRACT, OPERATORS_ORGANISATION, OPERATORS_STAFF } from './topics';
import { CONTRACT_STATUSES, SERVICE_MODES, type ContractStatus, type ServiceMode } from './vocabulary';

const DAY = /^\d{4}-\d{2}-\d{2}$/;

@EventType({
  type: 'operators.OrganisationSnapshot.v1',
  topic: OPERATORS_ORGANISATION,
  key: 'organisationId',
})
export class OrganisationSnapshot extends DomainEvent {
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

/** The services that hold on some days of a contract. */
export class ContractRevision {
  @IsInt() @Min(1) revision: number;
  @Matches(DAY) from: string;
  /** First day that is out. */
  @Matches(DAY) to: string;
  @IsArray() @ValidateNested({ each: true }) @Type(() => ContractService) services: ContractService[];
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
}

/** One site's standing under a contract. Its own message, so a contract of a thousand sites stays small. */
@EventType({ type: 'operators.ContractSiteSnapshot.v1', topic: OPERATORS_CONTRACT, key: 'contractSiteId' })
export class ContractSiteSnapshot extends DomainEvent {
  @IsUUID() declare operatorId: string;
  @IsUUID() contractSiteId: string;
  @IsUUID() contractId: string;
  @IsUUID() siteId: string;
  @Matches(DAY) from: string;
  @Matches(DAY) to: string;
  /** Kinds that may run here; empty = all of the contract's. */
  @IsArray() @IsString({ each: true }) kinds: string[];
  /** False while the contract is not in force: no new bookings. */
  @IsBoolean() inForce: boolean;
  /** The standing under another contract that this one goes on from: bookings of its days move along. */
  @IsOptional() @IsUUID() continues?: string;
}

/** A member of staff as scheduling needs it: no name, no papers. */
@EventType({ type: 'operators.StaffSnapshot.v1', topic: OPERATORS_STAFF, key: 'staffId' })
export class StaffSnapshot extends DomainEvent {
  @IsUUID() declare operatorId: string;
  @IsUUID() staffId: string;
  @IsArray() @IsUUID(undefined, { each: true }) siteIds: string[];
  @IsString() @IsNotEmpty() jobTitle: string;
  @IsArray() @IsString({ each: true }) skills: string[];
  @IsBoolean() active: boolean;
}
