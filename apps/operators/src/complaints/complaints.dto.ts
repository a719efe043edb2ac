import { COMPLAINT_SEVERITIES, type ComplaintSeverity } from '@doorstep/contracts';
import { PageQuery } from '@doorstep/platform';
import { ApiProperty, ApiPropertyOptional, PartialType, PickType } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsBoolean, IsIn, IsOptional, IsString, IsUUID, Matches, MaxLength } from 'class-validator';
import { IsDay } from '../shared/day.validator';
import { COMPLAINT_CATEGORIES, COMPLAINT_STATUSES, type ComplaintStatus } from './complaint';

const SITE_ID = '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1c';
const ID = '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b90';
const CATEGORY = /^[a-z][a-z0-9_]{1,39}$/;
const NOT_EMPTY = { message: '$property must not be empty' };

export class OpenComplaintDto {
  @ApiProperty({ format: 'uuid', description: 'The site.', example: SITE_ID })
  @IsUUID()
  siteId: string;

  @ApiPropertyOptional({
    format: 'uuid',
    description: 'The booking at that site that it is about.',
    example: ID,
  })
  @IsOptional()
  @IsUUID()
  bookingId?: string;

  @ApiProperty({
    description: `What it is about: ${COMPLAINT_CATEGORIES.join(', ')}, or another word.`,
    example: 'food',
  })
  @Matches(CATEGORY, { message: 'category must be a word such as food' })
  category: string;

  @ApiProperty({ enum: COMPLAINT_SEVERITIES, description: 'How grave it is.', example: 'medium' })
  @IsIn(COMPLAINT_SEVERITIES)
  severity: ComplaintSeverity;

  @ApiProperty({
    description: 'What was said; it never leaves this service.',
    example: '送到时已凉',
    maxLength: 2000,
  })
  @IsString()
  @Matches(/\S/, NOT_EMPTY)
  @MaxLength(2000)
  text: string;
}

export class AssignComplaintDto extends PartialType(PickType(OpenComplaintDto, ['severity']), {
  skipNullProperties: false,
}) {
  @ApiPropertyOptional({ format: 'date', description: 'New last day for an answer.', example: '2026-12-15' })
  @IsOptional()
  @IsDay()
  answerBy?: string;

  @ApiPropertyOptional({ format: 'uuid', description: 'The account that looks after it.', example: ID })
  @IsOptional()
  @IsUUID()
  ownerId?: string;
}

export class AnswerComplaintDto {
  @ApiProperty({ description: 'The answer.', example: '已更换保温箱并致歉', maxLength: 2000 })
  @IsString()
  @Matches(/\S/, NOT_EMPTY)
  @MaxLength(2000)
  answer: string;

  @ApiProperty({ description: 'Whether the complaint was right.', example: true })
  @IsBoolean()
  upheld: boolean;
}

export class ReopenComplaintDto {
  @ApiProperty({ description: 'Why.', example: '仍未改善', maxLength: 2000 })
  @IsString()
  @Matches(/\S/, NOT_EMPTY)
  @MaxLength(2000)
  reason: string;
}

export class ComplaintsQuery extends PageQuery {
  @ApiPropertyOptional({ format: 'uuid', description: 'Only of this site.', example: SITE_ID })
  @IsOptional()
  @IsUUID()
  siteId?: string;

  @ApiPropertyOptional({ enum: COMPLAINT_STATUSES, description: 'Only these.', example: 'open' })
  @IsOptional()
  @IsIn(COMPLAINT_STATUSES)
  status?: ComplaintStatus;

  @ApiPropertyOptional({ description: 'Only about this.', example: 'food' })
  @IsOptional()
  @Matches(CATEGORY)
  category?: string;

  @ApiPropertyOptional({
    format: 'uuid',
    description: 'Only those that this account looks after.',
    example: ID,
  })
  @IsOptional()
  @IsUUID()
  ownerId?: string;

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

export class ComplaintStepDto {
  @ApiProperty({ format: 'date-time', description: 'When.', example: '2026-12-08T02:00:00.000Z' })
  at: Date;

  @ApiProperty({ enum: ['answered', 'reopened'], description: 'What happened.', example: 'answered' })
  step: 'answered' | 'reopened';

  @ApiProperty({ description: 'What was said.', example: '已更换保温箱并致歉' })
  text: string;
}

export class ComplaintDto {
  @ApiProperty({ format: 'uuid', description: 'Id.', example: ID })
  id: string;

  @ApiProperty({ format: 'uuid', description: 'The site.', example: SITE_ID })
  siteId: string;

  @ApiProperty({ type: String, format: 'uuid', nullable: true, description: 'The booking.', example: null })
  bookingId: string | null;

  @ApiProperty({ description: 'What it is about.', example: 'food' })
  category: string;

  @ApiProperty({ enum: COMPLAINT_SEVERITIES, description: 'How grave it is.', example: 'medium' })
  severity: ComplaintSeverity;

  @ApiProperty({ description: 'What was said.', example: '送到时已凉' })
  text: string;

  @ApiProperty({
    type: String,
    format: 'uuid',
    nullable: true,
    description: 'Who looks after it.',
    example: null,
  })
  ownerId: string | null;

  @ApiProperty({ format: 'date', description: 'When it came in.', example: '2026-12-05' })
  openedOn: string;

  @ApiProperty({ format: 'date', description: 'Last day for an answer.', example: '2026-12-12' })
  answerBy: string;

  @ApiProperty({ enum: COMPLAINT_STATUSES, description: 'Where it is.', example: 'open' })
  status: ComplaintStatus;

  @ApiProperty({ description: 'Whether its time is over.', example: false })
  overdue: boolean;

  @ApiProperty({ type: String, nullable: true, description: 'The answer.', example: null })
  answer: string | null;

  @ApiProperty({
    type: String,
    format: 'date',
    nullable: true,
    description: 'When it was answered.',
    example: null,
  })
  answeredOn: string | null;

  @ApiProperty({ type: Boolean, nullable: true, description: 'Whether it was right.', example: null })
  upheld: boolean | null;

  @ApiProperty({
    type: String,
    format: 'date',
    nullable: true,
    description: 'When it was closed.',
    example: null,
  })
  closedOn: string | null;

  @ApiProperty({ type: 'integer', description: 'How often it was opened again.', example: 0 })
  reopened: number;

  @ApiProperty({ type: [ComplaintStepDto], description: 'All answers and reopenings, oldest first.' })
  steps: ComplaintStepDto[];

  @ApiProperty({ type: 'integer', description: 'Grows by one with each change.', example: 1 })
  version: number;

  @ApiProperty({
    format: 'date-time',
    description: 'When it was entered.',
    example: '2026-12-05T02:00:00.000Z',
  })
  createdAt: Date;
}
