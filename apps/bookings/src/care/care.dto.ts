import { CARE_LEVELS, type CareLevel } from '@doorstep/contracts';
import type { Day } from '@doorstep/kernel';
import { PageQuery } from '@doorstep/platform';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  Max,
  MaxLength,
  Min,
  MinLength,
  ValidateNested,
} from 'class-validator';
import { IsDay } from '../day.validator';
import { OccurrenceDto } from '../series/series.dto';
import { PLAN_STATUSES, type PlanStatus } from './plan';

const ID = '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1a';
const REGION = /^(\d{2}|\d{4}|\d{6}|\d{9}|\d{12})$/;
const REASON = /^[a-z][a-z0-9_]{1,59}$/;

export class CareNameDto {
  @ApiProperty({ description: 'In Chinese.', minLength: 1, maxLength: 100, example: '助浴' })
  @IsString()
  @MinLength(1)
  @MaxLength(100)
  zh: string;

  @ApiPropertyOptional({ description: 'In English.', maxLength: 100, example: 'bathing' })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  en?: string;
}

class GrantDto {
  @ApiProperty({
    description: 'The service, as a code.',
    pattern: '^[a-z][a-z0-9_]{1,39}$',
    example: 'bathing',
  })
  @Matches(/^[a-z][a-z0-9_]{1,39}$/)
  service: string;

  @ApiProperty({
    description: 'What the carer has to know: a skill that the offering asks for.',
    pattern: '^[a-z][a-z0-9_]{1,59}$',
    example: 'bedside_care',
  })
  @Matches(/^[a-z][a-z0-9_]{1,59}$/)
  skill: string;

  @ApiProperty({ description: 'Minutes each time.', type: 'integer', minimum: 5, maximum: 720, example: 60 })
  @IsInt()
  @Min(5)
  @Max(720)
  minutes: number;

  @ApiProperty({
    description: 'Times a week; 0: granted no longer.',
    type: 'integer',
    minimum: 0,
    maximum: 7,
    example: 3,
  })
  @IsInt()
  @Min(0)
  @Max(7)
  timesPerWeek: number;
}

export class SetCareGrantDto extends GrantDto {
  @ApiPropertyOptional({
    description: 'Where: the code of a region. Left out (administrators alone): everywhere.',
    pattern: REGION.source,
    example: '3101',
  })
  @IsOptional()
  @Matches(REGION)
  regionCode?: string;

  @ApiProperty({ description: 'First day on which it is granted.', format: 'date', example: '2027-01-01' })
  @IsDay()
  from: string;

  @ApiProperty({ description: 'To which level, GB/T 42195-2022.', enum: CARE_LEVELS, example: 'severe' })
  @IsIn(CARE_LEVELS)
  careLevel: CareLevel;

  @ApiProperty({ description: 'What it is called.', type: CareNameDto })
  @IsObject()
  @ValidateNested()
  @Type(() => CareNameDto)
  name: CareNameDto;
}

export class CareGrantDto extends GrantDto {
  @ApiProperty({ description: 'The grant.', format: 'uuid', example: ID })
  id: string;

  @ApiProperty({
    description: 'Where; null: everywhere.',
    type: 'string',
    nullable: true,
    example: '3101',
  })
  regionCode: string | null;

  @ApiProperty({ description: 'First day.', format: 'date', example: '2027-01-01' })
  from: Day;

  @ApiProperty({ description: 'To which level.', enum: CARE_LEVELS, example: 'severe' })
  careLevel: CareLevel;

  @ApiProperty({ description: 'In Chinese.', example: '助浴' })
  nameZh: string;

  @ApiProperty({ description: 'In English; null: none.', type: 'string', nullable: true, example: 'bathing' })
  nameEn: string | null;
}

export class ProposePlanDto {
  @ApiProperty({ description: 'Whom the plan is for.', format: 'uuid', example: ID })
  @IsUUID()
  residentId: string;

  @ApiProperty({ description: 'The site whose carers go.', format: 'uuid', example: ID })
  @IsUUID()
  siteId: string;

  @ApiProperty({ description: 'First day.', format: 'date', example: '2026-11-09' })
  @IsDay()
  from: string;

