import { pipeline, type Readable, Transform } from 'node:stream';
import { DomainError } from '@doorstep/kernel';
import { CsvError, type Options, parse } from 'csv-parse';

/** Which columns a file has, and how long it may be. */
export interface TableLayout {
  required: readonly string[];
  optional: readonly string[];
  rowsMax: number;
}

export interface TableRow {
  /** Line of the file that the row ends on, from 1; the header is line 1. */
  line: number;
  /** Text of each column, trimmed; absent columns are undefined. */
  cells: Record<string, string | undefined>;
}

/** A line longer than this is no row: a quote was never closed. */
const RECORD_CHARACTERS_MAX = 100_000;

/**
 * Reads a CSV file row by row, without ever holding it: UTF-8 with or without a byte order mark, a header of known
 * columns, every row as wide as the header. What is wrong with the file as a whole is one refusal with the line.
 */
export async function* readCsv(file: Readable, layout: TableLayout): AsyncGenerator<TableRow> {
  const options: Options = {
    columns: (header: string[]) => checkedHeader(header, layout),
    info: true,
    skip_empty_lines: true,
    trim: true,
    max_record_size: RECORD_CHARACTERS_MAX,
  };
  const rows = pipeline(file, utf8(), parse(options), () => undefined);
  let count = 0;
  try {
    for await (const { record, info } of rows as AsyncIterable<ParsedRow>) {
      if (++count > layout.rowsMax) throw tooLong(layout.rowsMax, info.lines);
      yield { line: info.lines, cells: record };
    }
  } catch (error) {
    throw error instanceof CsvError ? unreadable(error) : error;
  }
  if (count === 0)
    throw broken('file_empty', 'The file has no rows', 'Give a header line and at least one row.');
}

interface ParsedRow {
  record: Record<string, string>;
  info: { lines: number };
}

/** A cell that a spreadsheet would run as a formula; such text is never a name or a code. */
export function isFormula(text: string): boolean {
  return /^[=@\t\r]/.test(text) || /^[+-](?![\d.,\s]*$)/.test(text);
}

/** Text that only looks like a formula has an apostrophe in front, as spreadsheets and our own files write it: without it. */
export function plainText(text: string): string {
  return text.startsWith("'") && isFormula(text.slice(1)) ? text.slice(1) : text;
}

/** Refuses bytes that are not UTF-8: Chinese files are often GBK, and guessing would garble names in silence. */
function utf8(): Transform {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let lines = 1;
  const decode = (bytes?: Buffer): string => {
    try {
      const text = decoder.decode(bytes, { stream: bytes !== undefined });
      for (let at = bytes?.indexOf(10) ?? -1; bytes && at >= 0; at = bytes.indexOf(10, at + 1)) lines++;
      return text;
    } catch {
      throw broken(
        'file_not_utf8',
        `The file is not UTF-8, at or after line ${lines}`,
        'Save it as UTF-8 (in Excel: CSV UTF-8).',
        lines,
      );
    }
  };
  return new Transform({
    decodeStrings: true,
    transform: (bytes: Buffer, _encoding, done) => finish(() => decode(bytes), done),
    flush: (done) => finish(() => decode(), done),
  });
}

function finish(work: () => string, done: (error?: Error | null, text?: string) => void): void {
  let text: string;
  try {
    text = work();
  } catch (error) {
    return done(error as Error);
  }
  done(null, text);
}

export function checkedHeader(header: string[], { required, optional }: TableLayout): string[] {
  const known = new Set([...required, ...optional]);
  const missing = required.filter((column) => !header.includes(column));
  const unknown = header.filter((column) => !known.has(column));
  const twice = header.filter((column, i) => header.indexOf(column) !== i);
  const faults = [
    missing.length > 0 && `it lacks ${missing.join(', ')}`,
    unknown.length > 0 && `it has ${unknown.map((column) => column || '(a column without name)').join(', ')}`,
    twice.length > 0 && `it has ${twice.join(', ')} twice`,
  ].filter(Boolean);
  if (faults.length === 0) return header;
  throw broken(
    'file_columns_wrong',
    `The header is not as described: ${faults.join('; ')}`,
    `Columns: ${required.join(', ')}${optional.length > 0 ? `; and if you like ${optional.join(', ')}` : ''}.`,
    1,
  );
}

function unreadable(error: CsvError): DomainError {
  const line = Number(error.lines ?? 0);
  return broken(
    'file_unreadable',
    `Line ${line} cannot be read: ${error.message.replace(/ at line \d+.*$/s, '')}`,
    'Give each row as many cells as the header, with quotes closed.',
    line,
  );
}

function tooLong(rowsMax: number, line: number): DomainError {
  return new DomainError('too_large', 'file_too_long', `The file has more than ${rowsMax} rows.`, {
    mend: 'Split the file.',
    line,
    rowsMax,
  });
}

function broken(code: string, reason: string, mend: string, line?: number): DomainError {
  return new DomainError('invalid', code, `${reason}.`, { mend, ...(line !== undefined && { line }) });
}
