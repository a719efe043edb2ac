import { pipeline } from 'node:stream/promises';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { newId, type Day } from '@doorstep/kernel';
import { Database, Periodic } from '@doorstep/platform';
import { Pool } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { BillingConfig } from '../config';
import type { BillFacts, BillLine } from './bill';
import { openBill } from './bill.source';
import { billLines, copyRow } from './bill-stream';
import type { Layout } from './layouts';

const COLUMNS =
  'upload_id, line_no, kind, at, channel_order_no, merchant_order_no, channel_refund_no, merchant_refund_no, amount_fen, order_fen, fee_fen, rate_ppm, place';

/** Files that are read at the same time; more wait for their turn. */
const READERS_MAX = 2;

/** A file whose lines wait in the staging table. */
export interface Staged {
  uploadId: string;
  facts: BillFacts;
  /** Name of the layout, kept with the file. */
  layout: string;
}

/**
 * Brings a file's lines into the staging table by COPY: on connections of its own, because COPY can't share a pipelined
 * one and may take minutes. A file that turns out broken leaves nothing there.
 */
@Injectable()
export class Staging implements OnApplicationShutdown {
  private readonly pool: Pool;

  constructor(
    private readonly db: Database,
    config: BillingConfig,
  ) {
    this.pool = new Pool({
      connectionString: config.databaseUrl,
      max: READERS_MAX,
      application_name: 'doorstep billing import',
    });
    this.pool.on('error', () => undefined); // a lost idle connection is replaced by the next use
  }

  async stage(path: string, layout: Layout, billDay?: Day): Promise<Staged> {
    const uploadId = newId();
    const reader = layout.reader(billDay);
    const encode = (line: BillLine): string => stagingRow(uploadId, line);
    const client = await this.pool.connect();
    try {
      const { bytes, encoding } = await openBill(path, layout);
      await client.query('BEGIN');
      await pipeline(
        bytes,
        (chunks) => billLines(chunks as AsyncIterable<Uint8Array>, encoding, reader, encode),
        client.query(copyFrom(`COPY settlement_staging (${COLUMNS}) FROM STDIN`)),
      );
      const facts = reader.finish();
      await client.query('COMMIT');
      client.release();
      return { uploadId, facts, layout: reader.layout };
    } catch (error) {
      // The connection may still be in the middle of the COPY: it goes, and Postgres rolls back.
      client.release(error as Error);
      throw error;
    }
  }

  async clear(uploadId: string): Promise<void> {
    await this.db.write((tx) => tx.sql('DELETE FROM settlement_staging WHERE upload_id = $1', [uploadId]));
  }

  /** Lines of uploads that nobody came back for: the process was stopped between reading and taking over. */
  @Periodic({ everyMs: 3_600_000, name: 'clear abandoned staging' })
  async clearAbandoned(): Promise<void> {
    await this.db.write((tx) =>
      tx.sql(`DELETE FROM settlement_staging WHERE staged_at < now() - interval '6 hours'`),
    );
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool.end();
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
