import { PageQuery } from '@doorstep/platform';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { SYMPTOMS, type Symptom } from '../attendance/attendance';
import { IsDay } from '../day.validator';
import { AGE_CLASSES, type AgeClass } from './standard';

export class ClassLimitsDto {
  @ApiProperty({ description: 'The class.', enum: AGE_CLASSES, example: 'toddler' })
  @IsIn(AGE_CLASSES)
  ageClass: AgeClass;

  @ApiProperty({ description: 'Youngest age in months.', type: 'integer', minimum: 0, example: 12 })
  @IsInt()
  @Min(0)
  @Max(72)
  ageMonthsMin: number;

  @ApiProperty({ description: 'First age in months that is out.', type: 'integer', minimum: 1, example: 24 })
  @IsInt()
  @Min(1)
  @Max(84)
  ageMonthsMax: number;

  @ApiProperty({ description: 'Most children in a group.', type: 'integer', minimum: 1, example: 15 })
  @IsInt()
  @Min(1)
  @Max(60)
  groupMax: number;

  @ApiProperty({
    description: 'Most children for one member of staff; null for mixed: each child by its own age.',
    type: 'integer',
    minimum: 1,
    nullable: true,
    example: 5,
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(100)
  childrenPerStaff: number | null;
}

class StandardFiguresDto {
  @ApiProperty({
    description: 'Age in months at which a child has no place any more.',
    type: 'integer',
    minimum: 1,
    example: 36,
  })
  @IsInt()
  @Min(1)
  @Max(84)
  leavesAtMonths: number;

  @ApiProperty({ description: 'Days of warning before that.', type: 'integer', minimum: 0, example: 60 })
  @IsInt()
  @Min(0)
  @Max(365)
  warnDays: number;

  @ApiProperty({
    description: 'Tenths of a degree Celsius from which a child is not let in.',
    type: 'integer',
    minimum: 360,
    example: 373,
  })
  @IsInt()
  @Min(360)
  @Max(420)
  feverFromTenths: number;

  @ApiProperty({
    description: 'Symptoms with which a child is not let in.',
    enum: SYMPTOMS,
    isArray: true,
    example: ['rash'],
  })
  @IsArray()
  @ArrayMaxSize(SYMPTOMS.length)
  @ArrayUnique()
  @IsIn(SYMPTOMS, { each: true })
  refusedSymptoms: Symptom[];

  @ApiProperty({
    description: 'An absence told so many hours ahead counts as planned.',
    type: 'integer',
    minimum: 0,
    example: 24,
  })
  @IsInt()
  @Min(0)
  @Max(720)
  noticeHours: number;

  @ApiProperty({
    description: 'Minutes after the end within which a pick-up is not late.',
    type: 'integer',
    minimum: 0,
    example: 15,
  })
  @IsInt()
  @Min(0)
  @Max(120)
  graceMinutes: number;

  @ApiProperty({
    description: 'All four classes.',
    type: [ClassLimitsDto],
    minItems: 4,
    maxItems: 4,
    // The 2019 setting standard, as the country has it.
    example: [
      { ageClass: 'infant', ageMonthsMin: 6, ageMonthsMax: 12, groupMax: 10, childrenPerStaff: 3 },
      { ageClass: 'toddler', ageMonthsMin: 12, ageMonthsMax: 24, groupMax: 15, childrenPerStaff: 5 },
      { ageClass: 'older', ageMonthsMin: 24, ageMonthsMax: 36, groupMax: 20, childrenPerStaff: 7 },
      { ageClass: 'mixed', ageMonthsMin: 18, ageMonthsMax: 36, groupMax: 18, childrenPerStaff: null },
    ],
  })
  @IsArray()
  @ArrayMinSize(4)
  @ArrayMaxSize(4)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => ClassLimitsDto)
  classes: ClassLimitsDto[];

  @ApiProperty({ description: 'The paper that says so.', maxLength: 200, example: '国卫人口发〔2019〕58号' })
  @IsString()
  @Length(1, 200)
  source: string;
}

export class SetStandardDto extends StandardFiguresDto {
  @ApiProperty({ description: 'Leading digits of the region.', pattern: '^(\\d{2}){1,3}$', example: '3101' })
  @Matches(/^(\d{2}){1,3}$/)
  regionPrefix: string;

  @ApiProperty({
    description: 'First day that it holds, today at the earliest.',
    format: 'date',
    example: '2027-01-01',
  })
  @IsDay()
  validFrom: string;
}

export class StandardDto extends StandardFiguresDto {
  @ApiProperty({
    description: 'The standard.',
    format: 'uuid',
    example: '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1a',
  })
  id: string;

  @ApiProperty({ description: 'The region that it holds in; empty: the whole country.', example: '3101' })
  regionPrefix: string;

  @ApiProperty({ description: 'First day that it holds.', format: 'date', example: '2019-10-08' })
  validFrom: string;

  @ApiProperty({
    description: 'First day that is out; null: no end is known.',
    type: 'string',
    format: 'date',
    nullable: true,
    example: null,
  })
  validTo: string | null;
}

export class StandardsQuery extends PageQuery {
  @ApiPropertyOptional({ description: 'Only those that hold in this region.', example: '310101' })
  @IsOptional()
  @Matches(/^\d{2,12}$/)
  region?: string;
}
