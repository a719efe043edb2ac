import { StreamableFile } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { csvOf, type Table, xlsxOf } from './table.writer';

/** The forms in which files go out, by their endings. */
const TYPES = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  geojson: 'application/geo+json',
  pdf: 'application/pdf',
} as const;
export type FileEnding = keyof typeof TYPES;

/** An answer that is kept as `name.ending`. The name is ASCII: a header knows no other letters. */
export function download(content: Buffer, name: string, ending: FileEnding): StreamableFile {
  return new StreamableFile(content, {
    type: TYPES[ending],
    disposition: `attachment; filename="${name}.${ending}"`,
    length: content.length,
  });
}

/** A table as the file that was asked for. */
export async function downloadTable(
  table: Table,
  name: string,
  ending: 'csv' | 'xlsx',
): Promise<StreamableFile> {
  return download(ending === 'csv' ? csvOf(table) : await xlsxOf(table), name, ending);
}

/** Says in the API document that an operation answers with a file in one of these forms. */
export function ApiDownload(description: string, ...endings: FileEnding[]): MethodDecorator {
  const schema = { type: 'string', format: 'binary', description: 'The file.' };
  const content = endings.map((ending) => [TYPES[ending].split(';')[0], { schema }]);
  return ApiOkResponse({ description, content: Object.fromEntries(content) as Record<string, object> });
}
