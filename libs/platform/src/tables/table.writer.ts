import { stringify } from 'csv-stringify/sync';
import writeXlsxFile from 'write-excel-file/node';
import { isFormula } from './csv.reader';

export type Cell = string | number | boolean | null;

export interface Table {
  /** Name of the sheet, at most 31 characters. */
  name: string;
  columns: string[];
  rows: Cell[][];
}

/**
 * CSV as spreadsheets read it best: UTF-8 with a byte order mark, Windows line ends. Text that a spreadsheet would run
 * as a formula gets an apostrophe in front.
 */
export function csvOf({ columns, rows }: Table): Buffer {
  const safe = rows.map((row) =>
    row.map((cell) => (typeof cell === 'string' && isFormula(cell) ? `'${cell}` : cell)),
  );
  return Buffer.from(
    stringify([columns, ...safe], { bom: true, record_delimiter: 'windows', cast: { boolean: String } }),
  );
}

/** A workbook of one sheet; cells are typed, so text is never a formula. */
export function xlsxOf(table: Table): Promise<Buffer> {
  return workbookOf([table]);
}

/** A workbook of several sheets in their order, the headings standing still while one scrolls. */
export function workbookOf(tables: readonly Table[]): Promise<Buffer> {
  return writeXlsxFile(
    tables.map(({ name, columns, rows }) => ({
      data: [
        columns.map((value) => ({ value, type: String, fontWeight: 'bold' as const })),
        ...rows.map((row) => row.map((value) => (value === null ? null : { value, type: typeOf(value) }))),
      ],
      sheet: name,
      stickyRowsCount: 1,
    })),
  ).toBuffer();
}

function typeOf(value: string | number | boolean) {
  if (typeof value === 'number') return Number;
  return typeof value === 'boolean' ? Boolean : String;
}
