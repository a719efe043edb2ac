import { DomainError } from '@doorstep/kernel';
import type { BillLine, BillReader } from './bill';

/** Longest line of a bill, in characters; a bill's own lines have a few hundred. */
const LINE_CHARS_MAX = 65_536;

/**
 * Feeds a file to a reader line by line and passes on what the lines hold, a chunk at a time, so that nothing large is ever
 * in memory. Channels neither quote nor break lines inside of fields, so a line feed is the end of a line; a CSV library
 * does four times the work for the same result (measured on a million lines).
 */
export async function* billLines(
  bytes: AsyncIterable<Uint8Array>,
  encoding: Encoding,
  reader: BillReader,
  encode: (line: BillLine) => string,
): AsyncGenerator<string> {
  const decode = decoderOf(encoding);
  let rest = '';
  let lineNo = 0;
  const read = (line: string): string => {
    lineNo++;
    const text = line.endsWith('\r') ? line.slice(0, -1) : line;
    const held = text === '' ? undefined : reader.read(text, lineNo);
    return held ? encode(held) : '';
  };
  for await (const chunk of bytes) {
    const text = rest + decode(chunk);
    let out = '';
    let start = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      out += read(text.slice(start, end));
      start = end + 1;
    }
    rest = text.slice(start);
    if (rest.length > LINE_CHARS_MAX) throw lineTooLong(lineNo + 1);
    if (out) yield out;
  }
  const last = read(rest + decode());
  if (last) yield last;
}

/** GB 18030 is what GBK has grown into; it reads every older file. */
export type Encoding = 'utf-8' | 'gb18030';

/** Decodes chunk by chunk, byte order mark or not, and refuses what isn't in the encoding, in whichever chunk it comes. */
function decoderOf(encoding: Encoding): (chunk?: Uint8Array) => string {
  const decoder = new TextDecoder(encoding, { fatal: true });
  return (chunk) => {
    try {
      return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode();
    } catch {
      const name = encoding === 'utf-8' ? 'UTF-8' : 'GBK';
      throw new DomainError('invalid', 'file_encoding', `The file is not written in ${name}.`, {
        mend: 'Send the bill unchanged; a spreadsheet program may have saved it in another encoding.',
      });
    }
  };
}

function lineTooLong(line: number): DomainError {
  return new DomainError('invalid', 'file_broken', `Line ${line} is longer than a bill's line can be.`, {
    mend: 'Send the bill as the channel gives it.',
    errors: [
      {
        field: `line ${line}`,
        reason: `It has more than ${LINE_CHARS_MAX} characters.`,
        mend: 'Send the bill unchanged.',
      },
    ],
  });
}

/** A row for COPY in text format; null is \N. */
export function copyRow(values: readonly (string | number | null)[]): string {
  let row = '';
  for (const value of values) {
    if (row) row += '\t';
    row += value === null ? '\\N' : typeof value === 'number' ? value : copyText(value);
  }
  return `${row}\n`;
}

function copyText(text: string): string {
  return NEEDS_ESCAPE.test(text) ? text.replace(/[\\\t\n\r]/g, (c) => COPY_ESCAPES[c]) : text;
}

const NEEDS_ESCAPE = /[\\\t\n\r]/;
const COPY_ESCAPES: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };
