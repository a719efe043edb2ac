import { IsInstant, PageQuery } from '@doorstep/platform';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsIn,
  IsNumber,
  IsOptional,
  Matches,
  Max,
  Min,
} from 'class-validator';
import { ABSENCE_KINDS, type AbsenceKind } from '../absences/absence';
import { IsDay } from '../day.validator';
import { OUTCOMES, type Outcome, SYMPTOMS, type Symptom } from './attendance';

const ID = '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1a';
const AT = '2026-12-01T00:05:00Z';

export class ChildCheckInDto {
  @ApiProperty({ description: 'Degrees Celsius, to a tenth.', minimum: 34, maximum: 43, example: 36.5 })
  @IsNumber({ maxDecimalPlaces: 1 })
  @Min(34)
  @Max(43)
  temperature: number;

  @ApiProperty({ description: 'What is seen.', enum: SYMPTOMS, isArray: true, example: [] })
  @IsArray()
  @ArrayMaxSize(SYMPTOMS.length)
  @ArrayUnique()
  @IsIn(SYMPTOMS, { each: true })
  symptoms: Symptom[];
}

export class CorrectDayDto {
  @ApiProperty({ description: 'What really was.', enum: ['attended', 'absent'], example: 'attended' })
  @IsIn(['attended', 'absent'])
  outcome: 'attended' | 'absent';

  @ApiPropertyOptional({
    description: 'When the child came; with attended.',
    format: 'date-time',
    example: AT,
  })
  @IsOptional()
  @IsInstant()
  checkedInAt?: string;

  @ApiPropertyOptional({ description: 'When it left; with attended.', format: 'date-time', example: AT })
  @IsOptional()
  @IsInstant()
  checkedOutAt?: string;

  @ApiPropertyOptional({ description: 'How it counts; with absent.', enum: ABSENCE_KINDS, example: 'sick' })
  @IsOptional()
  @IsIn(ABSENCE_KINDS)
  absenceKind?: AbsenceKind;

  @ApiProperty({
    description: 'Why, as a code: it is told to other services, so it never carries personal data.',
    pattern: '^[a-z][a-z0-9_]{1,59}$',
    example: 'check_in_forgotten',
  })
  @Matches(/^[a-z][a-z0-9_]{1,59}$/)
  reason: string;
}

export class DayRecordDto {
  @ApiProperty({ description: 'The placement.', format: 'uuid', example: ID })
  placementId: string;

  @ApiProperty({ description: 'The child.', format: 'uuid', example: ID })
  residentId: string;

  @ApiProperty({ description: 'The day.', format: 'date', example: '2026-12-01' })
  day: string;

  @ApiProperty({ description: 'Planned from, wall clock.', example: '08:00' })
  fromAt: string;

  @ApiProperty({ description: 'Planned until.', example: '17:30' })
  toAt: string;

  @ApiPropertyOptional({ description: 'Absent, and how it counts.', enum: ABSENCE_KINDS, example: 'sick' })
  absenceKind?: AbsenceKind;

  @ApiPropertyOptional({ description: 'What was recorded.', enum: OUTCOMES, example: 'attended' })
  outcome?: Outcome;

  @ApiProperty({
    description: 'How many times the day was recorded; 0: not yet.',
    type: 'integer',
    example: 2,
  })
  revision: number;

  @ApiPropertyOptional({ description: 'When the child came.', format: 'date-time', example: AT })
  checkedInAt?: string;

  @ApiPropertyOptional({ description: 'When it left.', format: 'date-time', example: AT })
  checkedOutAt?: string;

  @ApiProperty({ description: 'Minutes there.', type: 'integer', example: 540 })
  minutes: number;

  @ApiProperty({ description: 'Minutes of a late pick-up.', type: 'integer', example: 0 })
  lateMinutes: number;
}

export class CareRecordDto {
  @ApiProperty({ description: 'From 1; the highest holds.', type: 'integer', example: 1 })
  revision: number;

  @ApiProperty({ description: 'What was recorded.', enum: OUTCOMES, example: 'checked_in' })
  outcome: Outcome;

  @ApiPropertyOptional({ description: 'When the child came.', format: 'date-time', example: AT })
  checkedInAt?: string;

  @ApiPropertyOptional({ description: 'When it left.', format: 'date-time', example: AT })
  checkedOutAt?: string;

  @ApiProperty({ description: 'Minutes there.', type: 'integer', example: 540 })
  minutes: number;

  @ApiProperty({ description: 'Minutes of a late pick-up.', type: 'integer', example: 0 })
  lateMinutes: number;

  @ApiPropertyOptional({ description: 'How an absence counts.', enum: ABSENCE_KINDS, example: 'sick' })
  absenceKind?: AbsenceKind;

  @ApiPropertyOptional({ description: 'Degrees Celsius at the door.', example: 36.5 })
  temperature?: number;

  @ApiPropertyOptional({
    description: 'What was seen at the door.',
    enum: SYMPTOMS,
    isArray: true,
    example: [],
  })
  symptoms?: Symptom[];

  @ApiPropertyOptional({ description: 'Why the child was not let in.', type: [String], example: ['fever'] })
  findings?: string[];

  @ApiPropertyOptional({ description: 'Why it was corrected.', example: 'check_in_forgotten' })
  reason?: string;

  @ApiProperty({ description: 'Who recorded it.', format: 'uuid', example: ID })
  recordedBy: string;

  @ApiProperty({ description: 'When.', format: 'date-time', example: AT })
  recordedAt: string;
}

export class RosterQuery extends PageQuery {
  @ApiProperty({ description: 'The day.', format: 'date', example: '2026-12-01' })
  @IsDay()
  day: string;
}
