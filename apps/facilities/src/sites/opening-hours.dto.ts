import { BodyExample } from '@doorstep/platform';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
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
import { PRINTABLE } from '../name.dto';
import { HOLIDAY_RULES, type HolidayRule, WORKDAY_RULES, type WorkdayRule } from './holidays';
import { WALL_CLOCK } from './wall-clock';

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const WEEKDAY = {
  description: 'ISO weekday, 1 = Monday.',
  type: 'integer',
  minimum: 1,
  maximum: 7,
  example: 1,
} as const;
const OPENS = { description: 'Opens, site-local, HH:MM.', pattern: WALL_CLOCK.source, example: '08:00' };
const CLOSES = {
  description: 'Closes; at or before `opens` means after midnight; 24:00 is the end of the day.',
  pattern: WALL_CLOCK.source,
  example: '20:00',
};

export class OpeningSpanDto {
  @ApiProperty(WEEKDAY)
  @IsInt()
  @Min(1)
  @Max(7)
  weekday: number;

  @ApiProperty(OPENS)
  @Matches(WALL_CLOCK)
  opens: string;

  @ApiProperty(CLOSES)
  @Matches(WALL_CLOCK)
  closes: string;
}

export class ExceptionSpanDto {
  @ApiPropertyOptional({
    ...WEEKDAY,
    description: 'On this day of the week only; left out: on each day of the period.',
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(7)
  weekday?: number;

  @ApiProperty(OPENS)
  @Matches(WALL_CLOCK)
  opens: string;

  @ApiProperty(CLOSES)
  @Matches(WALL_CLOCK)
  closes: string;
}

@BodyExample({
  ...{ from: '2027-07-01', to: '2027-09-01', reason: '暑期延长开放' },
  spans: [{ opens: '08:00', closes: '21:00' }],
})
export class OpeningExceptionDto {
  @ApiPropertyOptional({
    description: 'One day; or give from and to.',
    format: 'date',
    example: '2027-02-06',
  })
  @IsOptional()
  @Matches(DAY)
  day?: string;

  @ApiPropertyOptional({ description: 'First day.', format: 'date', example: '2027-07-01' })
  @IsOptional()
  @Matches(DAY)
  from?: string;

  @ApiPropertyOptional({ description: 'First day that is out.', format: 'date', example: '2027-09-01' })
  @IsOptional()
  @Matches(DAY)
  to?: string;

  @ApiPropertyOptional({ description: 'Why, for people.', maxLength: 200, example: '暑期延长开放' })
  @IsOptional()
  @IsString()
  @Length(1, 200)
  @Matches(PRINTABLE)
  reason?: string;

  @ApiProperty({ description: 'When it is open then; empty: closed.', type: [ExceptionSpanDto] })
  @IsArray()
  @ArrayMaxSize(50)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => ExceptionSpanDto)
  spans: ExceptionSpanDto[];
}

export class HolidaysDto {
  @ApiProperty({
    description:
      "On public holidays: as usual, closed, or with Sunday's hours. An exception for the day itself wins.",
    enum: HOLIDAY_RULES,
    example: 'closed',
  })
  @IsIn(HOLIDAY_RULES)
  onHoliday: HolidayRule;

  @ApiProperty({
    description:
      "On make-up workdays (调休), weekend days on which the country works: as usual, or with Monday's hours.",
    enum: WORKDAY_RULES,
    example: 'as_monday',
  })
  @IsIn(WORKDAY_RULES)
  onMakeUpWorkday: WorkdayRule;
}

export class HoursQuery {
  @ApiPropertyOptional({
    description: 'First day, site-local; left out: today.',
    format: 'date',
    example: '2026-09-28',
  })
  @IsOptional()
  @Matches(DAY)
  from?: string;

  @ApiPropertyOptional({
    description: 'How many days.',
    type: 'integer',
    minimum: 1,
    maximum: 62,
    default: 14,
  })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(62)
  days: number = 14;
}

export class DaySpanDto {
  @ApiProperty(OPENS)
  opens: string;

  @ApiProperty(CLOSES)
  closes: string;
}

export class DayHoursDto {
  @ApiProperty({ description: 'The day, site-local.', format: 'date', example: '2026-10-01' })
  day: string;

  @ApiProperty(WEEKDAY)
  weekday: number;

  @ApiProperty({ description: 'When it opens that day; empty: closed.', type: [DaySpanDto] })
  spans: DaySpanDto[];

  @ApiPropertyOptional({
    description: 'Why it differs from the week, where a reason was given.',
    example: '国庆节',
  })
  reason?: string;

  @ApiPropertyOptional({
    description: 'The public holiday or make-up workday.',
    example: 'holiday',
    enum: ['holiday', 'make_up_workday'],
  })
  publicDay?: 'holiday' | 'make_up_workday';
}

export class HoursDto {
  @ApiProperty({ description: 'IANA time zone of the site.', example: 'Asia/Shanghai' })
  timeZone: string;

  @ApiProperty({ description: 'Whether it is open now.', example: true })
  openNow: boolean;

  @ApiProperty({
    description: 'First day that the calendar of public holidays does not know yet.',
    format: 'date',
    example: '2027-01-01',
  })
  holidaysKnownUntil: string;

  @ApiProperty({ description: 'Day by day.', type: [DayHoursDto] })
  days: DayHoursDto[];
}
