import { type Language, LANGUAGES, REGION_LEVELS, type RegionLevel } from '@doorstep/kernel';
import { FileLanguage, PageQuery, PointDto } from '@doorstep/platform';
import { ApiProperty, ApiPropertyOptional, IntersectionType } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsIn,
  IsInt,
  IsOptional,
  Matches,
  Max,
  Min,
} from 'class-validator';
import { WarningDto } from '../name.dto';
import { type Group, GROUPS } from './coverage';

const KIND = /^[a-z][a-z0-9_]{1,39}$/;
const CIRCLES = [5, 10, 15];
export const PART_LEVELS = ['city', 'district', 'street', 'community'] as const;
export type PartLevel = (typeof PART_LEVELS)[number];
export const FILE_CONTENTS = ['parts', 'gaps', 'proposals'] as const;
export type FileContent = (typeof FILE_CONTENTS)[number];
export const FILE_FORMATS = ['csv', 'xlsx', 'geojson'] as const;
export type FileFormat = (typeof FILE_FORMATS)[number];

const kind = { description: 'Kind of service.', example: 'meals' };
const count = (description: string, example: number) =>
  ({ description, type: 'integer', minimum: 0, example }) as const;
const shareBp = {
  description: 'Basis points of the population (10 000 = all); null where nobody is known to live.',
  type: 'integer',
  nullable: true,
  example: 7350,
} as const;

/** `minutes=5,10,15` */
const NumberList = () =>
  Transform(({ value }) => (typeof value === 'string' ? value.split(',').map(Number) : value) as unknown);

export class CoverageQuery {
  @ApiPropertyOptional({ ...kind, description: 'Only this kind of service.' })
  @IsOptional()
  @Matches(KIND)
  kind?: string;

  @ApiPropertyOptional({
    description: 'Radii of the walking circles in minutes, with commas.',
    type: 'string',
    default: CIRCLES.join(','),
    example: '5,10,15',
  })
  @NumberList()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(5)
  @ArrayUnique()
  @IsInt({ each: true })
  @Min(1, { each: true })
  @Max(30, { each: true })
  minutes: number[] = CIRCLES;
}

/** What every question about one kind asks. */
export class QuestionQuery {
  @ApiProperty(kind)
  @Matches(KIND)
  kind: string;

  @ApiPropertyOptional({
    description: 'Radius of the walking circle in minutes.',
    type: 'integer',
    minimum: 1,
    maximum: 30,
    default: 15,
  })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(30)
  minutes: number = 15;

  @ApiPropertyOptional({ description: 'Whose needs are counted.', enum: GROUPS, default: 'households' })
  @IsOptional()
  @IsIn(GROUPS)
  group: Group = 'households';
}

export class PartsQuestionQuery extends QuestionQuery {
  @ApiPropertyOptional({ description: 'Level of the parts.', enum: PART_LEVELS, default: 'street' })
  @IsOptional()
  @IsIn(PART_LEVELS)
  level: PartLevel = 'street';
}

export class PartsQuery extends IntersectionType(PartsQuestionQuery, PageQuery) {}

export class GapsQuery extends IntersectionType(QuestionQuery, PageQuery) {}

export class ProposalsQuery extends QuestionQuery {
  @ApiPropertyOptional({
    description: 'How many places to propose.',
    type: 'integer',
    minimum: 1,
    maximum: 100,
    default: 10,
  })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(100)
  count: number = 10;
}

export class CoverageFileQuery extends IntersectionType(PartsQuestionQuery, ProposalsQuery) {
  @ApiPropertyOptional({
    description: 'parts of a level, gaps, or count proposals where to build next.',
    enum: FILE_CONTENTS,
    default: 'parts',
  })
  @IsOptional()
  @IsIn(FILE_CONTENTS)
  what: FileContent = 'parts';

  @ApiPropertyOptional({ description: 'Format of the file.', enum: FILE_FORMATS, default: 'csv' })
  @IsOptional()
  @IsIn(FILE_FORMATS)
  format: FileFormat = 'csv';

  @FileLanguage()
  language: Language = LANGUAGES[0];
}

export class RegionRefDto {
  @ApiProperty({ description: 'Statistics code.', example: '310101013' })
  code: string;

  @ApiProperty({ description: 'Name.', example: '外滩街道' })
  name: string;

