import type { Readable } from 'node:stream';
import { DomainError } from '@doorstep/kernel';
import { type CellValue, readSheet } from 'read-excel-file/node';
import { checkedHeader, type TableLayout, type TableRow } from './csv.reader';

/** Unpacked; a workbook of some thousand rows has a few megabytes. */
const UNPACKED_BYTES_MAX = 64 * 1024 * 1024;

/**
 * Reads the first sheet of a workbook: a header of known columns, then rows. Cells count by the value that is shown;
 * formulas by the value they last had. A workbook is held in memory, so its unpacked size is bounded.
 */
export async function* readXlsx(file: Readable, layout: TableLayout): AsyncGenerator<TableRow> {
  const bytes = await bytesOf(file);
  const unpacked = unpackedBytes(bytes);
  if (unpacked === undefined) throw notAWorkbook();
  if (unpacked > UNPACKED_BYTES_MAX) {
    throw new DomainError('too_large', 'file_too_large', 'The workbook is too large when unpacked.', {
      mend: 'Split it, or save it as CSV.',
      bytesMax: UNPACKED_BYTES_MAX,
    });
  }
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

function textOf(value: CellValue | null): string {
  if (value === null) return '';
  return value instanceof Date ? value.toISOString().slice(0, 10) : String(value).trim();
}

function notAWorkbook(): DomainError {
  return new DomainError('invalid', 'file_unreadable', 'The file is no XLSX workbook.', {
    mend: 'Save it as .xlsx, or send CSV as text/csv.',
  });
}

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;

/** What the directory of a ZIP file says that its entries come to, undefined when it is no ZIP file (APPNOTE 4.3). */
export function unpackedBytes(zip: Buffer): number | undefined {
  let end = zip.length - 22;
  while (end >= 0 && zip.readUInt32LE(end) !== END_OF_DIRECTORY) end--;
  if (end < 0) return undefined;
  let at = zip.readUInt32LE(end + 16);
  let total = 0;
  for (let entries = zip.readUInt16LE(end + 10); entries > 0; entries--) {
    if (at + 46 > zip.length || zip.readUInt32LE(at) !== DIRECTORY_ENTRY) return undefined;
    total += zip.readUInt32LE(at + 24);
    at += 46 + zip.readUInt16LE(at + 28) + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return total;
}
