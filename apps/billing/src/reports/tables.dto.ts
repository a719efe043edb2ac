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
}

export class ReportColumnDto implements Pick<Column, 'key' | 'title' | 'unit'> {
  @Text('Key.', { example: 'charged' })
  key: string;

  @Text('Title.', { example: '费用' })
  title: string;

  @Choice('What its cells are; amounts in fen.', ['text', 'count', 'fen'])
  unit: Column['unit'];
}

const CELL = { oneOf: [{ type: 'string' }, { type: 'integer' }], nullable: true };

export class ReportTableDto {
  @MonthField('Month.')
  period: string;

  @Text('Title.', { example: '四方对账（按站点）' })
  title: string;

  @ApiProperty({ description: 'Its columns.', type: [ReportColumnDto] })
  columns: ReportColumnDto[];

  @ApiProperty({
    description: 'Cells in the order of the columns.',
    type: 'array',
    items: { type: 'array', items: CELL },
    example: [['S-1 外滩站', 1800]],
  })
  rows: (string | number | null)[][];

  @ApiProperty({
    description: 'Sums of what can be added up; null when nothing can.',
    type: 'array',
    items: CELL,
    nullable: true,
    example: ['合计', 1800],
  })
  sums: (string | number | null)[] | null;
}
