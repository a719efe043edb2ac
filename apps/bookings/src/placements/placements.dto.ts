import { BodyExample, PageQuery } from '@doorstep/platform';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsIn,
  IsOptional,
  IsUUID,
  Matches,
} from 'class-validator';
import { ABSENCE_KINDS, type AbsenceKind } from '../absences/absence';
import { OUTCOMES, type Outcome } from '../attendance/attendance';
import { IsDay } from '../day.validator';
import { CLOCK } from '../groups/groups.dto';
import { AGE_CLASSES, type AgeClass } from '../standards/standard';
import { DAY_PARTS, type DayPart, PLACEMENT_STATUSES, type PlacementStatus } from './placement';
import { CareTermsDto } from './terms.dto';

const ID = '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1a';

export class TakeDaysDto {
  @ApiProperty({ description: 'The group.', format: 'uuid', example: ID })
  @IsUUID()
  groupId: string;

  @ApiProperty({ description: 'The child.', format: 'uuid', example: ID })
  @IsUUID()
  residentId: string;

  @ApiProperty({
    description: 'The days, within a month.',
    type: [String],
    minItems: 1,
    maxItems: 31,
    example: ['2026-12-01'],
  })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(31)
  @ArrayUnique()
  @IsDay({ each: true })
  days: string[];

  @ApiPropertyOptional({ description: 'The whole day or a half of it.', enum: DAY_PARTS, default: 'day' })
  @IsOptional()
  @IsIn(DAY_PARTS)
  part: DayPart = 'day';
}

@BodyExample({ mode: 'full_day', pattern: [{ weekday: 1, part: 'day' }], from: '2027-02-01' })
export class ChangePlacementDto extends CareTermsDto {
  @ApiProperty({ description: 'First day on the new terms.', format: 'date', example: '2027-02-01' })
  @IsDay()
  from: string;

  @ApiPropertyOptional({ description: 'Another group; left out: the same.', format: 'uuid', example: ID })
  @IsOptional()
  @IsUUID()
  groupId?: string;
}

export class EndPlacementDto {
  @ApiProperty({ description: 'First day without a place.', format: 'date', example: '2027-02-01' })
  @IsDay()
  on: string;

  @ApiProperty({
    description: 'Why, as a code: it is told to other services, so it never carries personal data.',
    pattern: '^[a-z][a-z0-9_]{1,59}$',
    example: 'moved_away',
  })
  @Matches(/^[a-z][a-z0-9_]{1,59}$/)
  reason: string;
}

export class ReserveDto {
  @ApiProperty({ description: 'The day.', format: 'date', example: '2026-12-01' })
  @IsDay()
  day: string;

  @ApiPropertyOptional({ description: 'By the hour: from when, wall clock.', example: '09:00' })
  @IsOptional()
  @Matches(CLOCK)
  fromAt?: string;

  @ApiPropertyOptional({ description: 'By the hour: until when.', example: '11:30' })
  @IsOptional()
  @Matches(CLOCK)
  toAt?: string;

  @ApiPropertyOptional({ description: 'By the day: the whole day or a half of it.', enum: DAY_PARTS })
  @IsOptional()
  @IsIn(DAY_PARTS)
  part?: DayPart;
}

export class PlacementDto extends CareTermsDto {
  @ApiProperty({ description: 'The placement.', format: 'uuid', example: ID })
  id: string;

  @ApiProperty({ description: 'The site.', format: 'uuid', example: ID })
  siteId: string;

  @ApiProperty({ description: 'The offering.', format: 'uuid', example: ID })
  offeringId: string;

  @ApiProperty({ description: 'The group.', format: 'uuid', example: ID })
  groupId: string;

  @ApiProperty({ description: 'Class of the group.', enum: AGE_CLASSES, example: 'toddler' })
  ageClass: AgeClass;

  @ApiProperty({ description: 'The child.', format: 'uuid', example: ID })
  residentId: string;

  @ApiProperty({ description: 'The contract under which it began.', format: 'uuid', example: ID })
  contractId: string;

  @ApiProperty({ description: 'First day.', format: 'date', example: '2027-01-04' })
  from: string;

  @ApiProperty({ description: 'First day that is out.', format: 'date', example: '2027-08-14' })
  to: string;

  @ApiProperty({
    description: 'Why it ends then: a term, or the age for the group or for the service.',
    enum: ['term_over', 'outgrows_group', 'outgrows_service'],
    example: 'outgrows_group',
  })
  endsBecause: string;

  @ApiProperty({ description: 'Where it is.', enum: PLACEMENT_STATUSES, example: 'standing' })
  status: PlacementStatus;

  @ApiPropertyOptional({ description: 'Why it ended.', example: 'moved_away' })
  endReason?: string;

  @ApiPropertyOptional({
    description: 'Until when the offer stands.',
    format: 'date-time',
    example: '2026-12-04T01:00:00Z',
  })
  acceptBy?: string;

  @ApiPropertyOptional({ description: 'The application that it answers.', format: 'uuid', example: ID })
  applicationId?: string;

  @ApiPropertyOptional({ description: 'The placement that it goes on from.', format: 'uuid', example: ID })
  continues?: string;

  @ApiProperty({ description: 'Version, from 1.', type: 'integer', example: 1 })
  version: number;
}

export class PlacementsDto {
  @ApiProperty({ description: 'The placements.', type: [PlacementDto] })
  items: PlacementDto[];
}

export class PlacementsQuery extends PageQuery {
  @ApiPropertyOptional({ description: 'At this site.', format: 'uuid', example: ID })
  @IsOptional()
  @IsUUID()
  siteId?: string;

  @ApiPropertyOptional({ description: 'In this group.', format: 'uuid', example: ID })
  @IsOptional()
  @IsUUID()
  groupId?: string;

  @ApiPropertyOptional({ description: 'Of this child.', format: 'uuid', example: ID })
  @IsOptional()
  @IsUUID()
  residentId?: string;

  @ApiPropertyOptional({ description: 'In this state.', enum: PLACEMENT_STATUSES, example: 'standing' })
  @IsOptional()
  @IsIn(PLACEMENT_STATUSES)
  status?: PlacementStatus;

  @ApiPropertyOptional({ description: 'That covers this day.', format: 'date', example: '2026-12-01' })
  @IsOptional()
  @IsDay()
  on?: string;
}

export class CareDayDto {
  @ApiProperty({ description: 'The day.', format: 'date', example: '2026-12-01' })
  day: string;

  @ApiProperty({ description: 'From when, wall clock.', example: '08:00' })
  fromAt: string;

  @ApiProperty({ description: 'Until when.', example: '17:30' })
  toAt: string;

  @ApiPropertyOptional({ description: 'Out of the contingent, in minutes.', type: 'integer', example: 150 })
  spentMinutes?: number;

  @ApiPropertyOptional({ description: 'Absent, and how it counts.', enum: ABSENCE_KINDS, example: 'sick' })
  absenceKind?: AbsenceKind;

  @ApiPropertyOptional({ description: 'What was recorded.', enum: OUTCOMES, example: 'attended' })
  outcome?: Outcome;
}

export class CareDaysDto {
  @ApiProperty({ description: 'Planned and reserved days.', type: [CareDayDto] })
  items: CareDayDto[];
}