  @ApiProperty({ description: 'Level.', enum: REGION_LEVELS, example: 'street' })
  level: RegionLevel;
}

export class ShareDto {
  @ApiProperty({ ...count('Radius of the circle in minutes on foot.', 15), minimum: 1 })
  minutes: number;

  @ApiProperty(count('How many of the group live within it.', 42_100))
  covered: number;

  @ApiProperty(shareBp)
  shareBp: number | null;
}

export class GroupCoverageDto {
  @ApiProperty({ description: 'Whose needs are counted.', enum: GROUPS, example: 'population60plus' })
  group: Group;

  @ApiProperty(count('How many there are.', 57_280))
  population: number;

  @ApiProperty({ description: 'By circle.', type: [ShareDto] })
  circles: ShareDto[];
}

export class KindCoverageDto {
  @ApiProperty(kind)
  kind: string;

  @ApiProperty({ description: 'By group.', type: [GroupCoverageDto] })
  groups: GroupCoverageDto[];
}

export class FloorAreaDto {
  @ApiProperty({
    description: 'Floor area of the operating sites in it that you may see, in m².',
    type: 'number',
    example: 5460,
  })
  areaM2: number;

  @ApiProperty(count('Households of its communities, where known.', 18_200))
  households: number;

  @ApiProperty({
    description: 'Floor area for each hundred households; null where no household is known.',
    type: 'number',
    nullable: true,
    example: 30,
  })
  per100HouseholdsM2: number | null;

  @ApiProperty({
    description: 'What the guideline asks for; null where it asks for nothing.',
    type: 'integer',
    nullable: true,
    example: 30,
  })
  guidelineM2: number | null;

  @ApiProperty({ description: 'What the guideline would like to be different.', type: [WarningDto] })
  warnings: WarningDto[];
}

export class CoverageDto {
  @ApiProperty({ description: 'The region.', type: RegionRefDto })
  region: RegionRefDto;

  @ApiProperty(count('Communities in it. Each counts as one place, its centroid.', 180))
  communities: number;

  @ApiProperty(count('Communities without a centroid: they count as uncovered.', 2))
  withoutCentroid: number;

  @ApiProperty(count('Communities of which no figure at all is known.', 0))
  withoutFigures: number;

  @ApiProperty(count('Operating sites, in it or within reach of it, that you may see.', 96))
  sites: number;

  @ApiProperty({ description: 'How much room there is for how many.', type: FloorAreaDto })
  floorArea: FloorAreaDto;

  @ApiProperty({ description: 'By kind of service.', type: [KindCoverageDto] })
  kinds: KindCoverageDto[];
}

export class PartDto {
  @ApiProperty({ description: 'The part of the region.', type: RegionRefDto })
  region: RegionRefDto;

  @ApiProperty(count('Communities in it.', 18))
  communities: number;

  @ApiProperty(count('How many of the group there are.', 20_400))
  population: number;

  @ApiProperty(count('How many of them live within the circle.', 15_000))
  covered: number;

  @ApiProperty(shareBp)
  shareBp: number | null;
}

export class GapDto {
  @ApiProperty({ ...count('Place in the order of need, from 1.', 1), minimum: 1 })
  rank: number;

  @ApiProperty({ description: 'The community.', type: RegionRefDto })
  region: RegionRefDto;

  @ApiProperty({ description: 'Its centroid in WGS-84, where known.', type: PointDto, nullable: true })
  location: PointDto | null;

  @ApiProperty(count('How many of the group have no site of the kind within the circle.', 2380))
  uncovered: number;
}

export class ProposalDto {
  @ApiProperty({ ...count('Order of building, from 1.', 1), minimum: 1 })
  rank: number;

  @ApiProperty({ description: 'The community to build in.', type: RegionRefDto })
  region: RegionRefDto;

  @ApiProperty({ description: 'Its centroid in WGS-84.', type: PointDto })
  location: PointDto;

  @ApiProperty(count('Newly covered, given the proposals before it.', 9120))
  gain: number;

  @ApiProperty(count('Covered after it.', 51_220))
  coveredAfter: number;

  @ApiProperty(shareBp)
  shareAfterBp: number | null;
}

export class ProposalsDto {
  @ApiProperty({
    description: 'Places to build next, in this order. Fewer than asked for when nothing more is gained.',
    type: [ProposalDto],
  })
  items: ProposalDto[];
}
