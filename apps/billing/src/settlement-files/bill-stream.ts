import { DomainError } from '@doorstep/kernel';

/** Longest line of a bill, in characters; a bill's own lines have a few hundred. */
const LINE_CHARS_MAX = 65_536;

/** What a line-by-line layout needs of its reader; `L` is what a line holds. */
export interface RecordReader<L> {
  /** Between two fields; no layout here quotes fields or breaks lines inside of them. */
  readonly delimiter: string;
  read(fields: string[], lineNo: number): L | undefined;
}

/**
 * Feeds a file to a reader line by line and passes on what the lines hold, a chunk at a time, so that nothing large is ever
 * in memory.
 */
export async function* billLines<L>(
  bytes: AsyncIterable<Uint8Array>,
  encoding: Encoding,
  reader: RecordReader<L>,
  encode: (line: L) => string,
): AsyncGenerator<string> {
  const decode = decoderOf(encoding);
  let rest = '';
  let lineNo = 0;
  const read = (text: string): string => {
    let out = '';
    for (const fields of recordsOf(text, reader.delimiter)) {
      lineNo++;
      const held = fields.length === 1 && fields[0] === '' ? undefined : reader.read(fields, lineNo);
      if (held) out += encode(held);
    }
    return out;
  };
  for await (const chunk of bytes) {
    const text = rest + decode(chunk);
    const end = text.lastIndexOf('\n') + 1;
    rest = text.slice(end);
    if (rest.length > LINE_CHARS_MAX) throw lineTooLong(lineNo + 1);
    const out = end > 0 ? read(text.slice(0, end)) : '';
    if (out) yield out;
  }
  const last = read(rest + decode());
  if (last) yield last;
}

/**
 * Whole lines as fields; an empty line has one empty field. No layout here quotes fields or breaks lines inside of them,
 * so this is all of its grammar, in a quarter of a CSV library's time: docs/decisions/0022.
 */
export function recordsOf(text: string, delimiter: string): string[][] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line).split(delimiter));
}

/** GB 18030 is what GBK has grown into; it reads every older file. */
export type Encoding = 'utf-8' | 'gb18030';

/** Decodes chunk by chunk, byte order mark or not, and refuses what isn't in the encoding, in whichever chunk it comes. */
export function decoderOf(encoding: Encoding): (chunk?: Uint8Array) => string {
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
