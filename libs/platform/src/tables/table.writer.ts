import { type Fen, formatYuan } from '@doorstep/kernel';
import { stringify } from 'csv-stringify/sync';
import writeXlsxFile from 'write-excel-file/node';
import { isFormula } from './csv.reader';

/** An amount of money, which files show in yuan. */
export interface Amount {
  fen: Fen;
}

export type Cell = string | number | boolean | Amount | null;

/** The cell of an amount; of none an empty one. */
export const inYuan = (fen: Fen | null): Amount | null => (fen === null ? null : { fen });

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
    row.map((cell) => {
      if (isAmount(cell)) return formatYuan(cell.fen);
      return typeof cell === 'string' && isFormula(cell) ? `'${cell}` : cell;
    }),
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
        ...rows.map((row) => row.map(sheetCellOf)),
      ],
      columns: columns.map((title, at) => ({ width: widthOf([title, ...rows.map((row) => row[at])]) })),
      sheet: name,
      stickyRowsCount: 1,
    })),
  ).toBuffer();
}

/** A spreadsheet's number is binary: two decimals are exact far beyond any amount of these books. */
function sheetCellOf(cell: Cell) {
  if (cell === null) return null;
  if (isAmount(cell)) return { value: Number(formatYuan(cell.fen)), type: Number, format: '#,##0.00' };
  if (typeof cell === 'number') return { value: cell, type: Number };
  return typeof cell === 'boolean' ? { value: cell, type: Boolean } : { value: cell, type: String };
}

const WIDTH_MIN = 6;
const WIDTH_MAX = 48;

/** In characters: a Chinese one is as wide as two, and beyond the widest a text runs on out of sight. */
function widthOf(cells: readonly (Cell | undefined)[]): number {
  let width = WIDTH_MIN;
  for (const cell of cells) {
    const text = isAmount(cell) ? `${formatYuan(cell.fen)},` : String(cell ?? '');
    width = Math.max(width, text.length + (text.match(/[^\0-\u00ff]/g)?.length ?? 0) + 1);
    if (width >= WIDTH_MAX) return WIDTH_MAX;
  }
  return width;
}

function isAmount(cell: Cell | undefined): cell is Amount {
  return typeof cell === 'object' && cell !== null;
}
