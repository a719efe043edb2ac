import type { Tx } from '@doorstep/platform';
import type { BillFacts } from './bill';
import type { SettlementFileDto, SettlementFilesQuery, SettlementFileLineDto } from './settlement-files.dto';

const FILE = `id, operator_id AS "operatorId", channel, site_id AS "siteId", layout, part, merchant_no AS "merchantNo",
  bill_day AS "billDay", sha256, bytes, lines, payments_fen AS "paymentsFen", refunds_fen AS "refundsFen",
  fees_fen AS "feesFen", summary, status, uploaded_at AS "uploadedAt", version`;

export async function findFile(tx: Tx, id: string): Promise<SettlementFileDto | undefined> {
  const [file] = await tx.sql<SettlementFileDto>(`SELECT ${FILE} FROM settlement_file WHERE id = $1`, [id]);
  return file;
}

/** The same file; bills without lines are alike, so with those it is the day that tells. */
export async function findTwin(
  tx: Tx,
  operatorId: string,
  sha256: string,
  billDay: string | undefined,
): Promise<string | undefined> {
  const [file] = await tx.sql<{ id: string }>(
    `SELECT id FROM settlement_file WHERE operator_id = $1 AND sha256 = $2 AND (lines > 0 OR bill_day = $3)`,
    [operatorId, sha256, billDay ?? null],
  );
  return file?.id;
}

/**
 * The file of the same merchant's same day that makes another one superfluous. A whole bill and one in parts have nothing in
 * common that could be unique, so whoever takes over a bill of the day waits here for whoever was first.
 */
export async function findOfDay(
  tx: Tx,
  operatorId: string,
  channel: string,
  { merchantNo, billDay, part }: Pick<BillFacts, 'merchantNo' | 'billDay' | 'part'>,
): Promise<string | undefined> {
  await tx.sql(
    `SELECT pg_advisory_xact_lock(hashtextextended(concat_ws(' ', 'bill', $1::text, $2::text, $3::text, $4::text), 0))`,
    [operatorId, channel, merchantNo, billDay],
  );
  const [file] = await tx.sql<{ id: string }>(
    `SELECT id FROM settlement_file
     WHERE operator_id = $1 AND channel = $2 AND merchant_no = $3 AND bill_day = $4
       AND (part = $5 OR part = 'all' OR $5 = 'all') LIMIT 1`,
    [operatorId, channel, merchantNo, billDay, part],
  );
  return file?.id;
}

export function listFiles(
  tx: Tx,
  query: SettlementFilesQuery,
  after: string | null,
): Promise<SettlementFileDto[]> {
  return tx.sql<SettlementFileDto>(
    `SELECT ${FILE} FROM settlement_file
     WHERE ($2::uuid IS NULL OR id > $2) AND ($3::text IS NULL OR channel = $3) AND ($4::date IS NULL OR bill_day = $4)
       AND ($5::text IS NULL OR status = $5)
     ORDER BY id LIMIT $1`,
    [query.limit + 1, after, query.channel ?? null, query.billDay ?? null, query.status ?? null],
  );
}

export function listLines(
  tx: Tx,
  fileId: string,
  limit: number,
  after: number,
): Promise<SettlementFileLineDto[]> {
  return tx.sql<SettlementFileLineDto>(
    `SELECT line_no AS "lineNo", kind, at, channel_order_no AS "channelOrderNo", merchant_order_no AS "merchantOrderNo",
            channel_refund_no AS "channelRefundNo", merchant_refund_no AS "merchantRefundNo", line.amount_fen AS "amountFen",
            order_fen AS "orderFen", line.fee_fen AS "feeFen", rate_ppm AS "ratePpm", place,
            matched.payment_id AS "paymentId", matched.refund_id AS "refundId"
     FROM settlement_line AS line LEFT JOIN settlement_allocation AS matched ON matched.line_id = line.id
     WHERE file_id = $1 AND line_no > $3 ORDER BY line_no LIMIT $2`,
    [fileId, limit + 1, after],
  );
}

export interface NewFile extends BillFacts {
  id: string;
  operatorId: string;
  channel: string;
  siteId: string | null;
  layout: string;
  sha256: string;
  bytes: number;
  uploadedBy: string;
  uploadedAt: Date;
}

/** Taking over a large file may take longer than statements usually do. */
const TAKE_OVER_MS_MAX = 600_000;

/**
 * Takes the staged lines over and empties the staging, with the file itself, in the caller's transaction. They stand there
 * in the file's order already; sorting them once more would spill a million of them to disk.
 */
export async function takeOver(tx: Tx, file: NewFile, uploadId: string): Promise<number> {
  const line =
    'line_no, kind, at, channel_order_no, merchant_order_no, channel_refund_no, merchant_refund_no, amount_fen, order_fen, fee_fen, rate_ppm, place';
  const [, , [{ taken }]] = await Promise.all([
    tx.sql(`SELECT set_config('statement_timeout', $1, true), set_config('work_mem', '128MB', true)`, [
      String(TAKE_OVER_MS_MAX),
    ]),
    tx.sql(
      `INSERT INTO settlement_file (id, operator_id, channel, site_id, layout, part, merchant_no, bill_day, sha256, bytes,
         lines, payments_fen, refunds_fen, fees_fen, summary, status, uploaded_by, uploaded_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 'imported', $16, $17)`,
      [
        ...[
          file.id,
          file.operatorId,
          file.channel,
          file.siteId,
          file.layout,
          file.part,
          file.merchantNo,
          file.billDay,
        ],
        ...[file.sha256, file.bytes, file.lines, file.paymentsFen, file.refundsFen, file.feesFen],
        ...[JSON.stringify(file.summary), file.uploadedBy, file.uploadedAt],
      ],
    ),
    tx.sql<{ taken: number }>(
      `WITH taken AS (
         INSERT INTO settlement_line (operator_id, file_id, ${line})
         SELECT $2, $3, ${line} FROM settlement_staging WHERE upload_id = $1 RETURNING 1)
       SELECT count(*)::int AS taken FROM taken`,
      [uploadId, file.operatorId, file.id],
    ),
    tx.sql(`DELETE FROM settlement_staging WHERE upload_id = $1`, [uploadId]),
  ]);
  return taken;
}
