import type { Day } from '@doorstep/kernel';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsObject,
  IsOptional,
  IsUUID,
  Matches,
  ValidateNested,
} from 'class-validator';
import { KitchenDaysQuery, MealNameDto } from './kitchens.dto';
import { ALLERGENS, type Texture, TEXTURES } from './menu';

const ID = '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1a';
const CODE = /^[a-z][a-z0-9_]{1,39}$/;

/** Allergens, diets and texture, of a dish or of who eats it. */
export class FoodDto {
  @ApiPropertyOptional({
    description: `Allergens, as codes: those of GB 7718 (${ALLERGENS.join(', ')}) and the operator's own.`,
    isArray: true,
    type: String,
    default: [],
    example: ['soy'],
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(30)
  @ArrayUnique()
  @Matches(CODE, { each: true })
  allergens: string[] = [];

  @ApiPropertyOptional({
    description: 'Diets, as codes: a dish is fit for them, a person keeps to them.',
    isArray: true,
    type: String,
    default: [],
    example: ['vegetarian'],
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(30)
  @ArrayUnique()
  @Matches(CODE, { each: true })
  diets: string[] = [];

  @ApiPropertyOptional({ description: 'How hard it is to chew.', enum: TEXTURES, default: 'regular' })
  @IsOptional()
  @IsIn(TEXTURES)
  texture: Texture = 'regular';
}

export class CreateDishDto extends FoodDto {
  @ApiProperty({ description: 'What it is called.', type: MealNameDto })
  @IsObject()
  @ValidateNested()
  @Type(() => MealNameDto)
  name: MealNameDto;
}

export class ChangeDishDto {
  @ApiPropertyOptional({ description: 'What it is called.', type: MealNameDto })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => MealNameDto)
  name?: MealNameDto;

  @ApiPropertyOptional({ description: 'Allergens.', isArray: true, type: String, example: ['soy'] })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(30)
  @ArrayUnique()
  @Matches(CODE, { each: true })
  allergens?: string[];

  @ApiPropertyOptional({ description: 'Diets.', isArray: true, type: String, example: ['vegetarian'] })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(30)
  @ArrayUnique()
  @Matches(CODE, { each: true })
  diets?: string[];

  @ApiPropertyOptional({ description: 'Texture.', enum: TEXTURES, example: 'soft' })
  @IsOptional()
  @IsIn(TEXTURES)
  texture?: Texture;

  @ApiPropertyOptional({ description: 'False: it is put on no further menu.', example: false })
  @IsOptional()
  @IsBoolean()
  active?: boolean;
}

export class DishDto {
  @ApiProperty({ description: 'The dish.', format: 'uuid', example: ID })
  id: string;

  @ApiProperty({ description: 'The operator.', format: 'uuid', example: ID })
  operatorId: string;

  @ApiProperty({ description: 'In Chinese.', example: '家常豆腐' })
  nameZh: string;

  @ApiProperty({ description: 'In English; null: none.', type: 'string', nullable: true, example: 'Tofu' })
  nameEn: string | null;

  @ApiProperty({ description: 'Allergens that it holds.', isArray: true, type: String, example: ['soy'] })
  allergens: string[];

  @ApiProperty({ description: 'Diets that it is fit for.', isArray: true, type: String, example: ['halal'] })
  diets: string[];

  @ApiProperty({ description: 'Texture.', enum: TEXTURES, example: 'soft' })
  texture: Texture;

  @ApiProperty({ description: 'Whether it is put on menus still.', example: true })
  active: boolean;

  @ApiProperty({ description: 'Counts its changes, from 1.', type: 'integer', example: 1 })
  version: number;
}

export class PutMenuDto {
  @ApiProperty({
    description: 'The dishes of the day in their order; the first that suits is for who has not chosen.',
    isArray: true,
    type: String,
    example: [ID],
  })
  @IsArray()
  @ArrayMaxSize(50)
  @ArrayUnique()
  @IsUUID(undefined, { each: true })
  dishIds: string[];
}

export class MenuDto {
  @ApiProperty({ description: 'The site.', format: 'uuid', example: ID })
  siteId: string;

  @ApiProperty({ description: 'The day.', format: 'date', example: '2026-11-02' })
  day: Day;

  @ApiProperty({ description: 'Dishes in their order.', type: DishDto, isArray: true })
  dishes: DishDto[];
}

export class MenusDto {
  @ApiProperty({ description: 'Days that have a menu.', type: MenuDto, isArray: true })
  items: MenuDto[];
}

export class MenusQuery extends KitchenDaysQuery {
  @ApiProperty({ description: 'The site.', format: 'uuid', example: ID })
  @IsUUID()
  siteId: string;
}
