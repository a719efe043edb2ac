import { PageQuery } from '@doorstep/platform';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
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

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const figure = (description: string, example: number, minimum = 1) =>
  ({ description, type: 'integer', minimum, nullable: true, example }) as const;

export class ChildcareClassDto {
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
  @Max(100)
  groupMax: number;

  @ApiProperty({
    description: 'Most children for one member of staff.',
    type: 'integer',
    minimum: 1,
    example: 5,
  })
  @IsInt()
  @Min(1)
  @Max(100)
  staffRatioMax: number;
}

export class FiguresDto {
  @ApiPropertyOptional(figure('Least floor area of a complex in m².', 600))
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(100_000)
  complexAreaMinM2?: number | null;

  @ApiPropertyOptional(figure('Floor area of a complex in m² that would be better.', 800))
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(100_000)
  complexAreaBetterM2?: number | null;

  @ApiPropertyOptional(figure('Least number of kinds of service in a complex.', 3))
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(50)
  complexKindsMin?: number | null;

  @ApiPropertyOptional(figure('Of these, least number that is urgent and scarce.', 2, 0))
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(50)
  complexScarceKindsMin?: number | null;

  @ApiPropertyOptional(figure('Floor area of all sites in m² for each hundred households.', 30))
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(10_000)
  areaPer100HouseholdsM2?: number | null;

  @ApiPropertyOptional({
    description: 'Classes of childcare under three, by age.',
    type: [ChildcareClassDto],
    nullable: true,
    minItems: 1,
    maxItems: 20,
  })
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(20)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => ChildcareClassDto)
  childcareClasses?: ChildcareClassDto[] | null;
}

export class SetGuidelineDto extends FiguresDto {
  @ApiProperty({
    description:
      'First day that it holds, today at the earliest. What is left out stays with the regions above.',
    format: 'date',
    example: '2027-01-01',
  })
  @Matches(DAY)
  validFrom: string;

  @ApiProperty({ description: 'The paper that says so.', maxLength: 200, example: '沪民规〔2026〕3号' })
  @IsString()
  @Length(1, 200)
  @Matches(PRINTABLE)
  source: string;
}

export class GuidelinesQuery extends PageQuery {}

export class EffectiveQuery {
  @ApiPropertyOptional({
    description: 'The day; left out: today in China.',
    format: 'date',
    example: '2027-01-01',
  })
  @IsOptional()
  @Matches(DAY)
  on?: string;
}

export class EffectiveGuidelineDto extends FiguresDto {
  @ApiProperty({ description: 'The day.', format: 'date', example: '2027-01-01' })
  on: string;
}

export class GuidelineDto extends FiguresDto {
  @ApiProperty({ description: 'Id.', format: 'uuid', example: '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1a' })
  id: string;

  @ApiProperty({ description: 'The region that it holds in; empty: the whole country.', example: '3101' })
  regionPrefix: string;

  @ApiProperty({ description: 'First day that it holds.', format: 'date', example: '2023-11-19' })
  validFrom: string;

  @ApiProperty({
    description: 'First day that is out; null: no end is known.',
    type: 'string',
    format: 'date',
    nullable: true,
    example: null,
  })
  validTo: string | null;

  @ApiProperty({ description: 'The paper that says so.', example: '国办函〔2023〕121号' })
  source: string;
}
