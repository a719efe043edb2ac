import type { Day } from '@doorstep/kernel';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
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
import { PARTY_SIZE_MAX } from '../bookings/bookings.dto';

const ID = '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1a';

export class ChoiceDto {
  @ApiProperty({ description: 'A dish on the menu of the day.', format: 'uuid', example: ID })
  @IsUUID()
  dishId: string;

  @ApiProperty({ description: 'How many.', type: 'integer', minimum: 1, maximum: PARTY_SIZE_MAX, example: 1 })
  @IsInt()
  @Min(1)
  @Max(PARTY_SIZE_MAX)
  portions: number;
}

export class ChooseMealDto {
  @ApiProperty({
    description: 'All that is chosen; portions left over get the first dish that suits.',
    type: ChoiceDto,
    isArray: true,
  })
  @IsArray()
  @ArrayMaxSize(50)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => ChoiceDto)
  dishes: ChoiceDto[];

  @ApiPropertyOptional({
    description:
      'True: a dish with what the resident does not bear is wanted all the same, for somebody else.',
    default: false,
  })
  @IsOptional()
  @IsBoolean()
  allergensConfirmed: boolean = false;

  @ApiPropertyOptional({
    description: "Where it is brought, kept under the resident's own key; left out: the registered address.",
    minLength: 3,
    maxLength: 200,
    example: '上海市黄浦区某路1号',
  })
  @IsOptional()
  @IsString()
  @MinLength(3)
  @MaxLength(200)
  address?: string;
}

export class ChosenMealDto {
  @ApiProperty({ description: 'The booking.', format: 'uuid', example: ID })
  bookingId: string;

  @ApiProperty({ description: 'What is chosen.', type: ChoiceDto, isArray: true })
  dishes: ChoiceDto[];

  @ApiProperty({
    description: 'Whether an address of its own is kept; it is never shown here.',
    example: false,
  })
  hasAddress: boolean;
}

export class MealCountDto {
  @ApiProperty({ description: 'The day.', format: 'date', example: '2026-11-02' })
  day: Day;

  @ApiProperty({ description: 'Meals booked.', type: 'integer', example: 2 })
  meals: number;

  @ApiProperty({ description: 'Portions of these.', type: 'integer', example: 3 })
  portions: number;
}

export class MealCountsDto {
  @ApiProperty({ description: 'Days with a meal.', type: MealCountDto, isArray: true })
  items: MealCountDto[];
}

export class DietKeptDto {
  @ApiProperty({ description: 'Whose diet it is.', format: 'uuid', example: ID })
  residentId: string;
}
