import type { ExceptionStatus, ExceptionType, Resolution } from './exception';

/** An exception as every statement here answers it. */
export interface ExceptionRow {
  id: string;
  reconciliationId: string;
  type: ExceptionType;
  merchantOrderNo: string;
  merchantRefundNo: string | null;
  lineNo: number | null;
  paymentId: string | null;
  refundId: string | null;
  oursFen: number;
  theirsFen: number;
  differenceFen: number;
  feeDifferenceFen: number;
  status: ExceptionStatus;
  ownerId: string | null;
  comment: string | null;
  resolution: Resolution | null;
  createdAt: Date;
  changedAt: Date;
  version: number;
}

const EXCEPTION = `
  e.id, e.reconciliation_id AS "reconciliationId", e.type, e.merchant_order_no AS "merchantOrderNo",
  e.merchant_refund_no AS "merchantRefundNo", (SELECT l.line_no FROM settlement_line l WHERE l.id = e.line_id) AS "lineNo",
  e.payment_id AS "paymentId", e.refund_id AS "refundId", e.ours_fen AS "oursFen", e.theirs_fen AS "theirsFen",
  e.difference_fen AS "differenceFen", e.fee_difference_fen AS "feeDifferenceFen", e.status, e.owner_id AS "ownerId",
  e.comment, e.resolution, e.created_at AS "createdAt", e.changed_at AS "changedAt", e.version`;

/** `$1` reconciliation · `$2` status · `$3` type · `$4` owner · `$5` go on after · `$6` limit */
export const LIST_EXCEPTIONS = `
  SELECT ${EXCEPTION} FROM reconciliation_exception e
  WHERE ($1::uuid IS NULL OR e.reconciliation_id = $1) AND ($2::text IS NULL OR e.status = $2)
    AND ($3::text IS NULL OR e.type = $3) AND ($4::uuid IS NULL OR e.owner_id = $4)
    AND ($5::uuid IS NULL OR e.id > $5)
  ORDER BY e.id LIMIT $6`;

export const EXCEPTION_BY_ID = `SELECT ${EXCEPTION} FROM reconciliation_exception e WHERE e.id = $1`;
export const EXCEPTION_FOR_UPDATE = `${EXCEPTION_BY_ID} FOR UPDATE OF e`;

/** `$1` id · `$2` status · `$3` owner · `$4` comment · `$5` resolution · `$6` now · `$7` person */
export const CHANGE_EXCEPTION = `
  UPDATE reconciliation_exception e
  SET status = $2, owner_id = $3, comment = $4, resolution = $5, changed_at = $6, changed_by = $7, version = e.version + 1
  WHERE e.id = $1 RETURNING ${EXCEPTION}`;
