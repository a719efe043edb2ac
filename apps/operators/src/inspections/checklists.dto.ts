import { FINDING_SEVERITIES, type FindingSeverity } from '@doorstep/contracts';
import { PageQuery } from '@doorstep/platform';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  IsArray,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { KIND, KIND_MESSAGE } from '../contracts/terms.dto';
import { RegionalRuleDto, ShownRuleDto } from '../shared/regional-rules.dto';

export const ITEM = /^[a-z][a-z0-9_]{1,39}$/;
export const ITEM_MESSAGE = { message: '$property must be a word such as fire_exits' };

export class ChecklistItemDto {
  @ApiProperty({ description: 'Short word for it; findings name it.', example: 'fire_exits' })
  @Matches(ITEM, ITEM_MESSAGE)
  code: string;

  @ApiProperty({ description: 'What is looked at.', example: '疏散通道畅通', maxLength: 200 })
  @IsString()
  @Matches(/\S/, { message: 'title must not be empty' })
  @MaxLength(200)
  title: string;

  @ApiProperty({
    type: 'integer',
    minimum: 1,
    maximum: 1000,
    description: 'How much it counts.',
    example: 20,
  })
  @IsInt()
  @Min(1)
  @Max(1000)
  weight: number;

  @ApiProperty({
    enum: FINDING_SEVERITIES,
    description:
      'How grave a finding of it is at least; a severe one stops new bookings of what it concerns.',
    example: 'severe',
  })
  @IsIn(FINDING_SEVERITIES)
  severity: FindingSeverity;
}

export class SetChecklistDto extends RegionalRuleDto {
  @ApiProperty({ description: 'Its name.', example: '站点通用检查', maxLength: 100 })
  @IsString()
  @Matches(/\S/, { message: 'name must not be empty' })
  @MaxLength(100)
  name: string;

  @ApiPropertyOptional({
    description: 'For this kind of service; left out: for sites as a whole.',
    example: 'meals',
  })
  @IsOptional()
  @Matches(KIND, KIND_MESSAGE)
  kind?: string;

  @ApiProperty({ type: [ChecklistItemDto], description: 'What is looked at.', minItems: 1, maxItems: 100 })
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(100)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => ChecklistItemDto)
  items: ChecklistItemDto[];
}

export class ChecklistsQuery extends PageQuery {
  @ApiPropertyOptional({ description: 'Only for this kind of service.', example: 'meals' })
  @IsOptional()
  @Matches(KIND, KIND_MESSAGE)
  kind?: string;
}

export class ChecklistDto extends ShownRuleDto {
  @ApiProperty({ description: 'Its name.', example: '站点通用检查' })
  name: string;

  @ApiProperty({ type: String, nullable: true, description: 'Kind; null: sites as a whole.', example: null })
  kind: string | null;

  @ApiProperty({ type: [ChecklistItemDto], description: 'What is looked at.' })
  items: ChecklistItemDto[];
}
