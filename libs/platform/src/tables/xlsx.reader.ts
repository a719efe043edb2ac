import type { Readable } from 'node:stream';
import { DomainError } from '@doorstep/kernel';
import { type CellValue, readSheet } from 'read-excel-file/node';
import { checkedHeader, isFormula, type TableLayout, type TableRow } from './csv.reader';
import { LineFaults } from './line-faults';
import { type FormulaCell, formulasOf } from './workbook.reader';

/** Unpacked; a workbook of some thousand rows has a few megabytes. */
const UNPACKED_BYTES_MAX = 64 * 1024 * 1024;

/**
 * Reads the first sheet of a workbook: a header of known columns, then rows. Cells count by the value that is shown;
 * formulas are refused. A workbook is held in memory, so its unpacked size is bounded.
 */
export async function* readXlsx(file: Readable, layout: TableLayout): AsyncGenerator<TableRow> {
  const bytes = await bytesOf(file);
  await refuseFormulas(bytes);
  const [first = [], ...rows] = await sheetOf(bytes);
  const header = checkedHeader(first.map(textOf), layout);
  if (rows.length > layout.rowsMax) {
    throw new DomainError('too_large', 'file_too_long', `The file has more than ${layout.rowsMax} rows.`, {
      mend: 'Split the file.',
      rowsMax: layout.rowsMax,
    });
  }
  let count = 0;
  for (const [i, row] of rows.entries()) {
    const texts = row.map(textOf);
    if (texts.every((text) => text === '')) continue;
    count++;
    yield { line: i + 2, cells: Object.fromEntries(header.map((column, c) => [column, texts[c] ?? ''])) };
  }
  if (count > 0) return;
  throw new DomainError('invalid', 'file_empty', 'The file has no rows.', {
    mend: 'Give a header line and at least one row.',
  });
}

async function refuseFormulas(bytes: Buffer): Promise<void> {
  const faults = new LineFaults('file_has_formulas');
  for (const { line, column } of await inspected(bytes)) {
    const mend = 'Paste the values in place of the formulas (in Excel: Paste Special, Values).';
    faults.add({ file: 'file', line, field: column, reason: 'is a formula', mend });
  }
  faults.refuse();
}

/** Whatever is wrong with the archive or its XML, it is no workbook. */
async function inspected(bytes: Buffer): Promise<FormulaCell[]> {
  try {
    return await formulasOf(bytes, UNPACKED_BYTES_MAX);
  } catch (error) {
    throw error instanceof DomainError ? error : notAWorkbook();
  }
}

async function bytesOf(file: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of file) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

async function sheetOf(bytes: Buffer): Promise<(CellValue | null)[][]> {
  try {
    return await readSheet(bytes);
  } catch {
    throw notAWorkbook();
  }
}

/** A cell of a workbook has its type, so what looks like a formula here is text, and is marked as such. */
function textOf(value: CellValue | null): string {
  if (value === null) return '';
  const text = value instanceof Date ? value.toISOString().slice(0, 10) : String(value).trim();
  return isFormula(text) ? `'${text}` : text;
}

function notAWorkbook(): DomainError {
  return new DomainError('invalid', 'file_unreadable', 'The file is no XLSX workbook.', {
    mend: 'Save it as .xlsx, or send CSV as text/csv.',
  });
}
