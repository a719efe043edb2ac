import { posix } from 'node:path';
import type { Readable } from 'node:stream';
import { DomainError } from '@doorstep/kernel';
import { SaxesParser } from 'saxes';
import { type Entry, fromBufferPromise, type ZipFile } from 'yauzl';

/** A cell of the first sheet that holds a formula. */
export interface FormulaCell {
  /** From 1. */
  line: number;
  /** Letters: A, B, … AA. */
  column: string;
}

const SHEETS = 'xl/worksheets/';
const BOOK = 'xl/workbook.xml';
const RELATIONS = 'xl/_rels/workbook.xml.rels';
/** A fault is shown for the first hundred; more need not be found. */
const FORMULAS_MAX = 101;

/**
 * Looks at a workbook (ECMA-376) as it unfolds: how large it really is, whatever its directory says, and which cells of
 * the first sheet hold formulas. A formula's last value may be missing or old, so such cells are for refusing.
 */
export async function formulasOf(bytes: Buffer, unpackedMax: number): Promise<FormulaCell[]> {
  const zip = await fromBufferPromise(bytes, { lazyEntries: true });
  const formulas = new Map<string, FormulaCell[]>();
  let firstSheet: string | undefined;
  let targets = new Map<string, string>();
  let left = unpackedMax;
  for await (const entry of entriesOf(zip)) {
    const parts = entry.fileName.startsWith(SHEETS)
      ? new Formulas()
      : entry.fileName === BOOK
        ? new FirstSheet()
        : entry.fileName === RELATIONS
          ? new Targets()
          : undefined;
    left -= await readThrough(await zip.openReadStreamPromise(entry), left, parts?.parser);
    if (parts instanceof Formulas) formulas.set(entry.fileName, parts.found);
    if (parts instanceof FirstSheet) firstSheet = parts.id;
    if (parts instanceof Targets) targets = parts.found;
  }
  const target = targets.get(firstSheet ?? '');
  return (target && formulas.get(posix.join('xl', target))) || formulas.get(target?.slice(1) ?? '') || [];
}

async function* entriesOf(zip: ZipFile): AsyncGenerator<Entry> {
  for (let i = 0; i < zip.entryCount; i++) {
    const next = new Promise<Entry>((resolve, reject) => {
      zip.once('entry', resolve);
      zip.once('error', reject);
    });
    zip.readEntry();
    yield await next;
    zip.removeAllListeners('error');
  }
}

/** Bytes that an entry comes to; refuses as soon as they are too many. */
async function readThrough(stream: Readable, max: number, parser: SaxesParser | undefined): Promise<number> {
  const decoder = new TextDecoder();
  let bytes = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > max) throw tooLarge(max);
    parser?.write(decoder.decode(chunk, { stream: true }));
  }
  parser?.close();
  return bytes;
}

/** Names may bear a prefix: `x:c`. */
const local = (name: string): string => name.slice(name.indexOf(':') + 1);

class Formulas {
  readonly found: FormulaCell[] = [];
  readonly parser = new SaxesParser();
  private cell = '';

  constructor() {
    this.parser.on('opentag', ({ name, attributes }) => {
      if (local(name) === 'c') this.cell = String(attributes.r ?? '');
      if (local(name) !== 'f' || this.found.length >= FORMULAS_MAX) return;
      const [, column = '?', line = '0'] = /^([A-Z]+)(\d+)$/.exec(this.cell) ?? [];
      this.found.push({ line: Number(line), column });
    });
  }
}

class FirstSheet {
  id: string | undefined;
  readonly parser = new SaxesParser();

  constructor() {
    this.parser.on('opentag', ({ name, attributes }) => {
      if (local(name) === 'sheet') this.id ??= attributes['r:id'];
    });
  }
}

class Targets {
  readonly found = new Map<string, string>();
  readonly parser = new SaxesParser();

  constructor() {
    this.parser.on('opentag', ({ name, attributes }) => {
      if (local(name) === 'Relationship') this.found.set(attributes.Id, attributes.Target);
    });
  }
}

function tooLarge(bytesMax: number): DomainError {
  return new DomainError('too_large', 'file_too_large', 'The workbook is too large when unpacked.', {
    mend: 'Split it, or save it as CSV.',
    bytesMax,
  });
}
