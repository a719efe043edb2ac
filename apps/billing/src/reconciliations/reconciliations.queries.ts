/** A reconciliation as every statement here answers it. */
export interface ReconciliationRow {
  id: string;
  settlementFileId: string;
  channel: string;
  billDay: string;
  outcome: 'tied' | 'exceptions';
  lines: number;
  matched: number;
  exceptions: number;
  theirsFen: number;
  oursFen: number;
  settledFen: number;
  feesFen: number;
  differenceFen: number;
  createdAt: Date;
  version: number;
}

const RECONCILIATION = `
  id, settlement_file_id AS "settlementFileId", channel, bill_day AS "billDay", outcome, lines, matched, exceptions,
  theirs_fen AS "theirsFen", ours_fen AS "oursFen", settled_fen AS "settledFen", fees_fen AS "feesFen",
  difference_fen AS "differenceFen", created_at AS "createdAt", version`;

/** A file as its reconciliation needs it. */
export interface FileRow {
  id: string;
  operatorId: string;
  channel: string;
  siteId: string | null;
  part: string;
  billDay: string;
  status: string;
  merchantNo: string;
}

export const FILE_FOR_UPDATE = `
  SELECT id, operator_id AS "operatorId", channel, site_id AS "siteId", part, bill_day AS "billDay", status,
         merchant_no AS "merchantNo"
  FROM settlement_file WHERE id = $1 FOR UPDATE`;

export const INSERT_RECONCILIATION = `
  INSERT INTO reconciliation (id, operator_id, settlement_file_id, channel, bill_day, outcome, lines, matched, exceptions,
    theirs_fen, ours_fen, settled_fen, fees_fen, difference_fen, fee_difference_fen, created_by, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
  RETURNING ${RECONCILIATION}`;

export const FILE_RECONCILED = `UPDATE settlement_file SET status = 'reconciled', version = version + 1 WHERE id = $1`;

export const RECONCILIATION_OF_FILE = `SELECT id FROM reconciliation WHERE settlement_file_id = $1`;

export const RECONCILIATION_BY_ID = `SELECT ${RECONCILIATION} FROM reconciliation WHERE id = $1`;

/** `$1` channel · `$2` outcome · `$3` go on after · `$4` limit */
export const LIST_RECONCILIATIONS = `
  SELECT ${RECONCILIATION} FROM reconciliation
  WHERE ($1::text IS NULL OR channel = $1) AND ($2::text IS NULL OR outcome = $2) AND ($3::uuid IS NULL OR id > $3)
  ORDER BY id LIMIT $4`;
