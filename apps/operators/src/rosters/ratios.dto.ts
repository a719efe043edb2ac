import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsInt, IsOptional, IsUUID, Matches, Max, Min } from 'class-validator';
import { IsDay } from '../shared/day.validator';
import { RegionalRuleDto, ShownRuleDto } from '../shared/regional-rules.dto';
import type { Basis } from './ratio';

const SITE_ID = '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1c';
const WORD = /^[a-z][a-z0-9_]{1,39}$/;
const WORD_MESSAGE = { message: '$property must be a word such as toddler' };

export class SetRatioDto extends RegionalRuleDto {
  @ApiProperty({ description: 'Its name.', example: 'toddler' })
  @Matches(WORD, WORD_MESSAGE)
  ageClass: string;

  @ApiProperty({
    type: 'integer',
    minimum: 0,
    maximum: 240,
    description: 'From this age in months.',
    example: 12,
  })
  @IsInt()
  @Min(0)
  @Max(240)
  ageMonthsMin: number;

  @ApiProperty({ type: 'integer', minimum: 1, maximum: 240, description: 'Below this age.', example: 24 })
  @IsInt()
  @Min(1)
  @Max(240)
  ageMonthsMax: number;

  @ApiProperty({
    type: 'integer',
    minimum: 1,
    maximum: 100,
    description: 'Children per member of staff.',
    example: 5,
  })
  @IsInt()
  @Min(1)
  @Max(100)
  childrenPerStaff: number;

  @ApiProperty({ description: 'Only who has this skill counts.', example: 'childcare' })
  @Matches(WORD, WORD_MESSAGE)
  skill: string;
}

export class RatioDto extends ShownRuleDto {
  @ApiProperty({ description: 'Its name.', example: 'toddler' })
  ageClass: string;

  @ApiProperty({ type: 'integer', description: 'From this age in months.', example: 12 })
  ageMonthsMin: number;

  @ApiProperty({ type: 'integer', description: 'Below this age.', example: 24 })
  ageMonthsMax: number;

  @ApiProperty({ type: 'integer', description: 'Children per member of staff.', example: 5 })
  childrenPerStaff: number;

  @ApiProperty({ description: 'Only who has this skill counts.', example: 'childcare' })
  skill: string;
}

export class StaffGapsQuery {
  @ApiProperty({ format: 'uuid', description: 'The site.', example: SITE_ID })
  @IsUUID()
  siteId: string;

  @ApiProperty({ format: 'date', description: 'First day.', example: '2026-12-07' })
  @IsDay()
  from: string;

  @ApiProperty({
    format: 'date',
    description: 'First day that is out; at most 14 days later.',
    example: '2026-12-14',
  })
  @IsDay()
  to: string;

  @ApiPropertyOptional({
    enum: ['booked', 'places'],
    default: 'booked',
    description:
      'For the children who are booked or come to their place that day, or as if every place were taken. A half day ends or begins at the noon of its group; who is told to be absent does not count.',
    example: 'booked',
  })
  @IsOptional()
  @IsIn(['booked', 'places'])
  basis: Basis = 'booked';
}

export class GroupNeedDto {
  @ApiProperty({ format: 'uuid', description: 'The offering.', example: SITE_ID })
  offeringId: string;

  @ApiProperty({ description: 'Its name.', example: '小班' })
  name: string;

  @ApiProperty({ description: 'Age class.', example: 'toddler' })
  ageClass: string;

  @ApiProperty({ type: 'integer', description: 'Children.', example: 6 })
  children: number;

  @ApiProperty({ type: 'integer', description: 'Children per member of staff.', example: 5 })
  childrenPerStaff: number;

  @ApiProperty({ type: 'integer', description: 'Staff that they need.', example: 2 })
  needed: number;
}

export class GapDto {
  @ApiProperty({ format: 'date-time', description: 'From.', example: '2026-12-07T00:00:00.000Z' })
  start: Date;

  @ApiProperty({ format: 'date-time', description: 'To.', example: '2026-12-07T02:00:00.000Z' })
  end: Date;

  @ApiProperty({ description: 'The skill that is wanting.', example: 'childcare' })
  skill: string;

  @ApiProperty({ type: 'integer', description: 'Staff that are needed.', example: 3 })
  needed: number;

  @ApiProperty({ type: 'integer', description: 'Staff on shift with the skill.', example: 2 })
  onShift: number;

  @ApiProperty({ type: 'integer', description: 'How many are missing.', example: 1 })
  missing: number;

  @ApiProperty({ type: [GroupNeedDto], description: 'For whom.' })
  groups: GroupNeedDto[];
}

export class StaffGapsDto {
  @ApiProperty({ format: 'uuid', description: 'The site.', example: SITE_ID })
  siteId: string;

  @ApiProperty({ enum: ['booked', 'places'], description: 'For whom it was counted.', example: 'booked' })
  basis: Basis;

  @ApiProperty({ type: [GapDto], description: 'When staff are too few; none: always enough.' })
  gaps: GapDto[];
}
