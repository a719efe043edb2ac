import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { CARE_MODES, type CareMode, DAY_PARTS, type DayPart, type Terms } from './placement';

export class PlannedWeekdayDto {
  @ApiProperty({
    description: 'ISO weekday, 1 = Monday.',
    type: 'integer',
    minimum: 1,
    maximum: 7,
    example: 1,
  })
  @IsInt()
  @Min(1)
  @Max(7)
  weekday: number;

  @ApiProperty({ description: 'The whole day or a half of it.', enum: DAY_PARTS, example: 'day' })
  @IsIn(DAY_PARTS)
  part: DayPart;
}

/** On what terms a child comes. */
export class CareTermsDto {
  @ApiProperty({ description: 'How care is taken up.', enum: CARE_MODES, example: 'full_day' })
  @IsIn(CARE_MODES)
  mode: CareMode;

  @ApiPropertyOptional({
    description: 'Weekdays on which the child comes; left out for timed and temporary care.',
    type: [PlannedWeekdayDto],
    maxItems: 7,
    example: [{ weekday: 1, part: 'day' }],
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(7)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => PlannedWeekdayDto)
  pattern?: PlannedWeekdayDto[];

  @ApiPropertyOptional({
    description: 'Timed care by the hour: minutes a month.',
    type: 'integer',
    nullable: true,
    minimum: 60,
    maximum: 20_000,
  })
  @IsOptional()
  @IsInt()
  @Min(60)
  @Max(20_000)
  contingentMinutes?: number | null;

  @ApiPropertyOptional({
    description: 'Timed care by the day: days a month.',
    type: 'integer',
    nullable: true,
    minimum: 1,
    maximum: 31,
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(31)
  contingentDays?: number | null;
}

export function termsOfDto({ mode, pattern, contingentMinutes, contingentDays }: CareTermsDto): Terms {
  return {
    mode,
    pattern: pattern ?? [],
    contingentMinutes: contingentMinutes ?? null,
    contingentDays: contingentDays ?? null,
  };
}
