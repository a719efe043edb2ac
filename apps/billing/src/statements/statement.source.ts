import { createReadStream } from 'node:fs';
import type { Day } from '@doorstep/kernel';
import type { Report } from '@doorstep/platform';
import { openBill } from '../settlement-files/bill.source';
import { billLines, copyRow } from '../settlement-files/bill-stream';
import { Camt053Reader } from './camt053.reader';
import { MappedReader, type Mapping } from './mapping';
import type { Movement, StatementFacts } from './statement';
import { tableRows } from './table.source';
import { WechatFundFlowReader } from './wechat-fund-flow';

const CHUNK_BYTES = 262_144;

/** Rows that are handed to COPY at once. */
const ROWS_AT_ONCE = 500;

export interface ReadingOf {
  layout: string;
  mapping: Mapping | null;
  from?: Day;
  to?: Day;
}

/** A file being read: rows for COPY, then what the file as a whole says. */
export interface Reading {
  rows: AsyncIterable<string>;
  finish(): StatementFacts[];
}

export const STAGED_COLUMNS =
  'upload_id, statement_no, line_no, booked_on, amount_fen, balance_fen, kind, reference_no, text, counterparty, bank_ref';

/** Reads a statement's file by its layout, as a stream but for workbooks. */
export function readStatement(
  file: { path: string; bytes: number },
  { layout, mapping, from, to }: ReadingOf,
  uploadId: string,
  report: Report,
): Reading {
  const encode = (m: Movement): string =>
    copyRow([
      ...[uploadId, m.statementNo, m.lineNo, m.bookedOn, m.amountFen, m.balanceFen, m.kind],
      ...[m.referenceNo, m.text, m.counterparty, m.bankRef],
    ]);
  const counted = countedBytes(file, report);
  if (layout === 'camt053') {
    const reader = new Camt053Reader();
    const bytes = counted(createReadStream(file.path, { highWaterMark: CHUNK_BYTES }));
    return { rows: encoded(reader.read(bytes), encode), finish: () => reader.finish() };
  }
  if (layout === 'wechat_fund_flow') {
    const reader = new WechatFundFlowReader(from);
    const rows = async function* (): AsyncGenerator<string> {
      const { bytes, encoding } = await openBill(file.path, {
        encodingOf: () => 'utf-8',
        isBill: (name) => name.endsWith('.csv'),
      });
      yield* billLines(counted(bytes as AsyncIterable<Uint8Array>), encoding, reader, encode);
    };
    return { rows: rows(), finish: () => reader.finish() };
  }
  const reader = new MappedReader(mapping as Mapping, { from, to });
  const movements = async function* (): AsyncGenerator<Movement> {
    for await (const { cells, lineNo } of tableRows(file.path, file.bytes)) {
      const movement = reader.read(cells, lineNo);
      if (movement) yield movement;
    }
  };
  return { rows: encoded(movements(), encode), finish: () => reader.finish() };
}

async function* encoded(
  movements: AsyncIterable<Movement>,
  encode: (m: Movement) => string,
): AsyncGenerator<string> {
  let text = '';
  let held = 0;
  for await (const movement of movements) {
    text += encode(movement);
    if (++held < ROWS_AT_ONCE) continue;
    yield text;
    [text, held] = ['', 0];
  }
  if (text) yield text;
}

function countedBytes({ bytes: total }: { bytes: number }, report: Report) {
  let done = 0;
  return async function* (chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      report('reading', (done += chunk.length), total);
      yield chunk;
    }
  };
}
