import { CONTRACT_STATUSES } from '@doorstep/contracts';
import { PageQuery } from '@doorstep/platform';
import { ApiProperty, ApiPropertyOptional, PartialType } from '@nestjs/swagger';
import {
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  MaxLength,
  Min,
  MinLength,
} from 'class-validator';
import { CONTRACT_FORMS, type ContractForm, type ContractStatus, type Party } from './contract';
import { ContractTermsDto } from './terms.dto';

export const CONTRACT_ID = '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b20';
const AUTHORITY_ID = '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b21';
const OPERATOR_ID = '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1a';
export const DAY = /^\d{4}-\d{2}-\d{2}$/;
export const DAY_MESSAGE = { message: '$property must be a day: YYYY-MM-DD' };

class ContractHeadDto extends ContractTermsDto {
  @ApiProperty({
    description: "The paper's number, unique for the authority.",
    example: 'HP-2026-001',
    maxLength: 100,
  })
  @IsString()
  @MinLength(1)
  @MaxLength(100)
  number: string;

  @ApiProperty({
    enum: CONTRACT_FORMS,
    description: 'chain: under the brand of the operator; custody: entrusted with sites of the authority.',
    example: 'chain',
  })
  @IsIn(CONTRACT_FORMS)
  form: ContractForm;

  @ApiProperty({ format: 'date', description: 'First day.', example: '2026-12-01' })
  @Matches(DAY, DAY_MESSAGE)
  from: string;

  @ApiProperty({ format: 'date', description: 'First day that is out.', example: '2029-12-01' })
  @Matches(DAY, DAY_MESSAGE)
  to: string;
}

export class DraftContractDto extends ContractHeadDto {
  @ApiPropertyOptional({
    format: 'uuid',
    description: 'The authority; default: your own organisation.',
    example: AUTHORITY_ID,
  })
  @IsOptional()
  @IsUUID()
  authorityId?: string;

  @ApiPropertyOptional({
    format: 'uuid',
    description: 'The operator; default: your own organisation.',
    example: OPERATOR_ID,
  })
  @IsOptional()
  @IsUUID()
  operatorId?: string;
}

export class ChangeDraftDto extends PartialType(ContractHeadDto, { skipNullProperties: false }) {}

export class ContractsQuery extends PageQuery {
  @ApiPropertyOptional({ enum: CONTRACT_STATUSES, description: 'Only in this state.', example: 'active' })
  @IsOptional()
  @IsIn(CONTRACT_STATUSES)
  status?: ContractStatus;

  @ApiPropertyOptional({ format: 'uuid', description: 'Only of this operator.', example: OPERATOR_ID })
  @IsOptional()
  @IsUUID()
  operatorId?: string;

  @ApiPropertyOptional({ format: 'uuid', description: 'Only of this authority.', example: AUTHORITY_ID })
  @IsOptional()
  @IsUUID()
  authorityId?: string;

  @ApiPropertyOptional({
    format: 'uuid',
    description: 'Only those that this site stands under.',
    example: CONTRACT_ID,
  })
  @IsOptional()
  @IsUUID()
  siteId?: string;

  @ApiPropertyOptional({ description: 'Exactly this number.', example: 'HP-2026-001' })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  number?: string;
}

export class AsOfQuery {
  @ApiPropertyOptional({
    format: 'date',
    description: 'Terms as they hold on this day; default: today.',
    example: '2027-03-01',
  })
  @IsOptional()
  @Matches(DAY, DAY_MESSAGE)
  asOf?: string;
}

export class SignContractDto {
  @ApiPropertyOptional({
    type: 'integer',
    description: 'The version that was read; refused when the contract has changed since.',
    example: 3,
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  version?: number;
}

export class SuspendContractDto {
  @ApiProperty({ description: 'Why; both parties read it.', example: '消防验收未通过', maxLength: 500 })
  @IsString()
  @MinLength(1)
  @MaxLength(500)
  reason: string;
}

export class TerminateContractDto extends SuspendContractDto {
  @ApiPropertyOptional({
    format: 'date',
    description: 'First day that is out, from today on; default: today. Until then the contract goes on.',
    example: '2027-06-01',
  })
  @IsOptional()
  @Matches(DAY, DAY_MESSAGE)
  on?: string;
}

export class SignatureDto {
  @ApiProperty({
    enum: ['authority', 'operator'],
    description: 'For whom it was signed.',
    example: 'authority',
  })
  party: Party;

  @ApiProperty({ format: 'uuid', description: 'Who signed.', example: AUTHORITY_ID })
  personId: string;

  @ApiProperty({ format: 'date-time', description: 'When.', example: '2026-11-20T02:00:00.000Z' })
  at: Date;

  @ApiProperty({
    description: 'SHA-256 of number, parties, days, terms and sites as signed.',
    example: 'a3f1…',
  })
  digest: string;
}

export class RefusalDto {
  @ApiProperty({ description: 'Stable code.', example: 'site_held' })
  code: string;

  @ApiProperty({ description: 'For people.', example: 'A site stands under one contract at a time.' })
  reason: string;

  @ApiPropertyOptional({
    type: [String],
    format: 'uuid',
    description: 'Sites that are in the way, the first twenty.',
  })
  siteIds?: string[];
}

export class ContractDto extends ContractHeadDto {
  @ApiProperty({ format: 'uuid', description: 'Id.', example: CONTRACT_ID })
  id: string;

  @ApiProperty({
    format: 'uuid',
    description: 'The authority that lets sites be run.',
    example: AUTHORITY_ID,
  })
  authorityId: string;

  @ApiProperty({ format: 'uuid', description: 'The operator that runs them.', example: OPERATOR_ID })
  operatorId: string;

  @ApiProperty({
    type: String,
    format: 'date',
    nullable: true,
    description: 'First day that is out when it ends before its term.',
    example: null,
  })
  endsOn: string | null;

  @ApiProperty({ enum: CONTRACT_STATUSES, description: 'Where it stands in its life.', example: 'active' })
  status: ContractStatus;

  @ApiProperty({ type: String, nullable: true, description: 'Why it is suspended or ended.', example: null })
  statusReason: string | null;

  @ApiProperty({
    type: RefusalDto,
    nullable: true,
    description: 'Why it could not be put into force on its first day; tried again every minute.',
    example: null,
  })
  activationRefusal: RefusalDto | null;

  @ApiProperty({ type: [SignatureDto], description: 'Who has signed.' })
  signatures: SignatureDto[];

  @ApiProperty({ type: 'integer', description: 'Which terms these are; amendments count it up.', example: 1 })
  revision: number;

  @ApiProperty({ type: 'integer', description: 'Grows by one with each change.', example: 4 })
  version: number;

  @ApiProperty({
    format: 'date-time',
    description: 'When it was drafted.',
    example: '2026-11-02T01:00:00.000Z',
  })
  createdAt: Date;
}
