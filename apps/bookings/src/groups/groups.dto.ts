import { PageQuery } from '@doorstep/platform';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsInt, IsOptional, IsString, IsUUID, Length, Matches, Max, Min } from 'class-validator';
import { SITE_ABSENCES } from '../absences/absence';
import { IsDay } from '../day.validator';
import { AGE_CLASSES, type AgeClass } from '../standards/standard';

const ID = '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1a';
export const CLOCK = /^([01]\d|2[0-3]):[0-5]\d$/;

export class GroupSizeDto {
  @ApiProperty({ description: 'First day that it holds.', format: 'date', example: '2026-12-01' })
  @IsDay()
  from: string;

  @ApiProperty({ description: 'Places.', type: 'integer', minimum: 0, maximum: 60, example: 15 })
  @IsInt()
  @Min(0)
  @Max(60)
  places: number;

  @ApiProperty({ description: 'Members of staff.', type: 'integer', minimum: 0, maximum: 50, example: 3 })
  @IsInt()
  @Min(0)
  @Max(50)
  staff: number;
}

export class GroupSizeViewDto extends GroupSizeDto {
  @ApiProperty({
    description: 'First day that is out; null: no end is known.',
    type: 'string',
    format: 'date',
    nullable: true,
    example: null,
  })
  to: string | null;
}

export class OpenGroupDto extends GroupSizeDto {
  @ApiProperty({ description: 'The childcare that it is a group of.', format: 'uuid', example: ID })
  @IsUUID()
  offeringId: string;

  @ApiProperty({ description: 'Its name, once at the site.', maxLength: 60, example: '小蜜蜂班' })
  @IsString()
  @Length(1, 60)
  @Matches(/^[^\p{Cc}]+$/u)
  name: string;

  @ApiProperty({ description: 'Class by age.', enum: AGE_CLASSES, example: 'toddler' })
  @IsIn(AGE_CLASSES)
  ageClass: AgeClass;

  @ApiProperty({ description: 'When its day begins, wall clock.', example: '08:00' })
  @Matches(CLOCK)
  opensAt: string;

  @ApiProperty({ description: 'When the morning ends and the afternoon begins.', example: '12:00' })
  @Matches(CLOCK)
  noonAt: string;

  @ApiProperty({ description: 'When its day ends.', example: '17:30' })
  @Matches(CLOCK)
  closesAt: string;
}

export class CareGroupDto {
  @ApiProperty({ description: 'The group.', format: 'uuid', example: ID })
  id: string;

  @ApiProperty({ description: 'Its site.', format: 'uuid', example: ID })
  siteId: string;

  @ApiProperty({ description: 'What it is a group of.', format: 'uuid', example: ID })
  offeringId: string;

  @ApiProperty({ description: 'Name.', example: '小蜜蜂班' })
  name: string;

  @ApiProperty({ description: 'Class by age.', enum: AGE_CLASSES, example: 'toddler' })
  ageClass: AgeClass;

  @ApiProperty({ description: 'When its day begins.', example: '08:00' })
  opensAt: string;

  @ApiProperty({ description: 'When the afternoon begins.', example: '12:00' })
  noonAt: string;

  @ApiProperty({ description: 'When its day ends.', example: '17:30' })
  closesAt: string;

  @ApiProperty({ description: 'Places and staff over time.', type: [GroupSizeViewDto] })
  sizes: GroupSizeViewDto[];

  @ApiProperty({ description: 'Version, from 1.', type: 'integer', example: 1 })
  version: number;
}

export class GroupsQuery extends PageQuery {
  @ApiPropertyOptional({ description: 'Groups of this site.', format: 'uuid', example: ID })
  @IsOptional()
  @IsUUID()
  siteId?: string;

  @ApiPropertyOptional({ description: 'Groups of this offering.', format: 'uuid', example: ID })
  @IsOptional()
  @IsUUID()
  offeringId?: string;
}

export class DaysQuery {
  @ApiProperty({ description: 'First day.', format: 'date', example: '2026-12-01' })
  @IsDay()
  from: string;

  @ApiProperty({
    description: 'First day that is out, 62 days later at most.',
    format: 'date',
    example: '2026-12-08',
  })
  @IsDay()
  to: string;
}

export class GroupDayDto {
  @ApiProperty({ description: 'The day.', format: 'date', example: '2026-12-01' })
  day: string;

  @ApiProperty({ description: 'Places, within the legal maximum.', type: 'integer', example: 15 })
  places: number;

  @ApiProperty({ description: 'Members of staff.', type: 'integer', example: 3 })
  staff: number;

  @ApiProperty({ description: 'Staff that those need who are to come.', type: 'integer', example: 2 })
  staffNeeded: number;

  @ApiProperty({
    description: 'Standing places in the morning, absent children too.',
    type: 'integer',
    example: 9,
  })
  claimedMorning: number;

  @ApiProperty({ description: 'Standing places in the afternoon.', type: 'integer', example: 9 })
  claimedAfternoon: number;

  @ApiProperty({ description: 'Children to come in the morning.', type: 'integer', example: 8 })
  expectedMorning: number;

  @ApiProperty({ description: 'Children to come in the afternoon.', type: 'integer', example: 8 })
  expectedAfternoon: number;

  @ApiProperty({
    description: 'Whole-day places that are left; the ratio may bind earlier.',
    type: 'integer',
    example: 7,
  })
  free: number;

  @ApiProperty({
    description: 'A new standard allows fewer than there are: nobody comes in.',
    example: false,
  })
  over: boolean;
}

export class GroupDaysDto {
  @ApiProperty({ description: 'Each day.', type: [GroupDayDto] })
  items: GroupDayDto[];
}

export class CloseGroupDto {
  @ApiProperty({ description: 'First day.', format: 'date', example: '2026-12-24' })
  @IsDay()
  from: string;

  @ApiProperty({
    description: 'First day that the group is open again.',
    format: 'date',
    example: '2026-12-26',
  })
  @IsDay()
  to: string;

  @ApiProperty({ description: 'Why.', enum: SITE_ABSENCES, example: 'closure' })
  @IsIn(SITE_ABSENCES)
  kind: (typeof SITE_ABSENCES)[number];
}

export class GroupClosedDto {
  @ApiProperty({ description: 'Children who are told to stay away.', type: 'integer', example: 9 })
  children: number;

  @ApiProperty({ description: 'Their days together.', type: 'integer', example: 18 })
  days: number;
}
