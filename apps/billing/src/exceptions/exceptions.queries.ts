import type { Tx } from '@doorstep/platform';
import { asJson } from '../shared/rows';
import type { ExceptionStatus, ExceptionType, Proposal, Resolution } from './exception';

/** An exception as every statement here answers it. */
export interface ExceptionRow {
  id: string;
  operatorId: string;
  reconciliationId: string | null;
  type: ExceptionType;
  contractId: string | null;
  day: string | null;
  merchantOrderNo: string | null;
  merchantRefundNo: string | null;
  lineNo: number | null;
  lineId: number | null;
  paymentId: string | null;
  refundId: string | null;
  statementLineId: number | null;
  expectedId: string | null;
  parentId: string | null;
  oursFen: number;
  theirsFen: number;
  differenceFen: number;
  feeDifferenceFen: number;
  status: ExceptionStatus;
  ownerId: string | null;
  comment: string | null;
  resolution: Resolution | null;
  proposal: Proposal | null;
  createdAt: Date;
  changedAt: Date;
  version: number;
}

const EXCEPTION = `
  e.id, e.operator_id AS "operatorId", e.reconciliation_id AS "reconciliationId", e.type, e.contract_id AS "contractId", e.day,
  e.merchant_order_no AS "merchantOrderNo", e.merchant_refund_no AS "merchantRefundNo",
  coalesce((SELECT l.line_no FROM settlement_line l WHERE l.id = e.line_id),
           (SELECT l.line_no FROM statement_line l WHERE l.id = e.statement_line_id)) AS "lineNo", e.line_id AS "lineId",
  e.payment_id AS "paymentId", e.refund_id AS "refundId", e.statement_line_id AS "statementLineId",
  e.expected_id AS "expectedId", e.parent_id AS "parentId", e.ours_fen AS "oursFen", e.theirs_fen AS "theirsFen",
  e.difference_fen AS "differenceFen", e.fee_difference_fen AS "feeDifferenceFen", e.status, e.owner_id AS "ownerId",
  e.comment, e.resolution, e.proposal, e.created_at AS "createdAt", e.changed_at AS "changedAt", e.version`;

/** `$1` reconciliation · `$2` status · `$3` type · `$4` owner · `$5` contract · `$6` go on after · `$7` limit */
export const LIST_EXCEPTIONS = `
  SELECT ${EXCEPTION} FROM reconciliation_exception e
  WHERE ($1::uuid IS NULL OR e.reconciliation_id = $1) AND ($2::text IS NULL OR e.status = $2)
    AND ($3::text IS NULL OR e.type = $3) AND ($4::uuid IS NULL OR e.owner_id = $4)
    AND ($5::uuid IS NULL OR e.contract_id = $5) AND ($6::uuid IS NULL OR e.id > $6)
  ORDER BY e.id LIMIT $7`;

export const EXCEPTION_BY_ID = `SELECT ${EXCEPTION} FROM reconciliation_exception e WHERE e.id = $1`;
export const EXCEPTION_FOR_UPDATE = `${EXCEPTION_BY_ID} FOR UPDATE OF e`;

/**
 * What of a rule is not as the action makes it: calls for more than one takes come to an end. `$1` type · `$2` contract ·
 * `$3` reconciliation · `$4` largest difference · `$5` created before · `$6` limit · `$7` action · `$8` owner to be
 */
export const EXCEPTIONS_OF_RULE = `
  SELECT e.id FROM reconciliation_exception e
  WHERE e.status IN ('open', 'disputed') AND e.type = $1 AND ($2::uuid IS NULL OR e.contract_id = $2)
    AND ($3::uuid IS NULL OR e.reconciliation_id = $3)
    AND ($4::bigint IS NULL OR greatest(abs(e.difference_fen), abs(e.fee_difference_fen)) <= $4)
    AND ($5::timestamptz IS NULL OR e.created_at < $5)
    AND NOT ($7 = 'dispute' AND e.status = 'disputed')
    AND NOT ($7 = 'assign' AND e.owner_id IS NOT DISTINCT FROM $8::uuid)
  ORDER BY e.id LIMIT $6 FOR UPDATE OF e`;

/** `$1` id · `$2` status · `$3` owner · `$4` comment · `$5` resolution · `$6` now · `$7` person · `$8` proposal · `$9` contract */
export const CHANGE_EXCEPTION = `
  UPDATE reconciliation_exception e
  SET status = $2, owner_id = $3, comment = $4, resolution = $5, changed_at = $6, changed_by = $7, proposal = $8,
      contract_id = $9, version = e.version + 1
  WHERE e.id = $1 RETURNING ${EXCEPTION}`;

/** `$1` exception · `$2` go on after · `$3` limit */
export const HISTORY = `
  SELECT version, at, by, status, owner_id AS "ownerId", resolution, comment FROM exception_event
  WHERE exception_id = $1 AND ($2::bigint IS NULL OR version > $2) ORDER BY version LIMIT $3`;

