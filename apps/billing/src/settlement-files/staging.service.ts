import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Injectable, Logger } from '@nestjs/common';
import { newId, type Day } from '@doorstep/kernel';
import { Database, Periodic, type Report } from '@doorstep/platform';
import { from as copyFrom } from 'pg-copy-streams';
import type { BillFacts, BillLine } from './bill';
import { openBill } from './bill.source';
import { billLines, copyRow } from './bill-stream';
import type { Layout } from './layouts';
import { SideConnections } from './side-connections.service';

const COLUMNS =
  'upload_id, line_no, kind, at, channel_order_no, merchant_order_no, channel_refund_no, merchant_refund_no, amount_fen, order_fen, fee_fen, rate_ppm, place';

/** Tables that hold lines until they are taken over in one transaction. */
const STAGING_TABLES = ['settlement_staging', 'statement_staging'] as const;
export type StagingTable = (typeof STAGING_TABLES)[number];

/** Fewer are few whatever Postgres thinks. */
const LINES_WORTH_A_LOOK = 20_000;

/** A file whose lines wait in the staging table. */
export interface Staged {
  uploadId: string;
  facts: BillFacts;
  /** Name of the layout, kept with the file. */
  layout: string;
}

/** Brings a file's lines into a staging table by COPY. A file that turns out broken leaves nothing there. */
@Injectable()
export class Staging {
  private readonly logger = new Logger(Staging.name);

  constructor(
    private readonly db: Database,
    private readonly side: SideConnections,
  ) {}

  async stage(
    { path, bytes: total }: { path: string; bytes: number },
    layout: Layout,
    billDay: Day | undefined,
    report: Report,
  ): Promise<Staged> {
    const uploadId = newId();
    const reader = layout.reader(billDay);
    const encode = (line: BillLine): string => stagingRow(uploadId, line);
    const { bytes, encoding } = await openBill(path, layout);
    let done = 0;
    const counted = async function* (): AsyncGenerator<Uint8Array> {
      for await (const chunk of bytes as AsyncIterable<Uint8Array>) {
        report('reading', (done += chunk.length), total);
        yield chunk;
      }
    };
    const rows = billLines(counted(), encoding, reader, encode);
    const facts = await this.copy(`settlement_staging (${COLUMNS})`, rows, () => reader.finish(), bytes);
    return { uploadId, facts, layout: reader.layout };
  }

  /**
   * Writes rows into a staging table and commits them when `finish` has found nothing wrong with the whole.
   *
   * @param source destroyed when something fails half-way
   */
  async copy<T>(
    into: string,
    rows: AsyncIterable<string>,
    finish: () => T | Promise<T>,
    source?: Readable,
  ): Promise<T> {
    try {
      return await this.side.transaction(async (client) => {
        await pipeline(rows, client.query(copyFrom(`COPY ${into} FROM STDIN`)));
        return finish();
      });
    } catch (error) {
      source?.destroy();
      throw error;
    }
  }

  /**
   * Has Postgres look at lines that were just taken over: until it does so by itself it takes a file for a handful of
   * lines, and would look up each of a million alone. Statistics are advice; without them all is the same, only later.
   */
  async lookedAt(lines: number): Promise<void> {
    if (lines < LINES_WORTH_A_LOOK) return;
    try {
      await this.side.transaction(async (client) => {
        await client.query(`SET LOCAL lock_timeout = '1s'; SET LOCAL statement_timeout = '10s'`);
        await client.query('ANALYZE settlement_line (operator_id, file_id, kind)');
      });
    } catch (error) {
      this.logger.warn(`${lines} new lines could not be looked at: ${(error as Error).message}`);
    }
  }

  async clear(uploadId: string, table: StagingTable = 'settlement_staging'): Promise<void> {
    await this.db.write((tx) => tx.sql(`DELETE FROM ${table} WHERE upload_id = $1`, [uploadId]));
  }

  /** Lines of uploads that nobody came back for: the process was stopped between reading and taking over. */
  @Periodic({ everyMs: 3_600_000, name: 'clear abandoned staging' })
  async clearAbandoned(): Promise<void> {
    for (const table of STAGING_TABLES)
      await this.db.write((tx) =>
        tx.sql(`DELETE FROM ${table} WHERE staged_at < now() - interval '6 hours'`),
      );
  }
}

function stagingRow(uploadId: string, line: BillLine): string {
  return copyRow([
    ...[uploadId, line.lineNo, line.kind, line.at, line.channelOrderNo, line.merchantOrderNo],
    ...[
      line.channelRefundNo,
      line.merchantRefundNo,
      line.amountFen,
      line.orderFen,
      line.feeFen,
      line.ratePpm,
      line.place,
    ],
  ]);
}
