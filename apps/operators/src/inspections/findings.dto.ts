import { FINDING_SEVERITIES, type FindingSeverity } from '@doorstep/contracts';
import { PageQuery } from '@doorstep/platform';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import {
  IsBoolean,
  IsIn,
  IsObject,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import { DocumentDto, DocumentUploadDto } from '../licences/licences.dto';
import { IsDay } from '../shared/day.validator';
import { FINDING_STATUSES, type FindingStatus } from './finding';
import type { Side } from './side';

const SITE_ID = '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1c';
const FINDING_ID = '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b82';
const CONCERNS = ['site', 'kind', 'offering'] as const;

export class FindingsQuery extends PageQuery {
  @ApiPropertyOptional({ format: 'uuid', description: 'Only of this site.', example: SITE_ID })
  @IsOptional()
  @IsUUID()
  siteId?: string;

  @ApiPropertyOptional({ format: 'uuid', description: 'Only of this inspection.', example: FINDING_ID })
  @IsOptional()
  @IsUUID()
  inspectionId?: string;

  @ApiPropertyOptional({ enum: FINDING_STATUSES, description: 'Only these.', example: 'open' })
  @IsOptional()
  @IsIn(FINDING_STATUSES)
  status?: FindingStatus;

  @ApiPropertyOptional({ enum: FINDING_SEVERITIES, description: 'Only these.', example: 'severe' })
  @IsOptional()
  @IsIn(FINDING_SEVERITIES)
  severity?: FindingSeverity;

  @ApiPropertyOptional({
    type: Boolean,
    description: 'Only those whose time is over, or is not.',
    example: true,
  })
  @IsOptional()
  @Transform(({ value }) => ({ true: true, false: false })[String(value)] ?? (value as unknown))
  @IsBoolean()
  overdue?: boolean;
}

export class RectifyDto {
  @ApiProperty({ description: 'What was done.', example: '已拆除门锁并张贴标识', maxLength: 1000 })
  @IsString()
  @Matches(/\S/, { message: 'rectification must not be empty' })
  @MaxLength(1000)
  rectification: string;

  @ApiPropertyOptional({ type: DocumentUploadDto, description: 'A picture or paper that shows it.' })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => DocumentUploadDto)
  document?: DocumentUploadDto;
}

export class AddEvidenceDto {
  @ApiProperty({ type: DocumentUploadDto, description: 'A picture or paper.' })
  @IsObject()
  @ValidateNested()
  @Type(() => DocumentUploadDto)
  document: DocumentUploadDto;
}

export class ReinspectDto {
  @ApiProperty({ description: 'Whether it is put right.', example: true })
  @IsBoolean()
  passed: boolean;

  @ApiPropertyOptional({
    format: 'date',
    description: 'New last day, when it is not.',
    example: '2026-12-20',
  })
  @IsOptional()
  @IsDay()
  rectifyBy?: string;

  @ApiPropertyOptional({ description: 'What was seen.', example: '现场复查，通道畅通', maxLength: 1000 })
  @IsOptional()
  @IsString()
  @MaxLength(1000)
  note?: string;
}

export class EvidenceDto extends DocumentDto {
  @ApiProperty({ format: 'uuid', description: 'Id.', example: '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b83' })
  id: string;

  @ApiProperty({ enum: ['found', 'rectified'], description: 'What it shows.', example: 'found' })
  stage: 'found' | 'rectified';
}

export class ReinspectionDto {
  @ApiProperty({ format: 'date', description: 'When.', example: '2026-12-11' })
  on: string;

  @ApiProperty({ description: 'Whether it was put right.', example: true })
  passed: boolean;

  @ApiProperty({ type: String, nullable: true, description: 'What was seen.', example: null })
  note: string | null;
}

export class FindingDto {
  @ApiProperty({ format: 'uuid', description: 'Id.', example: FINDING_ID })
  id: string;

  @ApiProperty({ format: 'uuid', description: 'The inspection that found it.', example: FINDING_ID })
  inspectionId: string;

  @ApiProperty({ format: 'uuid', description: 'The site.', example: SITE_ID })
  siteId: string;

  @ApiProperty({
    enum: ['authority', 'operator'],
    description: 'Whose inspectors found it.',
    example: 'authority',
  })
  raisedBy: Side;

  @ApiProperty({ type: String, nullable: true, description: 'Item of the checklist.', example: 'fire_exits' })
  item: string | null;

  @ApiProperty({ enum: FINDING_SEVERITIES, description: 'How grave it is.', example: 'severe' })
  severity: FindingSeverity;

  @ApiProperty({ enum: CONCERNS, description: 'What it is about.', example: 'offering' })
  concerns: 'site' | 'kind' | 'offering';

  @ApiProperty({ type: String, nullable: true, description: 'Kind of service.', example: 'meals' })
  kind: string | null;

  @ApiProperty({ type: String, format: 'uuid', nullable: true, description: 'Offering.', example: null })
  offeringId: string | null;

  @ApiProperty({ description: 'What has to be put right.', example: '东侧安全出口上锁' })
  description: string;

  @ApiProperty({ format: 'date', description: 'When it was found.', example: '2026-12-05' })
  raisedOn: string;

  @ApiProperty({ format: 'date', description: 'Last day to put it right.', example: '2026-12-12' })
  rectifyBy: string;

  @ApiProperty({ enum: FINDING_STATUSES, description: 'Where it is.', example: 'open' })
  status: FindingStatus;

  @ApiProperty({ description: 'Whether its time is over.', example: false })
  overdue: boolean;

  @ApiProperty({ type: String, nullable: true, description: 'What was done.', example: null })
  rectification: string | null;

  @ApiProperty({ type: String, format: 'date', nullable: true, description: 'When.', example: null })
  rectifiedOn: string | null;

  @ApiProperty({
    type: String,
    format: 'date',
    nullable: true,
    description: 'When it was over.',
    example: null,
  })
  closedOn: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Why it was taken back.', example: null })
  closingReason: string | null;

  @ApiProperty({ type: [EvidenceDto], description: 'Pictures and papers.' })
  evidence: EvidenceDto[];

  @ApiProperty({ type: [ReinspectionDto], description: 'When somebody looked again.' })
  reinspections: ReinspectionDto[];

  @ApiProperty({ type: 'integer', description: 'Grows by one with each change.', example: 1 })
  version: number;
}

export class SuspensionDto {
  @ApiProperty({ format: 'uuid', description: 'The finding.', example: FINDING_ID })
  findingId: string;

  @ApiProperty({ enum: CONCERNS, description: 'What takes no new bookings.', example: 'offering' })
  concerns: 'site' | 'kind' | 'offering';

  @ApiPropertyOptional({ description: 'Kind of service.', example: 'meals' })
  kind?: string;

  @ApiPropertyOptional({ format: 'uuid', description: 'Offering.', example: FINDING_ID })
  offeringId?: string;

  @ApiProperty({ format: 'date', description: 'Since when.', example: '2026-12-05' })
  since: string;
}

export class SuspendedSiteDto {
  @ApiProperty({ format: 'uuid', description: 'The site.', example: SITE_ID })
  siteId: string;

  @ApiProperty({ type: [SuspensionDto], description: 'What takes no new bookings there, and why.' })
  blocks: SuspensionDto[];
}
