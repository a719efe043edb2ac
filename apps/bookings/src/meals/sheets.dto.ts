import { type Day, type Language, LANGUAGES } from '@doorstep/kernel';
import { FileLanguage } from '@doorstep/platform';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsUUID, Max, Min } from 'class-validator';
import { IsDay } from '../day.validator';
import { TEXTURES } from './menu';
import { type Service, SERVICES } from './sheet';

const ID = '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1a';
export const SHEET_FORMATS = ['csv', 'xlsx'] as const;
export type SheetFormat = (typeof SHEET_FORMATS)[number];

export class SheetQuery {
  @ApiProperty({ description: 'The day.', format: 'date', example: '2026-11-02' })
  @IsDay()
  day: string;
}

export class SheetFileQuery extends SheetQuery {
  @ApiProperty({ description: 'What the file is.', enum: SHEET_FORMATS, example: 'xlsx' })
  @IsIn(SHEET_FORMATS)
  format: SheetFormat;

  @FileLanguage()
  language: Language = LANGUAGES[0];
}

export class RoundsQuery extends SheetQuery {
  @ApiProperty({ description: 'The site that they start from.', format: 'uuid', example: ID })
  @IsUUID()
  siteId: string;

  @ApiPropertyOptional({
    description: 'Most stops of one round.',
    type: 'integer',
    minimum: 1,
    maximum: 100,
    default: 15,
  })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(100)
  stopsMax: number = 15;
}

export class RoundsFileQuery extends RoundsQuery {
  @ApiProperty({ description: 'What the file is.', enum: SHEET_FORMATS, example: 'xlsx' })
  @IsIn(SHEET_FORMATS)
  format: SheetFormat;

  @FileLanguage()
  language: Language = LANGUAGES[0];
}

export class SheetLineDto {
  @ApiProperty({ description: 'Where it is eaten, fetched, or brought from.', format: 'uuid', example: ID })
  siteId: string;

  @ApiProperty({ description: 'Which sitting, take-away or delivery.', format: 'uuid', example: ID })
  offeringId: string;

  @ApiProperty({ description: 'When.', format: 'date-time', example: '2026-11-02T03:00:00.000Z' })
  start: string;

  @ApiProperty({ description: "The site's zone, in which people read it.", example: 'Asia/Shanghai' })
  timeZone: string;

  @ApiProperty({ description: 'How it is taken.', enum: SERVICES, example: 'sitting' })
  service: Service;

  @ApiPropertyOptional({
    description: 'The dish; left out: nothing on the menu suits, the kitchen has to think of something.',
    format: 'uuid',
    example: ID,
  })
  dishId?: string;

  @ApiPropertyOptional({ description: 'In Chinese.', example: '家常豆腐' })
  nameZh?: string;

  @ApiPropertyOptional({
    description: 'In English; null: none.',
    type: 'string',
    nullable: true,
    example: 'Tofu',
  })
  nameEn?: string | null;

  @ApiProperty({ description: 'How soft it has to be.', enum: TEXTURES, example: 'soft' })
  texture: string;

  @ApiProperty({ description: 'Diets of who eats it.', isArray: true, type: String, example: ['halal'] })
  diets: string[];

  @ApiProperty({ description: 'What it must not hold.', isArray: true, type: String, example: ['peanut'] })
  avoid: string[];

  @ApiProperty({ description: 'How many.', type: 'integer', example: 12 })
  portions: number;

  @ApiProperty({ description: 'Of these, for who has not chosen.', type: 'integer', example: 4 })
  unchosen: number;
}

export class SheetDto {
  @ApiProperty({ description: 'The kitchen.', format: 'uuid', example: ID })
  kitchenId: string;

  @ApiProperty({ description: 'The day.', format: 'date', example: '2026-11-02' })
  day: Day;

  @ApiProperty({ description: 'All portions.', type: 'integer', example: 210 })
  portions: number;

  @ApiProperty({ description: 'By time, sitting, dish, texture, diet.', type: SheetLineDto, isArray: true })
  lines: SheetLineDto[];
}

export class StopDto {
  @ApiProperty({ description: 'The order.', format: 'uuid', example: ID })
  bookingId: string;

  @ApiProperty({ description: 'Whom it is for.', format: 'uuid', example: ID })
  residentId: string;

  @ApiProperty({ description: 'How many portions.', type: 'integer', example: 1 })
  portions: number;

  @ApiPropertyOptional({ description: 'Who opens the door.', example: '王芳' })
  name?: string;

  @ApiPropertyOptional({ description: 'Mobile number.', example: '13800138000' })
  mobile?: string;

  @ApiPropertyOptional({ description: 'Where to.', example: '上海市黄浦区…' })
  address?: string;
}

export class RoundDto {
  @ApiProperty({ description: 'Counts the rounds of the day, from 1.', type: 'integer', example: 1 })
  number: number;

  @ApiProperty({ description: 'For when.', format: 'date-time', example: '2026-11-02T03:00:00.000Z' })
  start: string;

  @ApiProperty({ description: 'Way along the stops, as the crow flies.', type: 'integer', example: 2300 })
  metres: number;

  @ApiProperty({
    description: 'Each the nearest that was left; unknown places last.',
    type: StopDto,
    isArray: true,
  })
  stops: StopDto[];
}

export class RoundsDto {
  @ApiProperty({ description: 'The site.', format: 'uuid', example: ID })
  siteId: string;

  @ApiProperty({ description: 'The day.', format: 'date', example: '2026-11-02' })
  day: Day;

  @ApiProperty({ description: "The site's zone, in which people read the times.", example: 'Asia/Shanghai' })
  timeZone: string;

  @ApiProperty({ description: 'Rounds.', type: RoundDto, isArray: true })
  rounds: RoundDto[];
}
