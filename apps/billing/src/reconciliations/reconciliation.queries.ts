/*
 * Matching a channel's file against our payments and refunds: each step one statement over all lines. `$1` is always the
 * reconciliation, `$2` the file; the file row says operator, channel, day and which part of the day it holds.
 */

/** One reconciler per operator and channel at a time, so that a payment is not looked at by two. */
export const LOCK_CHANNEL = `SELECT pg_advisory_xact_lock(hashtextextended('reconcile ' || $1 || ' ' || $2, 0))`;

export const FILE_FOR_UPDATE = `
  SELECT id, operator_id AS "operatorId", channel, bill_day AS "billDay", status
  FROM settlement_file WHERE id = $1 FOR UPDATE`;

/** Lines of the file with what they would settle: the payment by our order number, or the refund by ours. */
const FILE = `f AS (SELECT * FROM settlement_file WHERE id = $2)`;
const LINES = `
  line AS (
    SELECT l.*, p.id AS payment_id, NULL::uuid AS refund_id, p.contract_id, p.amount_fen AS ours_fen
    FROM settlement_line l JOIN f ON l.file_id = f.id
    LEFT JOIN payment p ON p.operator_id = f.operator_id AND p.channel = f.channel
                       AND p.merchant_order_no = l.merchant_order_no
    WHERE l.kind = 'payment'
    UNION ALL
    SELECT l.*, NULL, r.id, p.contract_id, r.amount_fen
    FROM settlement_line l JOIN f ON l.file_id = f.id
    LEFT JOIN refund r ON r.operator_id = f.operator_id AND r.channel = f.channel
                      AND r.merchant_refund_no = l.merchant_refund_no
    LEFT JOIN payment p ON p.id = r.payment_id
    WHERE l.kind = 'refund')`;
const SETTLED_BEFORE = `
  EXISTS (SELECT FROM settlement_allocation a WHERE a.payment_id = line.payment_id OR a.refund_id = line.refund_id)`;

/** Order number and amount are the same, and no line has settled it yet: the first such line does. */
export const MATCH_EXACTLY = `
  WITH ${FILE}, ${LINES}
  INSERT INTO settlement_allocation (line_id, operator_id, reconciliation_id, payment_id, refund_id, amount_fen, fee_fen)
  SELECT DISTINCT ON (payment_id, refund_id) id, operator_id, $1, payment_id, refund_id,
         CASE kind WHEN 'payment' THEN amount_fen ELSE -amount_fen END, fee_fen
  FROM line
  WHERE amount_fen = ours_fen AND NOT ${SETTLED_BEFORE}
  ORDER BY payment_id, refund_id, line_no`;

/**
 * Every line that settled nothing becomes an exception: nobody knows it, something was settled by another line already, or
 * the amounts differ. Of several lines with one number the first is looked at, the others are duplicates.
 * `$3` now · `$4` person
 */
export const NAME_OPEN_LINES = `
  WITH ${FILE}, ${LINES},
  open AS (
    SELECT line.*, ${SETTLED_BEFORE} AS settled,
           row_number() OVER (PARTITION BY kind, coalesce(merchant_refund_no, merchant_order_no) ORDER BY line_no) AS nth
    FROM line WHERE NOT EXISTS (SELECT FROM settlement_allocation a WHERE a.line_id = line.id)),
  named AS (
    SELECT open.*, CASE WHEN settled OR nth > 1 THEN 'duplicate_in_bill'
                        WHEN kind = 'payment' AND payment_id IS NULL THEN 'unknown_in_bill'
                        WHEN kind = 'payment' THEN 'amount_mismatch'
                        WHEN refund_id IS NULL THEN 'unknown_refund'
                        ELSE 'refund_mismatch' END AS type,
           CASE kind WHEN 'payment' THEN 1 ELSE -1 END AS sign
    FROM open)
  INSERT INTO reconciliation_exception (id, operator_id, reconciliation_id, type, line_id, payment_id, refund_id,
    merchant_order_no, merchant_refund_no, ours_fen, theirs_fen, status, created_at, changed_at, changed_by)
  SELECT uuidv7(), operator_id, $1, type, id, payment_id, refund_id, merchant_order_no, merchant_refund_no,
         CASE WHEN type IN ('amount_mismatch', 'refund_mismatch') THEN sign * ours_fen ELSE 0 END, sign * amount_fen,
         'open', $3, $3, $4
  FROM named`;

