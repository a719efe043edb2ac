import { FINDING_SEVERITIES, type FindingSeverity } from '@doorstep/contracts';
import { PageQuery } from '@doorstep/platform';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsObject,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import { KIND, KIND_MESSAGE } from '../contracts/terms.dto';
import { IsDay } from '../shared/day.validator';
import { type Outcome, OUTCOMES } from './checklist';
import { ITEM, ITEM_MESSAGE } from './checklists.dto';
import { INSPECTION_STATUSES, type InspectionStatus } from './inspection';
import type { Side } from './side';

const SITE_ID = '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1c';
const INSPECTION_ID = '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b81';
const NOT_EMPTY = { message: '$property must not be empty' };

export class PlanInspectionDto {
  @ApiProperty({ format: 'uuid', description: 'The site.', example: SITE_ID })
  @IsUUID()
  siteId: string;

  @ApiPropertyOptional({
    description: 'Only this kind of service; left out: the site as a whole.',
    example: 'meals',
  })
  @IsOptional()
  @Matches(KIND, KIND_MESSAGE)
  kind?: string;

  @ApiProperty({
    format: 'date',
    description: 'Day; the checklist is the one that holds there on it.',
    example: '2026-12-05',
  })
  @IsDay()
  plannedOn: string;
}

export class ItemResultDto {
  @ApiProperty({ description: 'Item of the checklist.', example: 'fire_exits' })
  @Matches(ITEM, ITEM_MESSAGE)
  item: string;

  @ApiProperty({ enum: OUTCOMES, description: 'How it was.', example: 'fail' })
  @IsIn(OUTCOMES)
  outcome: Outcome;
}

export class GivenFindingDto {
  @ApiPropertyOptional({
    description: 'The item that failed; left out: found beside the list.',
    example: 'fire_exits',
  })
  @IsOptional()
  @Matches(ITEM, ITEM_MESSAGE)
  item?: string;

  @ApiProperty({
    enum: FINDING_SEVERITIES,
    description: 'At least as grave as the item says. A severe one stops new bookings at once.',
    example: 'severe',
  })
  @IsIn(FINDING_SEVERITIES)
  severity: FindingSeverity;

  @ApiPropertyOptional({ description: 'The kind of service that it concerns.', example: 'meals' })
  @IsOptional()
  @Matches(KIND, KIND_MESSAGE)
  kind?: string;

  @ApiPropertyOptional({
    format: 'uuid',
    description: 'The one offering that it concerns. Neither kind nor offering: the whole site.',
    example: '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b71',
  })
  @IsOptional()
  @IsUUID()
  offeringId?: string;

  @ApiProperty({ description: 'What has to be put right.', example: '东侧安全出口上锁', maxLength: 1000 })
  @IsString()
  @Matches(/\S/, NOT_EMPTY)
  @MaxLength(1000)
  description: string;

  @ApiProperty({ format: 'date', description: 'Last day to put it right.', example: '2026-12-12' })
  @IsDay()
  rectifyBy: string;
}

export class CarryOutDto {
  @ApiPropertyOptional({ format: 'date', description: 'When; default: today.', example: '2026-12-05' })
  @IsOptional()
  @IsDay()
  on?: string;

  @ApiProperty({
    type: [ItemResultDto],
    description: 'Each item of the checklist, judged once.',
    maxItems: 100,
  })
  @IsArray()
  @ArrayMaxSize(100)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => ItemResultDto)
  results: ItemResultDto[];

  @ApiProperty({
    type: [GivenFindingDto],
    description: 'One for each item that failed, and others.',
    maxItems: 100,
  })
  @IsArray()
  @ArrayMaxSize(100)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => GivenFindingDto)
  findings: GivenFindingDto[];
}

export class ReasonDto {
  @ApiProperty({ description: 'Why.', example: '重复登记', maxLength: 500 })
  @IsString()
  @Matches(/\S/, NOT_EMPTY)
  @MaxLength(500)
  reason: string;
}

export class InspectionsQuery extends PageQuery {
  @ApiPropertyOptional({ format: 'uuid', description: 'Only of this site.', example: SITE_ID })
  @IsOptional()
  @IsUUID()
  siteId?: string;

  @ApiPropertyOptional({ enum: INSPECTION_STATUSES, description: 'Only these.', example: 'planned' })
  @IsOptional()
  @IsIn(INSPECTION_STATUSES)
  status?: InspectionStatus;
}

export class InspectionDto {
  @ApiProperty({ format: 'uuid', description: 'Id.', example: INSPECTION_ID })
  id: string;

  @ApiProperty({ format: 'uuid', description: 'The site.', example: SITE_ID })
  siteId: string;

  @ApiProperty({
    format: 'uuid',
    description: 'What is looked at.',
    example: '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b80',
  })
  checklistId: string;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Kind; null: the site as a whole.',
    example: null,
  })
  kind: string | null;

  @ApiProperty({ enum: ['authority', 'operator'], description: 'Whose inspectors.', example: 'authority' })
  inspectedBy: Side;

  @ApiProperty({ format: 'uuid', description: 'Who planned or carried it out.', example: INSPECTION_ID })
  inspectorId: string;

  @ApiProperty({ format: 'date', description: 'Planned for.', example: '2026-12-05' })
  plannedOn: string;

  @ApiProperty({ enum: INSPECTION_STATUSES, description: 'Where it is.', example: 'carried_out' })
  status: InspectionStatus;

  @ApiProperty({ type: String, nullable: true, description: 'Why it was cancelled.', example: null })
  statusReason: string | null;

  @ApiProperty({ type: String, format: 'date', nullable: true, description: 'When.', example: '2026-12-05' })
  carriedOutOn: string | null;

  @ApiProperty({ type: [ItemResultDto], nullable: true, description: 'How each item was.' })
  results: ItemResultDto[] | null;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'Share of the weight that passed, in basis points; null when nothing could be judged.',
    example: 8000,
  })
  scoreBp: number | null;

  @ApiProperty({
    type: String,
    format: 'date',
    nullable: true,
    description: 'When its last finding was over.',
    example: null,
  })
  closedOn: string | null;

  @ApiProperty({ type: 'integer', description: 'Grows by one with each change.', example: 2 })
  version: number;

  @ApiProperty({
    format: 'date-time',
    description: 'When it was planned.',
    example: '2026-12-01T01:00:00.000Z',
  })
  createdAt: Date;
}
