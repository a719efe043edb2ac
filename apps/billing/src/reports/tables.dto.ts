import { type Language, LANGUAGES } from '@doorstep/kernel';
import { FileLanguage } from '@doorstep/platform';
import { ApiProperty } from '@nestjs/swagger';
import { Choice, Id, MonthField, Text } from '../shared/fields.dto';
import type { Column } from './tables';

export const TABLE_FORMATS = ['json', 'csv', 'xlsx', 'pdf'] as const;
export type TableFormat = (typeof TABLE_FORMATS)[number];
export const FILE_FORMATS = ['csv', 'xlsx', 'pdf'] as const;
export type FileFormat = (typeof FILE_FORMATS)[number];

export class ReportQuery {
  @MonthField('Month in which it was booked.')
  period: string;

  @Id('Only under this contract.', { optional: true })
  contractId?: string;
}

export class ReportFileQuery extends ReportQuery {
  @Choice('Kind of file.', FILE_FORMATS)
  format: FileFormat;

  @FileLanguage()
  language: Language = LANGUAGES[0];
}

export class ReportColumnDto implements Pick<Column, 'key' | 'unit'> {
  @Text('Key, by which programs read it; it stays.', { example: 'charged' })
  key: string;

  @Text('Title in Chinese.', { example: '费用' })
  titleZh: string;

  @Text('Title in English.', { example: 'Charged' })
  titleEn: string;

  @Choice('What its cells are; amounts in fen.', ['text', 'count', 'fen'])
  unit: Column['unit'];
}

const CELL = { oneOf: [{ type: 'string' }, { type: 'integer' }], nullable: true };

export class ReportTableDto {
  @MonthField('Month.')
  period: string;

  @Text('Title in Chinese.', { example: '四方对账（按站点）' })
  titleZh: string;

  @Text('Title in English.', { example: 'Four-way tie by site' })
  titleEn: string;

  @ApiProperty({ description: 'Its columns.', type: [ReportColumnDto] })
  columns: ReportColumnDto[];

  @ApiProperty({
    description: 'Cells in the order of the columns; kinds, channels, accounts and items as codes.',
    type: 'array',
    items: { type: 'array', items: CELL },
    example: [['S-1 外滩站', 1800]],
  })
  rows: (string | number | null)[][];

  @ApiProperty({
    description: 'Sums of what can be added up, null elsewhere; null when nothing can.',
    type: 'array',
    items: CELL,
    nullable: true,
    example: [null, 1800],
  })
  sums: (string | number | null)[] | null;
}