/** What we recorded for the file's day and the file does not have. Days are China's, as the channel closes its books. */
const OURS_OF_THE_DAY = `
  ours AS (
    SELECT p.operator_id, p.id AS payment_id, NULL::uuid AS refund_id, p.merchant_order_no, NULL AS merchant_refund_no,
           p.amount_fen AS ours_fen
    FROM payment p JOIN f ON p.operator_id = f.operator_id AND p.channel = f.channel AND p.paid_day = f.bill_day
    WHERE f.part IN ('all', 'payments') AND (f.site_id IS NULL OR p.site_id = f.site_id)
    UNION ALL
    SELECT r.operator_id, NULL, r.id, p.merchant_order_no, r.merchant_refund_no, -r.amount_fen
    FROM refund r JOIN f ON r.operator_id = f.operator_id AND r.channel = f.channel AND r.refunded_day = f.bill_day
    JOIN payment p ON p.id = r.payment_id
    WHERE f.part IN ('all', 'refunds') AND (f.site_id IS NULL OR p.site_id = f.site_id))`;

/** `$3` now · `$4` person */
export const NAME_MISSING = `
  WITH ${FILE}, ${OURS_OF_THE_DAY}
  INSERT INTO reconciliation_exception (id, operator_id, reconciliation_id, type, payment_id, refund_id,
    merchant_order_no, merchant_refund_no, ours_fen, theirs_fen, status, created_at, changed_at, changed_by)
  SELECT uuidv7(), operator_id, $1, CASE WHEN payment_id IS NULL THEN 'refund_mismatch' ELSE 'missing_in_bill' END,
         payment_id, refund_id, merchant_order_no, merchant_refund_no, ours_fen, 0, 'open', $3, $3, $4
  FROM ours
  WHERE NOT EXISTS (SELECT FROM settlement_allocation a
                    WHERE a.payment_id = ours.payment_id OR a.refund_id = ours.refund_id)
    AND NOT EXISTS (SELECT FROM reconciliation_exception e
                    WHERE e.reconciliation_id = $1 AND e.type IN ('amount_mismatch', 'refund_mismatch')
                      AND (e.payment_id = ours.payment_id OR e.refund_id = ours.refund_id))`;

/**
 * The fee that a line's own rate makes: half a fen up. A refund's line may give its fee back or not: channels differ, and
 * both are right.
 */
const FEE_DUE = `
  due AS (
    SELECT l.*, sign * round(l.amount_fen * l.rate_ppm / 1000000.0)::bigint AS full_fen
    FROM (SELECT l.*, CASE l.kind WHEN 'payment' THEN 1 ELSE -1 END AS sign FROM settlement_line l WHERE l.file_id = $2) l),
  allowed AS (
    SELECT due.*, CASE WHEN rate_ppm IS NULL OR fee_fen = full_fen OR (kind = 'refund' AND fee_fen = 0) THEN fee_fen
                       ELSE full_fen END AS allowed_fen
    FROM due)`;

/** A fee that its rate does not make is named, unless the whole line is a duplicate and named as that. `$3` now · `$4` person */
export const NAME_FEES = `
  WITH ${FEE_DUE}
  INSERT INTO reconciliation_exception (id, operator_id, reconciliation_id, type, line_id, merchant_order_no,
    merchant_refund_no, ours_fen, theirs_fen, fee_difference_fen, status, created_at, changed_at, changed_by)
  SELECT uuidv7(), operator_id, $1, 'fee_mismatch', id, merchant_order_no, merchant_refund_no, sign * amount_fen,
         sign * amount_fen, fee_fen - allowed_fen, 'open', $3, $3, $4
  FROM allowed
  WHERE fee_fen <> allowed_fen
    AND NOT EXISTS (SELECT FROM reconciliation_exception e
                    WHERE e.reconciliation_id = $1 AND e.line_id = allowed.id AND e.type = 'duplicate_in_bill')`;