  @ApiPropertyOptional({
    description: 'For how many weeks.',
    type: 'integer',
    minimum: 1,
    maximum: 52,
    default: 4,
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(52)
  weeks: number = 4;

  @ApiPropertyOptional({
    description: 'Time of day that suits best, site-local.',
    pattern: '^([01]\\d|2[0-3]):[0-5]\\d$',
    default: '09:00',
    example: '09:00',
  })
  @IsOptional()
  @Matches(/^([01]\d|2[0-3]):[0-5]\d$/)
  preferredTime: string = '09:00';
}

export class AcceptPlanDto {
  @ApiPropertyOptional({
    description: 'When a visit can’t be booked: fail books nothing at all, skip leaves it out and says why.',
    enum: ['fail', 'skip'],
    default: 'fail',
  })
  @IsOptional()
  @IsIn(['fail', 'skip'])
  onConflict: 'fail' | 'skip' = 'fail';
}

export class EndPlanDto {
  @ApiProperty({
    description: 'Why, as a code: it is told with each cancelled visit.',
    pattern: REASON.source,
    example: 'level_changed',
  })
  @Matches(REASON)
  reason: string;
}

export class PlansQuery extends PageQuery {
  @ApiPropertyOptional({ description: 'Plans of this resident.', format: 'uuid', example: ID })
  @IsOptional()
  @IsUUID()
  residentId?: string;
}

export class PlanLineDto extends GrantDto {
  @ApiProperty({ description: 'What is booked.', format: 'uuid', example: ID })
  offeringId: string;

  @ApiProperty({
    description: 'ISO weekdays, 1 = Monday.',
    isArray: true,
    type: 'integer',
    example: [1, 3, 5],
  })
  weekdays: number[];

  @ApiProperty({ description: 'Time of day, site-local.', example: '09:00' })
  time: string;

  @ApiProperty({ description: 'Minutes of each visit as it is offered.', type: 'integer', example: 60 })
  visitMinutes: number;

  @ApiProperty({ description: 'First start, site-local.', example: '2026-11-09T09:00' })
  start: string;

  @ApiProperty({
    description: 'RRULE of RFC 5545.',
    example: 'FREQ=WEEKLY;BYDAY=MO,WE,FR;COUNT=12',
  })
  rule: string;

  @ApiPropertyOptional({ description: 'Its series, once the plan is accepted.', format: 'uuid', example: ID })
  seriesId?: string;

  @ApiPropertyOptional({
    description: 'Each visit, or what would become of it; when one plan is shown.',
    type: OccurrenceDto,
    isArray: true,
  })
  occurrences?: OccurrenceDto[];
}

export class MissingGrantDto extends GrantDto {
  @ApiProperty({
    description:
      'not_offered: by nothing at this site; no_time: not so often, or only at the time of other visits.',
    enum: ['not_offered', 'no_time'],
    example: 'not_offered',
  })
  reason: 'not_offered' | 'no_time';
}

export class CarePlanDto {
  @ApiProperty({ description: 'The plan.', format: 'uuid', example: ID })
  id: string;

  @ApiProperty({ description: 'The operator.', format: 'uuid', example: ID })
  operatorId: string;

  @ApiProperty({ description: 'The site.', format: 'uuid', example: ID })
  siteId: string;

  @ApiProperty({ description: 'Whom it is for.', format: 'uuid', example: ID })
  residentId: string;

  @ApiProperty({ description: 'The level that it was made for.', enum: CARE_LEVELS, example: 'severe' })
  careLevel: string;

  @ApiProperty({ description: 'First day.', format: 'date', example: '2026-11-09' })
  from: string;

  @ApiProperty({ description: 'For how many weeks.', type: 'integer', example: 4 })
  weeks: number;

  @ApiProperty({ description: 'Where it is in its life.', enum: PLAN_STATUSES, example: 'proposed' })
  status: PlanStatus;

  @ApiProperty({ description: 'Weekly visits.', type: PlanLineDto, isArray: true })
  lines: PlanLineDto[];

  @ApiProperty({ description: 'Granted, and not to be had here.', type: MissingGrantDto, isArray: true })
  missing: MissingGrantDto[];

  @ApiProperty({ description: 'When it was made.', format: 'date-time', example: '2026-11-02T01:00:00.000Z' })
  createdAt: string;

  @ApiPropertyOptional({
    description: 'When it was ended.',
    format: 'date-time',
    example: '2026-12-02T01:00:00.000Z',
  })
  endedAt?: string;
}
