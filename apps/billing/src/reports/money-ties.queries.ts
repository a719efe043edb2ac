import { HELD_ACCOUNTS } from '../ledger/held-money';

/** Of what is expected, as the allocations say. */
const SEEN = `(SELECT coalesce(sum(a.amount_fen), 0) FROM statement_allocation AS a WHERE a.expected_id = e.id AND a.undone_at IS NULL)`;

/** `$1` first day of the month · `$2` contract, or null for all. Each column reads the tables that are named, no others. */
export const MONEY_FIGURES = `
  WITH month AS (SELECT $1::date AS first, ($1::date + interval '1 month')::date AS next),
  taken AS MATERIALIZED (
    SELECT p.id AS payment_id, NULL::uuid AS refund_id, p.amount_fen AS fen FROM payment AS p, month AS m
    WHERE p.channel <> 'bank' AND p.voided_at IS NULL AND p.paid_day >= m.first AND p.paid_day < m.next AND ($2::uuid IS NULL OR p.contract_id = $2)
    UNION ALL
    SELECT NULL, r.id, -r.amount_fen FROM refund AS r JOIN payment AS p ON p.id = r.payment_id, month AS m
    WHERE r.channel <> 'bank' AND r.voided_at IS NULL AND r.refunded_day >= m.first AND r.refunded_day < m.next
      AND ($2::uuid IS NULL OR p.contract_id = $2)),
  of_payments AS (SELECT a.payment_id, a.amount_fen FROM settlement_allocation AS a JOIN taken AS t ON t.payment_id = a.payment_id),
  of_refunds AS (SELECT a.refund_id, a.amount_fen FROM settlement_allocation AS a JOIN taken AS t ON t.refund_id = a.refund_id),
  named AS (
    SELECT DISTINCT ON (e.payment_id, e.refund_id) e.payment_id, e.refund_id, t.fen
    FROM reconciliation_exception AS e JOIN taken AS t ON t.payment_id = e.payment_id OR t.refund_id = e.refund_id
    WHERE e.parent_id IS NULL AND e.type <> 'duplicate_in_bill'
      AND NOT EXISTS (SELECT FROM of_payments AS a WHERE a.payment_id = t.payment_id)
      AND NOT EXISTS (SELECT FROM of_refunds AS a WHERE a.refund_id = t.refund_id)),
  waiting AS (
    SELECT t.fen FROM taken AS t
    WHERE NOT EXISTS (SELECT FROM of_payments AS a WHERE a.payment_id = t.payment_id)
      AND NOT EXISTS (SELECT FROM of_refunds AS a WHERE a.refund_id = t.refund_id)
      AND NOT EXISTS (SELECT FROM reconciliation_exception AS e WHERE e.parent_id IS NULL AND e.type <> 'duplicate_in_bill'
                        AND (e.payment_id = t.payment_id OR e.refund_id = t.refund_id))),
  files AS (SELECT r.id FROM reconciliation AS r, month AS m WHERE r.bill_day >= m.first AND r.bill_day < m.next),
  settling AS (
    SELECT a.amount_fen, coalesce(p.contract_id, paid.contract_id) AS contract_id
    FROM settlement_allocation AS a JOIN files ON files.id = a.reconciliation_id
    LEFT JOIN payment AS p ON p.id = a.payment_id
    LEFT JOIN refund AS r ON r.id = a.refund_id LEFT JOIN payment AS paid ON paid.id = r.payment_id),
  booked AS (
    SELECT l.amount_fen FROM ledger_entry AS e JOIN ledger_line AS l ON l.entry_id = e.id
    JOIN ledger_account AS a ON a.id = l.account_id AND a.kind = 'channel_clearing'
    WHERE ($2::uuid IS NULL OR a.contract_id = $2) AND (
      (e.reason = 'channel_settled' AND e.source_id IN (SELECT id FROM files))
      OR (e.reason IN ('exception_matched', 'exception_unmatched') AND e.source_id IN (
        SELECT x.id FROM reconciliation_exception AS x JOIN files ON files.id = x.reconciliation_id)))),
  payouts AS (
    SELECT e.amount_fen, e.matched_fen, ${SEEN} AS seen FROM expected_movement AS e, month AS m
    WHERE e.kind IN ('channel_settlement', 'channel_remainder') AND e.day >= m.first AND e.day < m.next
      AND ($2::uuid IS NULL OR e.contract_id = $2)),
  -- What the ledger has put on its way for each file and contract.
  in_transit AS (
    SELECT e.source_id AS id, a.contract_id, sum(l.amount_fen) AS fen
    FROM ledger_entry AS e JOIN ledger_line AS l ON l.entry_id = e.id
    JOIN ledger_account AS a ON a.id = l.account_id AND a.kind = 'bank_in_transit'
    WHERE e.reason = 'channel_settled' AND e.source_id IN (SELECT id FROM files) GROUP BY 1, 2),
  -- What of a file is no contract's: of the expectation only who carries it is read.
  carried AS (
    SELECT f.payments_fen - f.refunds_fen - f.fees_fen
             - coalesce((SELECT sum(t.fen) FROM in_transit AS t WHERE t.id = r.id), 0) AS fen
    FROM expected_movement AS e JOIN files ON files.id = e.source_id JOIN reconciliation AS r ON r.id = files.id
    JOIN settlement_file AS f ON f.id = r.settlement_file_id
    WHERE e.kind = 'channel_remainder' AND e.contract_id = $2),
  transfers AS (
    SELECT p.id, p.amount_fen AS fen FROM payment AS p, month AS m
    WHERE p.channel = 'bank' AND p.voided_at IS NULL AND p.paid_day >= m.first AND p.paid_day < m.next AND ($2::uuid IS NULL OR p.contract_id = $2)
    UNION ALL
    SELECT r.id, -r.amount_fen FROM refund AS r JOIN payment AS p ON p.id = r.payment_id, month AS m
    WHERE r.channel = 'bank' AND r.voided_at IS NULL AND r.refunded_day >= m.first AND r.refunded_day < m.next
      AND ($2::uuid IS NULL OR p.contract_id = $2)),
  -- One that was recorded since the last match is not expected yet.
  transferred AS (SELECT t.fen, coalesce(e.amount_fen - e.matched_fen, t.fen) AS open, ${SEEN} AS seen FROM transfers AS t
                  LEFT JOIN expected_movement AS e ON e.source_id = t.id AND e.kind IN ('payment', 'refund')),
  claims AS (SELECT c.id, c.amount_fen FROM claim AS c WHERE c.status <> 'draft' AND c.period = to_char($1::date, 'YYYY-MM')
               AND ($2::uuid IS NULL OR c.contract_id = $2)),
  -- A claim that was submitted since the last match is not expected yet.
  asked AS (SELECT coalesce(e.amount_fen - e.matched_fen, c.amount_fen) AS open, ${SEEN} AS seen FROM claims AS c
            LEFT JOIN expected_movement AS e ON e.source_id = c.id AND e.kind = 'claim'),
  agreed AS (SELECT s.id, s.net_fen FROM contract_settlement AS s, month AS m WHERE s.status IN ('agreed', 'settled')
               AND s.agreed_on >= m.first AND s.agreed_on < m.next AND ($2::uuid IS NULL OR s.contract_id = $2)),
  due AS (SELECT e.amount_fen, e.matched_fen, ${SEEN} AS seen FROM agreed
          JOIN expected_movement AS e ON e.source_id = agreed.id AND e.kind = 'contract_settlement'),
  bank_line AS (SELECT l.id FROM statement_line AS l JOIN statement_account AS a ON a.id = l.account_id AND a.kind = 'bank', month AS m
                WHERE l.booked_on >= m.first AND l.booked_on < m.next),
  matched AS (
    SELECT s.amount_fen FROM statement_allocation AS s JOIN bank_line ON bank_line.id = s.line_id
    LEFT JOIN expected_movement AS e ON e.id = s.expected_id LEFT JOIN reconciliation_exception AS x ON x.id = s.exception_id
    WHERE s.undone_at IS NULL AND ($2::uuid IS NULL OR coalesce(e.contract_id, x.contract_id) = $2)),
  on_bank AS (
    SELECT l.amount_fen FROM ledger_entry AS e JOIN ledger_line AS l ON l.entry_id = e.id
    JOIN ledger_account AS a ON a.id = l.account_id AND a.kind = 'bank'
    WHERE e.reason IN ('bank_matched', 'bank_match_undone') AND ($2::uuid IS NULL OR a.contract_id = $2)
      -- The key says which line: a match of a closed month's line is booked into the next open one.
      AND split_part(e.idempotency_key, ' ', 4)::bigint IN (SELECT id FROM bank_line))
  SELECT
    (SELECT coalesce(sum(fen), 0)::bigint FROM taken) AS "paymentsRecorded",
    (SELECT coalesce(sum(fen), 0)::bigint FROM (SELECT amount_fen AS fen FROM of_payments UNION ALL SELECT amount_fen FROM of_refunds) AS a)
      AS "paymentsSettled",
    (SELECT coalesce(sum(fen), 0)::bigint FROM named) AS "paymentsNamed",
    (SELECT coalesce(sum(fen), 0)::bigint FROM waiting) AS "paymentsWaiting",
    (SELECT coalesce(sum(amount_fen), 0)::bigint FROM settling WHERE $2::uuid IS NULL OR contract_id = $2) AS "filesSettled",
    (SELECT -coalesce(sum(amount_fen), 0)::bigint FROM booked) AS "ledgerSettled",
    -- A file has no contracts: of one, it is what was booked from its lines.
    CASE WHEN $2::uuid IS NULL
      THEN (SELECT coalesce(sum(f.payments_fen - f.refunds_fen - f.fees_fen), 0)::bigint FROM settlement_file AS f, month AS m
            WHERE f.status = 'reconciled' AND f.bill_day >= m.first AND f.bill_day < m.next)
      ELSE (SELECT coalesce(sum(fen), 0)::bigint FROM (
              SELECT fen FROM in_transit WHERE contract_id = $2 UNION ALL SELECT fen FROM carried) AS of_contract)
      END AS "payoutsExpected",
    (SELECT coalesce(sum(seen), 0)::bigint FROM payouts) AS "payoutsSeen",
    (SELECT coalesce(sum(amount_fen - matched_fen), 0)::bigint FROM payouts) AS "payoutsOpen",
    (SELECT coalesce(sum(fen), 0)::bigint FROM transferred) AS "transfersRecorded",
    (SELECT coalesce(sum(seen), 0)::bigint FROM transferred) AS "transfersSeen",
    (SELECT coalesce(sum(open), 0)::bigint FROM transferred) AS "transfersOpen",
    (SELECT coalesce(sum(amount_fen), 0)::bigint FROM claims) AS "claimsSubmitted",
    (SELECT coalesce(sum(seen), 0)::bigint FROM asked) AS "claimsSeen",
    (SELECT coalesce(sum(open), 0)::bigint FROM asked) AS "claimsOpen",
    (SELECT coalesce(sum(net_fen), 0)::bigint FROM agreed) AS "settlementsAgreed",
    (SELECT coalesce(sum(l.amount_fen), 0)::bigint FROM ledger_entry AS e JOIN ledger_line AS l ON l.entry_id = e.id
     JOIN ledger_account AS a ON a.id = l.account_id AND a.kind = 'authority_clearing'
     WHERE e.source_type = 'contract_settlement' AND e.source_id IN (SELECT id FROM agreed)) AS "settlementsBooked",
    (SELECT coalesce(sum(seen), 0)::bigint FROM due) AS "settlementsSeen",
    (SELECT coalesce(sum(amount_fen - matched_fen), 0)::bigint FROM due) AS "settlementsOpen",
    (SELECT coalesce(sum(amount_fen), 0)::bigint FROM matched) AS "bankMatched",
    (SELECT coalesce(sum(amount_fen), 0)::bigint FROM on_bank) AS "ledgerBank",
    (SELECT coalesce(sum(p.amount_fen - p.refunded_fen - coalesce((
       SELECT sum(a.amount_fen) FROM payment_allocation AS a
       WHERE a.payment_id = p.id AND a.applied AND a.ended_at IS NULL), 0)), 0)::bigint
     FROM payment AS p WHERE p.purpose <> 'services' AND ($2::uuid IS NULL OR p.contract_id = $2)) AS "heldForResidents",
    (SELECT -coalesce(sum(l.amount_fen), 0)::bigint FROM ledger_line AS l JOIN ledger_account AS a ON a.id = l.account_id
     WHERE a.kind IN (${HELD_ACCOUNTS.map((kind) => `'${kind}'`).join(', ')}) AND ($2::uuid IS NULL OR a.contract_id = $2)) AS "ledgerHeld"`;
