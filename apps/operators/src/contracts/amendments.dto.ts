import { PageQuery } from '@doorstep/platform';
import { ApiProperty, ApiPropertyOptional, PartialType } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import type { AmendmentStatus } from './amendment';
import { SITES_PER_CALL_MAX } from './contract-site';
import { SiteAdditionDto } from './contract-sites.dto';
import { CONTRACT_ID, DAY, DAY_MESSAGE, SignatureDto } from './contracts.dto';
import { ContractTermsDto } from './terms.dto';

const AMENDMENT_ID = '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b23';
const STANDING_ID = '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b22';
const STATUSES = ['proposed', 'agreed', 'withdrawn'] as const;

export class ChangedTermsDto extends PartialType(ContractTermsDto, { skipNullProperties: false }) {}

export class AmendmentChangesDto {
  @ApiPropertyOptional({
    type: ChangedTermsDto,
    description:
      'Each term that is named is replaced as a whole; null takes away a fee, rent, deposit or targets.',
  })
  @IsOptional()
  @ValidateNested()
  @Type(() => ChangedTermsDto)
  terms?: ChangedTermsDto;

  @ApiPropertyOptional({
    format: 'date',
    description:
      'The contract runs on to this day, the first that is out; so do the sites that ran to its end.',
    example: '2031-12-01',
  })
  @IsOptional()
  @Matches(DAY, DAY_MESSAGE)
  to?: string;

  @ApiPropertyOptional({
    type: [SiteAdditionDto],
    description: 'Sites that come under it; default: from the day on.',
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(SITES_PER_CALL_MAX)
  @ValidateNested({ each: true })
  @Type(() => SiteAdditionDto)
  addSites?: SiteAdditionDto[];

  @ApiPropertyOptional({
    type: [String],
    description: 'Ids of standings that end on the day.',
    example: [STANDING_ID],
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(SITES_PER_CALL_MAX)
  @IsUUID(undefined, { each: true })
  endSites?: string[];
}

export class ProposeAmendmentDto extends AmendmentChangesDto {
  @ApiProperty({
    format: 'date',
    description: 'First day on which it holds, from today on.',
    example: '2027-06-01',
  })
  @Matches(DAY, DAY_MESSAGE)
  effectiveOn: string;

  @ApiPropertyOptional({
    description: 'What it is about.',
    example: '补充协议一：新增三个站点',
    maxLength: 1000,
  })
  @IsOptional()
  @IsString()
  @MaxLength(1000)
  note?: string;
}

export class AmendmentsQuery extends PageQuery {}

export class AmendmentDto {
  @ApiProperty({ format: 'uuid', description: 'Id.', example: AMENDMENT_ID })
  id: string;

  @ApiProperty({ format: 'uuid', description: 'The contract.', example: CONTRACT_ID })
  contractId: string;

  @ApiProperty({ type: 'integer', description: 'Counted within the contract.', example: 1 })
  ordinal: number;

  @ApiProperty({ format: 'date', description: 'First day on which it holds.', example: '2027-06-01' })
  effectiveOn: string;

  @ApiProperty({ type: AmendmentChangesDto, description: 'What changes.' })
  changes: AmendmentChangesDto;

  @ApiProperty({ type: String, nullable: true, description: 'What it is about.', example: null })
  note: string | null;

  @ApiProperty({ enum: STATUSES, description: 'It holds once it is agreed on.', example: 'proposed' })
  status: AmendmentStatus;

  @ApiProperty({ type: [SignatureDto], description: 'Who has signed.' })
  signatures: SignatureDto[];

  @ApiProperty({ format: 'uuid', description: 'Who proposed it.', example: AMENDMENT_ID })
  proposedBy: string;

  @ApiProperty({ type: 'integer', description: 'Grows by one with each change.', example: 1 })
  version: number;

  @ApiProperty({
    format: 'date-time',
    description: 'When it was proposed.',
    example: '2027-03-01T02:00:00.000Z',
  })
  createdAt: Date;
}

export class HandOverDto {
  @ApiProperty({
    format: 'uuid',
    description: 'Contract of the same operator that the sites go to.',
    example: CONTRACT_ID,
  })
  @IsUUID()
  toContractId: string;

  @ApiProperty({ format: 'date', description: 'First day under the other contract.', example: '2027-06-01' })
  @Matches(DAY, DAY_MESSAGE)
  on: string;

  @ApiPropertyOptional({
    type: [String],
    description: 'Only these sites; left out: all that stand under the contract then.',
    example: ['019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1c'],
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(5000)
  @IsUUID(undefined, { each: true })
  siteIds?: string[];
}
