import { PageQuery } from '@doorstep/platform';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsInt, IsOptional, IsString, IsUUID, Matches, Max, MaxLength, Min } from 'class-validator';
import { IsDay } from '../shared/day.validator';
import { RegionalRuleDto, ShownRuleDto } from '../shared/regional-rules.dto';

const SITE_ID = '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1c';
const COUNTS = ['authority', 'all'] as const;
const THRESHOLD = { type: 'integer', minimum: 0, maximum: 10_000 } as const;

export class SetRatingDto {
  @ApiProperty({ format: 'uuid', description: 'The site.', example: SITE_ID })
  @IsUUID()
  siteId: string;

  @ApiProperty({ type: 'integer', minimum: 1, maximum: 5, description: 'Stars, from today on.', example: 4 })
  @IsInt()
  @Min(1)
  @Max(5)
  stars: number;

  @ApiProperty({ description: 'Why.', example: '年度等级评定', maxLength: 500 })
  @IsString()
  @Matches(/\S/, { message: 'reason must not be empty' })
  @MaxLength(500)
  reason: string;
}

export class ReleaseRatingDto {
  @ApiProperty({ format: 'uuid', description: 'The site.', example: SITE_ID })
  @IsUUID()
  siteId: string;
}

export class SiteRatingsQuery extends PageQuery {
  @ApiPropertyOptional({ format: 'uuid', description: 'Only of this site.', example: SITE_ID })
  @IsOptional()
  @IsUUID()
  siteId?: string;

  @ApiPropertyOptional({
    format: 'date',
    description: 'Only those that held on this day; left out: the whole history.',
    example: '2026-12-01',
  })
  @IsOptional()
  @IsDay()
  asOf?: string;
}

export class SiteRatingDto {
  @ApiProperty({ format: 'uuid', description: 'Id.', example: '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b85' })
  id: string;

  @ApiProperty({ format: 'uuid', description: 'The site.', example: SITE_ID })
  siteId: string;

  @ApiProperty({ type: 'integer', minimum: 1, maximum: 5, description: 'Stars.', example: 4 })
  stars: number;

  @ApiProperty({ format: 'date', description: 'First day.', example: '2026-12-05' })
  from: string;

  @ApiProperty({
    type: String,
    format: 'date',
    nullable: true,
    description: 'First day that is out; null: they hold.',
    example: null,
  })
  to: string | null;

  @ApiProperty({
    enum: ['rule', 'set'],
    description: 'By the rule, or set by an authority.',
    example: 'rule',
  })
  basis: 'rule' | 'set';

  @ApiProperty({ type: String, format: 'uuid', nullable: true, description: 'The rule.', example: null })
  ruleId: string | null;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'Mean score when they came to be, in basis points.',
    example: 9100,
  })
  scoreBp: number | null;

  @ApiProperty({ type: 'integer', nullable: true, description: 'Inspections that counted.', example: 2 })
  inspections: number | null;

  @ApiProperty({ type: String, nullable: true, description: 'Why they were set.', example: null })
  reason: string | null;
}

export class SetRatingRuleDto extends RegionalRuleDto {
  @ApiProperty({
    type: 'integer',
    minimum: 1,
    maximum: 60,
    description: 'Inspections of so many months count, each alike.',
    example: 12,
  })
  @IsInt()
  @Min(1)
  @Max(60)
  windowMonths: number;

  @ApiProperty({
    enum: COUNTS,
    description: "Whose inspections count: authorities' alone, or all.",
    example: 'authority',
  })
  @IsIn(COUNTS)
  counts: 'authority' | 'all';

  @ApiProperty({ type: 'integer', minimum: 1, maximum: 100, description: 'Fewer give no stars.', example: 1 })
  @IsInt()
  @Min(1)
  @Max(100)
  inspectionsMin: number;

  @ApiProperty({
    ...THRESHOLD,
    description: 'Least mean score for two stars, in basis points.',
    example: 6000,
  })
  @IsInt()
  @Min(0)
  @Max(10_000)
  twoStarsBp: number;

  @ApiProperty({ ...THRESHOLD, description: 'For three.', example: 7500 })
  @IsInt()
  @Min(0)
  @Max(10_000)
  threeStarsBp: number;

  @ApiProperty({ ...THRESHOLD, description: 'For four.', example: 8500 })
  @IsInt()
  @Min(0)
  @Max(10_000)
  fourStarsBp: number;

  @ApiProperty({ ...THRESHOLD, description: 'For five.', example: 9500 })
  @IsInt()
  @Min(0)
  @Max(10_000)
  fiveStarsBp: number;

  @ApiProperty({
    type: 'integer',
    minimum: 1,
    maximum: 5,
    description: 'Most stars while a severe finding stands.',
    example: 1,
  })
  @IsInt()
  @Min(1)
  @Max(5)
  severeStarsMax: number;
}

export class RatingRuleDto extends ShownRuleDto {
  @ApiProperty({ type: 'integer', description: 'Inspections of so many months count.', example: 12 })
  windowMonths: number;

  @ApiProperty({ enum: COUNTS, description: 'Whose inspections count.', example: 'authority' })
  counts: 'authority' | 'all';

  @ApiProperty({ type: 'integer', description: 'Fewer give no stars.', example: 1 })
  inspectionsMin: number;

  @ApiProperty({ ...THRESHOLD, description: 'Least mean score for two stars.', example: 6000 })
  twoStarsBp: number;

  @ApiProperty({ ...THRESHOLD, description: 'For three.', example: 7500 })
  threeStarsBp: number;

  @ApiProperty({ ...THRESHOLD, description: 'For four.', example: 8500 })
  fourStarsBp: number;

  @ApiProperty({ ...THRESHOLD, description: 'For five.', example: 9500 })
  fiveStarsBp: number;

  @ApiProperty({ type: 'integer', description: 'Most stars while a severe finding stands.', example: 1 })
  severeStarsMax: number;
}
