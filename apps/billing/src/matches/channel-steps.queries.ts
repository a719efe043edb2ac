import type { Tx } from '@doorstep/platform';
import { DAYS_MAX, OPEN_LINE, takenApart, type Matched, type MatchOf } from './steps.queries';

/** The channel's own account: its numbers against the lines of its bills, and its payouts against the bank. */
export async function matchChannelAccount(
  tx: Tx,
  { matchId, operatorId, accountId }: MatchOf,
): Promise<Matched> {
  const [{ lines: byId }] = await tx.sql<{ lines: number }>(BY_CHANNEL_ID, [matchId, operatorId, accountId]);
  const [{ lines: payouts }] = await tx.sql<{ lines: number }>(BY_TRANSFER, [matchId, operatorId, accountId]);
  return { channel_id: byId, payout: payouts };
}

const BY_CHANNEL_ID = `
  WITH open AS MATERIALIZED (
    SELECT l.id, l.kind, l.reference_no, l.amount_fen, l.booked_on FROM statement_line AS l
    WHERE ${OPEN_LINE} AND l.kind IN ('trade', 'refund', 'fee') AND l.reference_no IS NOT NULL),
  bill AS MATERIALIZED (
    SELECT b.id, b.kind, coalesce(CASE b.kind WHEN 'refund' THEN b.channel_refund_no END, b.channel_order_no) AS number,
           b.channel_order_no, b.amount_fen, b.fee_fen
    FROM settlement_line AS b JOIN settlement_file AS f ON f.id = b.file_id
    WHERE f.operator_id = $2 AND f.channel = (SELECT channel FROM statement_account WHERE id = $3)
      AND f.bill_day BETWEEN (SELECT min(booked_on) FROM open) - 1 AND (SELECT max(booked_on) FROM open) + 1),
  parts AS (
    SELECT id, 'amount' AS part, number, CASE kind WHEN 'payment' THEN 'trade' ELSE 'refund' END AS kind,
           CASE kind WHEN 'payment' THEN amount_fen ELSE -amount_fen END AS fen FROM bill
    UNION ALL SELECT id, 'fee', number, 'fee', -fee_fen FROM bill WHERE fee_fen <> 0
    UNION ALL SELECT id, 'fee', channel_order_no, 'fee', -fee_fen FROM bill WHERE fee_fen <> 0 AND number <> channel_order_no),
  pairs AS (
    SELECT DISTINCT ON (open.id) open.id AS line_id, parts.id AS bill_line_id, parts.part, parts.fen FROM open
    JOIN parts ON parts.number = open.reference_no AND parts.kind = open.kind AND parts.fen = open.amount_fen
    WHERE NOT EXISTS (SELECT FROM statement_allocation AS a
                      WHERE a.bill_line_id = parts.id AND a.bill_part = parts.part AND a.undone_at IS NULL)
      AND NOT ${takenApart('open.id', 'bill_line_id', 'parts.id')}
    ORDER BY open.id, parts.id),
  once AS (SELECT DISTINCT ON (bill_line_id, part) * FROM pairs ORDER BY bill_line_id, part, line_id),
  written AS (
    INSERT INTO statement_allocation (operator_id, match_id, line_id, bill_line_id, bill_part, amount_fen, step)
    SELECT $2, $1, line_id, bill_line_id, part, fen, 'channel_id' FROM once RETURNING 1)
  SELECT count(*)::int AS lines FROM written`;

/** A payout and the bank's line of it: by the voucher, else the oldest of the same amount within days. */
const BY_TRANSFER = `
  WITH open AS (
    SELECT l.id, l.amount_fen, l.booked_on, upper(l.reference_no) AS voucher,
           row_number() OVER (PARTITION BY l.amount_fen ORDER BY l.booked_on, l.id) AS nth
    FROM statement_line AS l WHERE ${OPEN_LINE} AND l.kind = 'payout'),
  bank AS (
    SELECT b.id, b.amount_fen, b.booked_on, upper(coalesce(b.reference_no, '') || ' ' || b.text) AS words,
           row_number() OVER (PARTITION BY b.amount_fen ORDER BY b.booked_on, b.id) AS nth
    FROM statement_line AS b JOIN statement_account AS a ON a.id = b.account_id
    WHERE b.operator_id = $2 AND a.kind = 'bank' AND b.amount_fen > 0
      AND b.booked_on BETWEEN (SELECT min(booked_on) FROM open) AND (SELECT max(booked_on) FROM open) + ${DAYS_MAX}
      AND EXISTS (SELECT FROM jsonb_array_elements(a.payer_names) AS p
                  WHERE strpos(coalesce(b.counterparty, '') || ' ' || b.text, p ->> 'name') > 0)
      AND NOT EXISTS (SELECT FROM statement_allocation AS x WHERE x.transfer_line_id = b.id AND x.undone_at IS NULL)),
  pairs AS (
    SELECT DISTINCT ON (open.id) open.id AS line_id, bank.id AS bank_id, open.amount_fen FROM open JOIN bank
      ON bank.amount_fen = -open.amount_fen AND bank.booked_on BETWEEN open.booked_on AND open.booked_on + ${DAYS_MAX}
      AND (strpos(bank.words, open.voucher) > 0 OR bank.nth = open.nth)
      AND NOT ${takenApart('open.id', 'transfer_line_id', 'bank.id')}
    ORDER BY open.id, (strpos(bank.words, open.voucher) > 0) DESC, bank.booked_on, bank.id),
  once AS (SELECT DISTINCT ON (bank_id) * FROM pairs ORDER BY bank_id, line_id),
  written AS (
    INSERT INTO statement_allocation (operator_id, match_id, line_id, transfer_line_id, amount_fen, step)
    SELECT $2, $1, line_id, bank_id, amount_fen, 'payout' FROM once RETURNING 1)
  SELECT count(*)::int AS lines FROM written`;