/** What of ours a line was matched with by hand. `$1` line of a bill */
export const PAIR_OF = `
  SELECT e.id FROM settlement_allocation AS a JOIN reconciliation_exception AS e
    ON e.resolution = 'matched' AND e.line_id IS NULL AND (e.payment_id = a.payment_id OR e.refund_id = a.refund_id)
  WHERE a.line_id = $1`;

/** Children of what is split, for all that it was about; what is missing has its amount on our side. */
export async function insertParts(
  tx: Tx,
  parent: ExceptionRow,
  parts: readonly { id: string; amountFen: number; comment: string | null }[],
  of: { at: Date; by: string },
): Promise<void> {
  await tx.sql(
    `INSERT INTO reconciliation_exception (id, operator_id, reconciliation_id, type, contract_id, day, payment_id, refund_id,
       expected_id, parent_id, merchant_order_no, merchant_refund_no, ours_fen, theirs_fen, status, comment, created_at,
       changed_at, changed_by)
     SELECT p.id, e.operator_id, e.reconciliation_id, e.type, e.contract_id, e.day, e.payment_id, e.refund_id, e.expected_id,
            e.id, e.merchant_order_no, e.merchant_refund_no, -p."amountFen", 0, 'open', p.comment, $3, $3, $4
     FROM reconciliation_exception AS e,
          jsonb_to_recordset($2) AS p (id uuid, "amountFen" bigint, comment text) WHERE e.id = $1 ORDER BY p.id`,
    [parent.id, asJson(parts), of.at, of.by],
  );
}

/** What a decision about money needs to know beside the exception. */
export interface MoneyRow {
  channel: string | null;
  feeFen: number;
  /** Of what is expected. */
  kind: string | null;
  funderId: string | null;
  /** Contract that carries what of the file belongs to none. */
  carrierId: string | null;
}

export const MONEY_OF = `
  SELECT coalesce(f.channel, p.channel, r.channel, x.channel) AS channel,
         coalesce(CASE WHEN e.parent_id IS NULL THEN l.fee_fen END, 0)::bigint AS "feeFen", x.kind, x.funder_id AS "funderId",
         (SELECT m.contract_id FROM expected_movement AS m
          WHERE m.source_id = e.reconciliation_id AND m.kind = 'channel_remainder') AS "carrierId"
  FROM reconciliation_exception AS e
  LEFT JOIN settlement_line AS l ON l.id = e.line_id LEFT JOIN settlement_file AS f ON f.id = l.file_id
  LEFT JOIN payment AS p ON p.id = e.payment_id LEFT JOIN refund AS r ON r.id = e.refund_id
  LEFT JOIN expected_movement AS x ON x.id = e.expected_id WHERE e.id = $1`;

/** Adds to what was given up of something expected. @returns false when less than that is still missing */
export async function giveUp(tx: Tx, expectedId: string, fen: number): Promise<boolean> {
  const given = await tx.sql(
    `UPDATE expected_movement SET written_off_fen = written_off_fen + $2
     WHERE id = $1 AND abs(matched_fen + written_off_fen + $2) <= abs(amount_fen) RETURNING id`,
    [expectedId, fen],
  );
  return given.length > 0;
}

/**
 * How much of what is expected is open now; more than its exception says, when a match was undone since that was named. Parts
 * speak for themselves.
 */
export async function missingNow(tx: Tx, { expectedId, parentId }: ExceptionRow): Promise<number> {
  if (expectedId === null || parentId !== null) return 0;
  const [{ fen }] = await tx.sql<{ fen: number }>(
    `SELECT abs(amount_fen - matched_fen - written_off_fen) AS fen FROM expected_movement WHERE id = $1`,
    [expectedId],
  );
  return fen;
}

/** Of the other parts that the same difference was split into: what is closed by a word, or proposed to be. */
export interface ClosedBeside {
  closedFen: number;
  /** Of it: written off. */
  writtenOffFen: number;
}

export async function closedBeside(tx: Tx, exceptionId: string): Promise<ClosedBeside> {
  const [beside] = await tx.sql<ClosedBeside>(
    `SELECT coalesce(sum(abs(x.difference_fen)), 0)::bigint AS "closedFen",
            coalesce(sum(abs(x.difference_fen)) FILTER (
              WHERE coalesce(x.resolution, x.proposal->>'resolution') = 'written_off'), 0)::bigint AS "writtenOffFen"
     FROM reconciliation_exception AS e JOIN reconciliation_exception AS x
       ON x.operator_id = e.operator_id AND x.contract_id = e.contract_id AND x.day = e.day AND x.type = e.type
     WHERE e.id = $1 AND e.parent_id IS NOT NULL AND x.parent_id IS NOT NULL AND x.id <> e.id
       AND (x.expected_id = e.expected_id OR x.payment_id = e.payment_id OR x.refund_id = e.refund_id)
       AND (x.status = 'proposed' OR x.resolution <> 'matched')`,
    [exceptionId],
  );
  return beside;
}
