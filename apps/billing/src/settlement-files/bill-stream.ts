import { Transform } from 'node:stream';
import { parse } from 'csv-parse';
import { DomainError } from '@doorstep/kernel';
import type { BillLine, BillReader } from './bill';

/** Longest line of a bill, in bytes; a bill's own lines have a few hundred. */
const LINE_BYTES_MAX = 65_536;

/** Rows of a CSV file with the number of their line. Quotes mean nothing: channels don't quote. */
export function csvRows(): Transform {
  return parse({
    bom: true,
    quote: null,
    relax_column_count: true,
    skip_empty_lines: true,
    info: true,
    max_record_size: LINE_BYTES_MAX,
  });
}

interface ParsedRow {
  record: string[];
  info: { lines: number };
}

/** Feeds rows to a reader and passes on the lines that they hold, in chunks, so that nothing large is ever in memory. */
export async function* billLines(
  rows: AsyncIterable<ParsedRow>,
  reader: BillReader,
  encode: (line: BillLine) => string,
): AsyncGenerator<string> {
  let chunk = '';
  for await (const { record, info } of rows) {
    const line = reader.read(record, info.lines);
    if (line) chunk += encode(line);
    if (chunk.length < CHUNK_CHARS) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk) yield chunk;
}

const CHUNK_CHARS = 131_072;

/** Lets text in UTF-8 pass and refuses everything else, in whichever chunk it comes. */
export function onlyUtf8(): Transform {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      try {
        decoder.decode(chunk, { stream: true });
        done(null, chunk);
      } catch {
        done(notUtf8());
      }
    },
    flush(done) {
      try {
        decoder.decode();
        done();
      } catch {
        done(notUtf8());
      }
    },
  });
}

function notUtf8(): DomainError {
  return new DomainError('invalid', 'file_not_utf8', 'The file is not written in UTF-8.', {
    mend: 'Send the bill unchanged; a spreadsheet program may have saved it in another encoding.',
  });
}

/** A row for COPY in text format; null is \N. */
export function copyRow(values: readonly (string | number | Date | null)[]): string {
  return `${values.map(copyValue).join('\t')}\n`;
}

function copyValue(value: string | number | Date | null): string {
  if (value === null) return '\\N';
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'number' ? String(value) : value.replace(/[\\\t\n\r]/g, (c) => COPY_ESCAPES[c]);
}

const COPY_ESCAPES: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };
