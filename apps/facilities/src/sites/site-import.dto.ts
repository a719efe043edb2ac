import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsUUID, Matches } from 'class-validator';
import { WarningDto } from '../name.dto';

const count = (description: string, example: number) =>
  ({ description, type: 'integer', minimum: 0, example }) as const;

export class ImportSitesQuery {
  @ApiPropertyOptional({
    description: 'Whose sites these are: for administrators and authorities, who belong to no operator.',
    format: 'uuid',
    example: '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1a',
  })
  @IsOptional()
  @IsUUID()
  operatorId?: string;

  @ApiPropertyOptional({
    description: 'true: only say what would happen.',
    enum: ['true', 'false'],
    default: 'false',
  })
  @IsOptional()
  @IsIn(['true', 'false'])
  dryRun: 'true' | 'false' = 'false';
}

export class SiteFileQuery {
  @ApiPropertyOptional({
    description: 'Whose sites: for those who belong to no operator.',
    format: 'uuid',
    example: '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1a',
  })
  @IsOptional()
  @IsUUID()
  operatorId?: string;

  @ApiPropertyOptional({ description: 'Only sites within this region.', example: '310101' })
  @IsOptional()
  @Matches(/^\d{2,12}$/)
  regionCode?: string;

  @ApiPropertyOptional({ description: 'Form of the file.', enum: ['csv', 'xlsx'], default: 'csv' })
  @IsOptional()
  @IsIn(['csv', 'xlsx'])
  format: 'csv' | 'xlsx' = 'csv';
}

export class LineWarningDto extends WarningDto {
  @ApiProperty({ ...count('Line of the file.', 2), minimum: 1 })
  line: number;
}

export class ClearingDto {
  @ApiProperty({ ...count('Line of the file.', 2), minimum: 1 })
  line: number;

  @ApiProperty({ description: 'Column whose cell is empty.', example: 'plannedOpening' })
  field: string;

  @ApiProperty({ description: 'What was known, as the file would write it.', example: '2026-12-01' })
  was: string;
}

export class SitesImportedDto {
  @ApiProperty(count('Rows read.', 320))
  rows: number;

  @ApiProperty(count('Sites that were not known.', 300))
  added: number;

  @ApiProperty(count('Known sites about which something was new.', 15))
  changed: number;

  @ApiProperty(count('Known sites about which nothing was new.', 5))
  unchanged: number;

  @ApiProperty({ description: 'True: nothing was written.', example: false })
  dryRun: boolean;

  @ApiProperty(count('What empty cells took, or would take, away, counted.', 1))
  clearedCount: number;

  @ApiProperty({ description: 'The first hundred of them.', type: [ClearingDto] })
  cleared: ClearingDto[];

  @ApiProperty(count('What guidelines would like to be different, counted.', 1))
  warningCount: number;

  @ApiProperty({
    description: 'The first hundred of them; nothing is refused for it.',
    type: [LineWarningDto],
  })
  warnings: LineWarningDto[];
}
