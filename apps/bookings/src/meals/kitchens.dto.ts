import type { Day } from '@doorstep/kernel';
import { PageQuery } from '@doorstep/platform';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  IsUUID,
  Max,
  MaxLength,
  Min,
  MinLength,
  ValidateNested,
} from 'class-validator';
import { IsDay } from '../day.validator';

const ID = '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1a';
const PORTIONS_MAX = 100_000;

export class MealNameDto {
  @ApiProperty({ description: 'In Chinese.', minLength: 1, maxLength: 100, example: '中央厨房' })
  @IsString()
  @MinLength(1)
  @MaxLength(100)
  zh: string;

  @ApiPropertyOptional({ description: 'In English.', maxLength: 100, example: 'central kitchen' })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  en?: string;
}

export class CreateKitchenDto {
  @ApiProperty({ description: 'Where it stands.', format: 'uuid', example: ID })
  @IsUUID()
  siteId: string;

  @ApiProperty({ description: 'What it is called.', type: MealNameDto })
  @IsObject()
  @ValidateNested()
  @Type(() => MealNameDto)
  name: MealNameDto;

  @ApiProperty({
    description: 'Portions on a day of which nothing else is said.',
    type: 'integer',
    minimum: 0,
    maximum: PORTIONS_MAX,
    example: 300,
  })
  @IsInt()
  @Min(0)
  @Max(PORTIONS_MAX)
  portionsPerDay: number;

  @ApiPropertyOptional({
    description:
      'Offerings of meals that it cooks for: sittings, take-away, delivery, of this site and others.',
    isArray: true,
    type: String,
    example: [],
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(200)
  @ArrayUnique()
  @IsUUID(undefined, { each: true })
  offeringIds: string[] = [];
}

export class ChangeKitchenDto {
  @ApiPropertyOptional({ description: 'What it is called.', type: MealNameDto })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => MealNameDto)
  name?: MealNameDto;

  @ApiPropertyOptional({
    description: 'Portions a day, for days to come; on days with more ordered already, as many as those.',
    type: 'integer',
    minimum: 0,
    maximum: PORTIONS_MAX,
    example: 250,
  })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(PORTIONS_MAX)
  portionsPerDay?: number;

  @ApiPropertyOptional({
    description: 'All the offerings that it cooks for from now on; orders already made stay with it.',
    isArray: true,
    type: String,
    example: [],
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(200)
  @ArrayUnique()
  @IsUUID(undefined, { each: true })
  offeringIds?: string[];
}

export class KitchenDto {
  @ApiProperty({ description: 'The kitchen.', format: 'uuid', example: ID })
  id: string;

  @ApiProperty({ description: 'The operator.', format: 'uuid', example: ID })
  operatorId: string;

  @ApiProperty({ description: 'Where it stands.', format: 'uuid', example: ID })
  siteId: string;

  @ApiProperty({ description: 'In Chinese.', example: '中央厨房' })
  nameZh: string;

  @ApiProperty({ description: 'In English; null: none.', type: 'string', nullable: true, example: 'kitchen' })
  nameEn: string | null;

  @ApiProperty({ description: 'Portions a day.', type: 'integer', example: 300 })
  portionsPerDay: number;

  @ApiProperty({ description: 'What it cooks for.', isArray: true, type: String, example: [ID] })
  offeringIds: string[];

  @ApiProperty({ description: 'Counts its changes, from 1.', type: 'integer', example: 1 })
  version: number;
}

export class KitchensQuery extends PageQuery {
  @ApiPropertyOptional({ description: 'Kitchens at this site.', format: 'uuid', example: ID })
  @IsOptional()
  @IsUUID()
  siteId?: string;
}

export class SetKitchenDayDto {
  @ApiProperty({
    description: 'Portions on that day; not fewer than are ordered.',
    type: 'integer',
    minimum: 0,
    maximum: PORTIONS_MAX,
    example: 120,
  })
  @IsInt()
  @Min(0)
  @Max(PORTIONS_MAX)
  portions: number;
}

export class KitchenDaysQuery {
  @ApiProperty({ description: 'First day.', format: 'date', example: '2026-11-02' })
  @IsDay()
  from: string;

  @ApiProperty({
    description: 'First day that is out; 62 days at most.',
    format: 'date',
    example: '2026-11-09',
  })
  @IsDay()
  to: string;
}

export class KitchenDayDto {
  @ApiProperty({ description: 'The day.', format: 'date', example: '2026-11-02' })
  day: Day;

  @ApiProperty({ description: 'Portions that it can cook.', type: 'integer', example: 300 })
  portions: number;

  @ApiProperty({
    description: 'Ordered, by whatever sitting, take-away or delivery.',
    type: 'integer',
    example: 210,
  })
  taken: number;

  @ApiProperty({ description: 'Left.', type: 'integer', example: 90 })
  left: number;
}

export class KitchenDaysDto {
  @ApiProperty({ description: 'Every day of the span.', type: KitchenDayDto, isArray: true })
  items: KitchenDayDto[];
}
