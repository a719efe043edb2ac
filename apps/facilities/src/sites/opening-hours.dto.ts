import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
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
