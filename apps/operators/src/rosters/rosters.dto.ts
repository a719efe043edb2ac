import { IsInstant, PageQuery } from '@doorstep/platform';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  IsArray,
  IsIn,
  IsInt,
  IsOptional,
  IsUUID,
  Matches,
  Max,
  Min,
} from 'class-validator';
import { IsDay } from '../shared/day.validator';
import { type Purpose, PURPOSES } from './roster';
import { ABSENCE_KINDS, type AbsenceKind } from './rosters.queries';

const SITE_ID = '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1c';
const STAFF_ID = '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b30';
const ID = '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2ba0';
const CLOCK = /^([01]\d|2[0-3]):[0-5]\d$/;
const CLOCK_MESSAGE = { message: '$property must be a time of the day: HH:MM' };

class WorkDto {
  @ApiProperty({ format: 'uuid', description: 'The member of staff.', example: STAFF_ID })
  @IsUUID()
  staffId: string;

  @ApiProperty({ format: 'uuid', description: 'One of their sites.', example: SITE_ID })
  @IsUUID()
  siteId: string;

  @ApiProperty({ enum: PURPOSES, description: 'At the site, or on visits from it.', example: 'site' })
  @IsIn(PURPOSES)
  purpose: Purpose;
}

export class PlanPatternDto extends WorkDto {
  @ApiProperty({
    type: [Number],
    description: 'Weekdays on which it begins; 1 is Monday.',
    example: [1, 2, 3, 4, 5],
  })
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(7)
  @IsInt({ each: true })
  @Min(1, { each: true })
  @Max(7, { each: true })
  weekdays: number[];

  @ApiProperty({ description: 'Start on the clock of the site.', example: '08:00' })
  @Matches(CLOCK, CLOCK_MESSAGE)
  starts: string;

  @ApiProperty({ description: 'End; not after the start: on the next day.', example: '16:00' })
  @Matches(CLOCK, CLOCK_MESSAGE)
  ends: string;

  @ApiProperty({ format: 'date', description: 'First day.', example: '2026-12-07' })
  @IsDay()
  from: string;

  @ApiPropertyOptional({
    format: 'date',
    description: 'First day that is out; left out: no end.',
    example: '2027-07-01',
  })
  @IsOptional()
  @IsDay()
  to?: string;
}

class SpanDto {
  @ApiProperty({ format: 'date-time', description: 'Start.', example: '2026-12-07T00:00:00Z' })
  @IsInstant()
  start: string;

  @ApiProperty({ format: 'date-time', description: 'End.', example: '2026-12-07T08:00:00Z' })
  @IsInstant()
  end: string;
}

export class EnterShiftDto extends WorkDto implements SpanDto {
  @ApiProperty({ format: 'date-time', description: 'Start.', example: '2026-12-07T00:00:00Z' })
  @IsInstant()
  start: string;

  @ApiProperty({
    format: 'date-time',
    description: 'End; at most 24 hours later.',
    example: '2026-12-07T08:00:00Z',
  })
  @IsInstant()
  end: string;
}

export class EnterAbsenceDto extends SpanDto {
  @ApiProperty({ format: 'uuid', description: 'The member of staff.', example: STAFF_ID })
  @IsUUID()
  staffId: string;

  @ApiProperty({ enum: ABSENCE_KINDS, description: 'Why they are away.', example: 'leave' })
  @IsIn(ABSENCE_KINDS)
  kind: AbsenceKind;
}

export class AbsencesQuery extends PageQuery {
  @ApiPropertyOptional({ format: 'uuid', description: 'Only of this member of staff.', example: STAFF_ID })
  @IsOptional()
  @IsUUID()
  staffId?: string;
}

export class PatternsQuery extends AbsencesQuery {
  @ApiPropertyOptional({ format: 'uuid', description: 'Only at this site.', example: SITE_ID })
  @IsOptional()
  @IsUUID()
  siteId?: string;
}

export class ShiftsQuery extends PatternsQuery {
  @ApiProperty({
    format: 'date-time',
    description: 'Shifts that begin from then on.',
    example: '2026-12-07T00:00:00Z',
  })
  @IsInstant()
  from: string;

  @ApiProperty({
    format: 'date-time',
    description: 'Before then; at most 62 days later.',
    example: '2026-12-14T00:00:00Z',
  })
  @IsInstant()
  to: string;
}

class ShownWorkDto {
  @ApiProperty({ format: 'uuid', description: 'Id.', example: ID })
  id: string;

  @ApiProperty({ format: 'uuid', description: 'The member of staff.', example: STAFF_ID })
  staffId: string;

  @ApiProperty({ format: 'uuid', description: 'The site.', example: SITE_ID })
  siteId: string;

  @ApiProperty({ enum: PURPOSES, description: 'At the site, or on visits from it.', example: 'site' })
  purpose: Purpose;
}

export class PatternDto extends ShownWorkDto {
  @ApiProperty({ type: [Number], description: 'Weekdays; 1 is Monday.', example: [1, 2, 3, 4, 5] })
  weekdays: number[];

  @ApiProperty({ description: 'Start on the clock of the site.', example: '08:00' })
  starts: string;

  @ApiProperty({ description: 'End; not after the start: on the next day.', example: '16:00' })
  ends: string;

  @ApiProperty({ format: 'date', description: 'First day.', example: '2026-12-07' })
  from: string;

  @ApiProperty({ type: String, format: 'date', nullable: true, description: 'First day out.', example: null })
  to: string | null;

  @ApiProperty({ type: 'integer', description: 'Grows by one with each change.', example: 1 })
  version: number;
}

export class ShiftDto extends ShownWorkDto {
  @ApiProperty({ format: 'date', description: "The site's day on which it begins.", example: '2026-12-07' })
  day: string;

  @ApiProperty({ format: 'date-time', description: 'Start.', example: '2026-12-07T00:00:00.000Z' })
  start: Date;

  @ApiProperty({ format: 'date-time', description: 'End.', example: '2026-12-07T08:00:00.000Z' })
  end: Date;

  @ApiProperty({
    type: String,
    format: 'uuid',
    nullable: true,
    description: 'The pattern that made it.',
    example: null,
  })
  patternId: string | null;

  @ApiProperty({ description: 'Whether it was cancelled.', example: false })
  cancelled: boolean;
}

export class AbsenceDto {
  @ApiProperty({ format: 'uuid', description: 'Id.', example: ID })
  id: string;

  @ApiProperty({ format: 'uuid', description: 'The member of staff.', example: STAFF_ID })
  staffId: string;

  @ApiProperty({ enum: ABSENCE_KINDS, description: 'Why they are away.', example: 'leave' })
  kind: AbsenceKind;

  @ApiProperty({ format: 'date-time', description: 'Start.', example: '2026-12-07T00:00:00.000Z' })
  start: Date;

  @ApiProperty({ format: 'date-time', description: 'End.', example: '2026-12-07T08:00:00.000Z' })
  end: Date;

  @ApiProperty({ description: 'Whether it was cancelled.', example: false })
  cancelled: boolean;
}
