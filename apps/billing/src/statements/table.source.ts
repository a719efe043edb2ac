import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { pipeline, Transform } from 'node:stream';
import { DomainError } from '@doorstep/kernel';
import { CsvError, parse } from 'csv-parse';
import { type CellValue, readSheet } from 'read-excel-file/node';
import { headOf, readsAsUtf8 } from '../settlement-files/bill.source';
import { decoderOf } from '../settlement-files/bill-stream';
import { looksZipped, unzipped, zipEntries } from '../settlement-files/zip.reader';

export interface TableRow {
  cells: string[];
  /** Line of the file, the first being 1. */
  lineNo: number;
}

/** A workbook is held in memory. */
const WORKBOOK_BYTES_MAX = 16 * 1024 ** 2;
const UNPACKED_BYTES_MAX = 96 * 1024 ** 2;
const RECORD_CHARACTERS_MAX = 65_536;

/** The rows of a table that somebody exported: CSV in UTF-8 or GBK, read as a stream, or the first sheet of a workbook. */
export async function* tableRows(path: string, bytes: number): AsyncGenerator<TableRow> {
  const head = await headOf(path);
  if (looksZipped(head)) yield* workbookRows(path, bytes);
  else yield* csvRows(path, head);
}

async function* csvRows(path: string, head: Buffer): AsyncGenerator<TableRow> {
  const decode = decoderOf(readsAsUtf8(head) ? 'utf-8' : 'gb18030');
  const text = new Transform({
    transform: (chunk: Buffer, _encoding, done) => trying(() => decode(chunk), done),
    flush: (done) => trying(() => decode(), done),
  });
  const rows = pipeline(
    createReadStream(path),
    text,
    parse({ info: true, relax_column_count: true, trim: true, max_record_size: RECORD_CHARACTERS_MAX }),
    () => undefined,
  );
  try {
    for await (const { record, info } of rows as AsyncIterable<{ record: string[]; info: { lines: number } }>)
      yield { cells: record.map((cell) => cell.trim()), lineNo: info.lines };
  } catch (error) {
    throw error instanceof CsvError ? unreadable(error) : error;
  }
}

async function* workbookRows(path: string, bytes: number): AsyncGenerator<TableRow> {
  if (bytes > WORKBOOK_BYTES_MAX) throw tooLarge();
  // Unpacked once for the measure, because a directory can lie about sizes.
  let unpacked = 0;
  for (const file of await zipEntries(path)) {
    if (file.entry.uncompressedSize === 0) continue;
    for await (const chunk of await unzipped(path, file))
      if ((unpacked += (chunk as Buffer).length) > UNPACKED_BYTES_MAX) throw tooLarge();
  }
  const rows = await sheetOf(path);
  for (const [index, row] of rows.entries()) yield { cells: row.map(textOf), lineNo: index + 1 };
}

async function sheetOf(path: string): Promise<(CellValue | null)[][]> {
  try {
    return await readSheet(await readFile(path));
  } catch {
    throw new DomainError('invalid', 'file_not_recognised', 'The file is no workbook that can be read.', {
      mend: 'Save it as .xlsx, or export CSV.',
    });
  }
}

/** Numbers of a workbook are floats: what is a hundredth but for the last bits is that hundredth. */
function textOf(value: CellValue | null): string {
  if (value === null) return '';
  if (value instanceof Date) return value.toISOString().slice(0, 10);
  if (typeof value !== 'number') return String(value).trim();
  const hundredths = Math.round(value * 100);
  return Math.abs(value * 100 - hundredths) < 1e-6 ? String(hundredths / 100) : String(value);
}

function trying(work: () => string, done: (error?: Error | null, text?: string) => void): void {
  let text: string;
  try {
    text = work();
  } catch (error) {
    return done(error as Error);
  }
  done(null, text);
}

function unreadable(error: CsvError): DomainError {
  const line = Number(error.lines ?? 0);
  const reason = error.message.replace(/ at line \d+.*$/s, '').slice(0, 200);
  return new DomainError('invalid', 'file_broken', `Line ${line} can't be read: ${reason}.`, {
    mend: 'Export the file again and send it unchanged.',
    errors: [{ field: `line ${line}`, reason, mend: 'Send the file unchanged.' }],
  });
}

function tooLarge(): DomainError {
  return new DomainError('too_large', 'file_too_large', 'The workbook is too large to be held in memory.', {
    mend: 'Export CSV, which is read as a stream, or fewer days.',
    bytesMax: WORKBOOK_BYTES_MAX,
  });
}
