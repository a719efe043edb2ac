import { type Language, LANGUAGES } from '@doorstep/kernel';
import { FileLanguage, PageQuery } from '@doorstep/platform';
import { ApiProperty, ApiPropertyOptional, OmitType } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsIn, IsOptional, IsUUID, Matches } from 'class-validator';
import { KIND, MONTH } from '../costs/cost';
import { type Dimension, DIMENSIONS, type Sort, SORTS } from './portfolio.queries';

const CONTRACT_ID = '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b20';
const SITE_ID = '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1c';
const MONTH_MESSAGE = { message: '$property must be a month, YYYY-MM' };

/** Which figures: a span of months, and what they lie under. */
export class SliceQuery extends PageQuery {
  @ApiPropertyOptional({ description: 'First month; default: the current one.', example: '2026-01' })
  @IsOptional()
  @Matches(MONTH, MONTH_MESSAGE)
  from?: string;

  @ApiPropertyOptional({ description: 'First month that is out; default: after `from`.', example: '2027-01' })
  @IsOptional()
  @Matches(MONTH, MONTH_MESSAGE)
  to?: string;

  @ApiPropertyOptional({ format: 'uuid', description: 'Only under this contract.', example: CONTRACT_ID })
  @IsOptional()
  @IsUUID()
  contractId?: string;

  @ApiPropertyOptional({
    description: 'Only in this region: the leading digits of its code, of any level.',
    example: '310101',
  })
  @IsOptional()
  @Matches(/^\d{2,12}$/, { message: 'region must be the leading digits of a region code' })
  region?: string;

  @ApiPropertyOptional({ format: 'uuid', description: 'Only of this site.', example: SITE_ID })
  @IsOptional()
  @IsUUID()
  siteId?: string;

  @ApiPropertyOptional({ description: 'Only of this kind of service.', example: 'meals' })
  @IsOptional()
  @Matches(KIND, { message: 'kind must be a kind of service, such as meals' })
  kind?: string;
}

export class GroupsQuery extends SliceQuery {
  @ApiPropertyOptional({ enum: DIMENSIONS, description: 'By what.', default: 'site' })
  @IsOptional()
  @IsIn(DIMENSIONS)
  by: Dimension = 'site';

  @ApiPropertyOptional({ enum: SORTS, description: 'In which order.', default: 'key' })
  @IsOptional()
  @IsIn(SORTS)
  sort: Sort = 'key';

  @ApiPropertyOptional({ enum: ['asc', 'desc'], description: 'Least or greatest first.', default: 'asc' })
  @IsOptional()
  @IsIn(['asc', 'desc'])
  order: 'asc' | 'desc' = 'asc';
}

export class ComparisonQuery extends SliceQuery {
  @ApiProperty({
    type: String,
    description: 'Ids of two to twenty sites, separated by commas.',
    example: `${SITE_ID},019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1d`,
  })
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.split(',') : value))
  @ArrayMinSize(2)
  @ArrayMaxSize(20)
  @IsUUID(undefined, { each: true })
  siteIds: string[];
}

export class StreetReportQuery extends PageQuery {
  @ApiPropertyOptional({ description: 'Month of the report; default: the current one.', example: '2026-11' })
  @IsOptional()
  @Matches(MONTH, MONTH_MESSAGE)
  month?: string;

  @ApiPropertyOptional({ description: 'Only in this region.', example: '310101' })
  @IsOptional()
  @Matches(/^\d{2,12}$/, { message: 'region must be the leading digits of a region code' })
  region?: string;

  @ApiPropertyOptional({ format: 'uuid', description: 'Only under this contract.', example: CONTRACT_ID })
  @IsOptional()
  @IsUUID()
  contractId?: string;
}

export const FILE_FORMATS = ['xlsx', 'csv'] as const;
export type FileFormat = (typeof FILE_FORMATS)[number];
const FORMAT = { enum: FILE_FORMATS, description: 'Form of the file.', default: 'csv' };

/** A file holds everything, so it has no pages. */
const PAGES = ['limit', 'cursor'] as const;

export class StreetFileQuery extends OmitType(StreetReportQuery, PAGES) {
  @ApiPropertyOptional(FORMAT)
  @IsOptional()
  @IsIn(FILE_FORMATS)
  format: FileFormat = 'csv';

  @FileLanguage()
  language: Language = LANGUAGES[0];
}

export class MarginFileQuery extends OmitType(SliceQuery, PAGES) {
  @ApiPropertyOptional(FORMAT)
  @IsOptional()
  @IsIn(FILE_FORMATS)
  format: FileFormat = 'csv';

  @FileLanguage()
  language: Language = LANGUAGES[0];
}