/** What an earlier file lacked and this one brings is settled after all. `$2` now · `$3` person · `$4` comment */
export const SETTLE_EARLIER = `
  UPDATE reconciliation_exception e
  SET status = 'resolved', resolution = 'explained', comment = $4, changed_at = $2, changed_by = $3,
      owner_id = coalesce(e.owner_id, $3), version = e.version + 1
  FROM settlement_allocation a
  WHERE a.reconciliation_id = $1 AND e.status = 'open' AND e.reconciliation_id <> $1
    AND e.type IN ('missing_in_bill', 'refund_mismatch') AND e.line_id IS NULL
    AND (e.payment_id = a.payment_id OR e.refund_id = a.refund_id)`;

/**
 * The totals, each from its own table: lines as the file has them; ours of the day, and of other days what the file's
 * lines refer to; the exceptions. That they meet is checked by the table (difference_fen = 0).
 */
export const TOTALS = `
  WITH ${FILE}, ${LINES}, ${OURS_OF_THE_DAY}, ${FEE_DUE},
  named AS (SELECT * FROM reconciliation_exception WHERE reconciliation_id = $1),
  counted AS (
    SELECT payment_id, refund_id, ours_fen FROM ours
    WHERE NOT EXISTS (SELECT FROM settlement_allocation a
                      WHERE (a.payment_id = ours.payment_id OR a.refund_id = ours.refund_id) AND a.reconciliation_id <> $1)
    UNION
    SELECT line.payment_id, line.refund_id, CASE kind WHEN 'payment' THEN ours_fen ELSE -ours_fen END FROM line
    WHERE ours_fen IS NOT NULL
      AND NOT EXISTS (SELECT FROM settlement_allocation a
                      WHERE (a.payment_id = line.payment_id OR a.refund_id = line.refund_id)
                        AND a.reconciliation_id <> $1))
  SELECT
    (SELECT count(*) FROM line) AS "lines",
    (SELECT count(*) FROM settlement_allocation WHERE reconciliation_id = $1) AS "matched",
    (SELECT count(*) FROM named) AS "exceptions",
    (SELECT coalesce(sum(CASE kind WHEN 'payment' THEN amount_fen ELSE -amount_fen END), 0)::bigint FROM line) AS "theirsFen",
    (SELECT coalesce(sum(ours_fen), 0)::bigint FROM counted) AS "oursFen",
    (SELECT coalesce(sum(difference_fen), 0)::bigint FROM named) AS "explainedFen",
    (SELECT coalesce(sum(amount_fen), 0)::bigint FROM settlement_allocation WHERE reconciliation_id = $1) AS "settledFen",
    (SELECT coalesce(sum(fee_fen), 0)::bigint FROM line) AS "feesFen",
    (SELECT coalesce(sum(fee_fen - allowed_fen), 0)::bigint FROM allowed WHERE NOT EXISTS (
       SELECT FROM named e WHERE e.line_id = allowed.id AND e.type = 'duplicate_in_bill')) AS "feesOverFen",
    (SELECT coalesce(sum(fee_difference_fen), 0)::bigint FROM named) AS "feesExplainedFen"`;

/** What was settled, by contract: the ledger's entries. */
export const SETTLED_BY_CONTRACT = `
  SELECT p.contract_id AS "contractId", sum(a.amount_fen)::bigint AS "amountFen", sum(a.fee_fen)::bigint AS "feeFen"
  FROM settlement_allocation a
  LEFT JOIN refund r ON r.id = a.refund_id
  JOIN payment p ON p.id = coalesce(a.payment_id, r.payment_id)
  WHERE a.reconciliation_id = $1 GROUP BY p.contract_id ORDER BY p.contract_id`;
